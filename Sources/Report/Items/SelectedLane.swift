import Core
import Transform

/// What is kept of a worker's batch: its output, its items and its problems, or those of a selection.
struct SelectedLane {
  /// Target records.
  let output: [UInt8]
  /// Of the items that are kept, in the batch.
  let indices: [Int]
  let items: LaneItems
  let log: ProblemLog
  let counts: TransformCounts

  init(_ lane: TransformLane, _ selection: ItemSelection, of program: Program) {
    let all = lane.items
    indices = all.items.indices.filter { index in
      let item = all.items[index]
      let isSelected = selection.contains(
        .init(line: item.mark.line, element: item.mark.element),
        key: item.key.map { String(decoding: all.keys[$0], as: UTF8.self) })
      guard isSelected, item.outcome == .merged else { return isSelected }
      return Self.isSent(lane.log.problems[all.problems(of: index)], in: lane.log, selection, program)
    }
    let kept = all.keeping(indices)
    let text = lane.output.withPending { $0 }
    var output: [UInt8] = []
    for range in kept.output { output += text[range].buffer }
    var log = lane.log
    log.replaceAll(kept.problems.flatMap { lane.log.problems[$0] })
    self.output = output
    items = kept.items
    self.log = log
    counts = TransformCounts(kept.items.items, log.problems, of: program)
  }

  /// Whether a merged record's values are sent: it gave none to the record it was merged into, or that one is selected too.
  ///
  /// - Parameter problems: of the merged record.
  private static func isSent(
    _ problems: ArraySlice<Problem>, in log: ProblemLog, _ selection: ItemSelection, _ program: Program
  ) -> Bool {
    guard let merge = program.model.merge, merge.others != nil || !merge.fields.isEmpty else { return true }
    guard case .other(let line, let key)? = problems.last(where: { $0.code == .merged })?.detail else { return false }
    let survivor = OpenItems.Item(
      mapping: Name(program.model.name), line: line, record: key.isEmpty ? nil : Name(log.text(key)))
    let element = survivor.element(hasEach: program.model.each != nil)
    return selection.contains(.init(line: line, element: element), key: survivor.key(element: element)?.text)
  }
}
