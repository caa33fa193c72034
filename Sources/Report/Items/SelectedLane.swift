import Core
import Transform

/// What is kept of a worker's batch: its output, its items and its problems, or those of a selection.
struct SelectedLane {
  /// Target records.
  let output: [UInt8]
  let items: LaneItems
  let log: ProblemLog
  let counts: TransformCounts

  init(_ lane: TransformLane, _ selection: ItemSelection, of program: Program) {
    let all = lane.items
    let kept = all.keeping(
      all.items.indices.filter { index in
        let item = all.items[index]
        return selection.contains(
          .init(line: item.mark.line, element: item.mark.element),
          key: item.key.map { String(decoding: all.keys[$0], as: UTF8.self) })
      })
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
}
