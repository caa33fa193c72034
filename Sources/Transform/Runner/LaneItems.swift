package import Core

/// How the items of a batch ended, in the order of the input. An item is a record, or with `each` an element of its list.
///
/// Each item also has where its parts end in the outputs of its worker, so that nobody has to find them by looking through
/// these:
///
///     items    c1 written      c2 rejected    c3 written
///     output   {…c1…}\n                       {…c3…}\n
///              └ outputEnd ──┘ └ (the same) ┘ └ outputEnd
package struct LaneItems: Sendable {
  package struct Item: Sendable {
    package let mark: RecordMark
    package fileprivate(set) var outcome: Outcome
    /// The bytes of its source key, in `keys`; nil where it has none.
    package let key: Range<Int>?
    /// The end of its target record in the worker's `output`.
    package fileprivate(set) var outputEnd: Int
    /// The end of what its fields became, in the worker's `refused`.
    package let refusedEnd: Int
    /// The end of its problems in the worker's `log`.
    package fileprivate(set) var problemsEnd: Int
  }

  package private(set) var items: [Item] = []
  package private(set) var keys: [UInt8] = []

  mutating func removeAll() {
    items.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
  }

  mutating func append(_ outcome: Outcome, _ mark: RecordMark, key: Text?, output: Int, refused: Int, problems: Int) {
    var range: Range<Int>?
    if let key {
      range = keys.count..<keys.count + key.count
      keys.append(contentsOf: key.buffer)
    }
    items.append(Item(mark: mark, outcome: outcome, key: range, outputEnd: output, refusedEnd: refused, problemsEnd: problems))
  }

  /// An item of other `LaneItems`, with other ends; what its fields became is left out.
  mutating func append(_ item: Item, key: ArraySlice<UInt8>?, output: Int, problems: Int) {
    var range: Range<Int>?
    if let key {
      range = keys.count..<keys.count + key.count
      keys += key
    }
    items.append(
      Item(mark: item.mark, outcome: item.outcome, key: range, outputEnd: output, refusedEnd: 0, problemsEnd: problems))
  }

  /// The outcome was overridden after the item ended.
  mutating func change(_ index: Int, to outcome: Outcome, output: Int, problems: Int) {
    items[index].outcome = outcome
    items[index].outputEnd = output
    items[index].problemsEnd = problems
  }

  /// The parts of an item in the worker's outputs.
  package func output(of index: Int) -> Range<Int> { start(of: index, \.outputEnd)..<items[index].outputEnd }
  package func refused(of index: Int) -> Range<Int> { start(of: index, \.refusedEnd)..<items[index].refusedEnd }
  package func problems(of index: Int) -> Range<Int> { start(of: index, \.problemsEnd)..<items[index].problemsEnd }

  private func start(of index: Int, _ end: KeyPath<Item, Int>) -> Int { index == 0 ? 0 : items[index - 1][keyPath: end] }

  /// The key as ledgers name the record: with the element's number behind `#` where there is one. Nil where it has none.
  package func name(of index: Int) -> String? {
    guard let key = items[index].key else { return nil }
    let text = String(decoding: keys[key], as: UTF8.self)
    let element = items[index].mark.element
    return element < 0 ? text : "\(text)#\(element)"
  }
}
