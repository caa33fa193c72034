import Core

/// The layout of a target record's columns in its output: their order, their CSV header, and where nested objects open and
/// close in JSON. Made once per program; encoders only follow it.
package struct RecordLayout: Sendable {
  package struct Column: Sendable, Hashable {
    /// `["address", "city"]`
    package var path: [String]
    package var omitsNull: Bool
    /// The field's function guarantees that the text is not a spreadsheet formula: phones, numbers, dates, codes.
    package var isVouchedFor: Bool

    package init(path: [String], omitsNull: Bool = false, isVouchedFor: Bool = false) {
      self.path = path
      self.omitsNull = omitsNull
      self.isVouchedFor = isVouchedFor
    }

    package var name: String { path.joined(separator: ".") }
  }

  /// A step of writing a record as JSON. Keys are `,"name":`; the comma is left out for an object's first member.
  enum Step: Sendable {
    case leaf(column: Int, key: Range<Int>)
    /// Opens an object whose members are the columns in `columns`; `close` is the index of its closing step.
    case open(key: Range<Int>, columns: Range<Int>, close: Int)
    case close
  }

  package let columns: [Column]
  let steps: [Step]
  let keys: [UInt8]

  /// The order in which columns must be given: that of `columns`, but with the members of an object together.
  package static func ordered(_ columns: [Column]) -> [Int] {
    var order: [Int] = []
    func add(_ candidates: [Int], depth: Int) {
      var done: Set<Name> = []
      for index in candidates {
        let path = columns[index].path
        guard depth < path.count - 1 else {
          order.append(index)
          continue
        }
        guard done.insert(Name(path[depth])).inserted else { continue }
        let members = candidates.filter { columns[$0].path.count > depth + 1 && columns[$0].path[depth].isExactly(path[depth]) }
        add(members, depth: depth + 1)
      }
    }
    add(Array(columns.indices), depth: 0)
    return order
  }

  /// `columns` must be in the order that `ordered` gives.
  package init(_ columns: [Column]) {
    self.columns = columns
    var steps: [Step] = []
    var keys: [UInt8] = []
    func key(_ name: String) -> Range<Int> {
      let start = keys.count
      keys += Array(",\(JSONValue.string(name).text):".utf8)
      return start..<keys.count
    }
    func add(_ range: Range<Int>, depth: Int) {
      var index = range.lowerBound
      while index < range.upperBound {
        let path = columns[index].path
        if depth == path.count - 1 {
          steps.append(.leaf(column: index, key: key(path[depth])))
          index += 1
          continue
        }
        var end = index + 1
        while end < range.upperBound, columns[end].path.count > depth + 1, columns[end].path[depth].isExactly(path[depth]) {
          end += 1
        }
        let open = steps.count
        let name = key(path[depth])
        steps.append(.close)
        add(index..<end, depth: depth + 1)
        steps[open] = .open(key: name, columns: index..<end, close: steps.count)
        steps.append(.close)
        index = end
      }
    }
    add(columns.indices, depth: 0)
    self.steps = steps
    self.keys = keys
  }
}
