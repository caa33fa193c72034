extension LaneItems {
  /// Some of the items, with the parts of the worker's outputs that belong to them.
  package struct Selection: Sendable {
    /// Their outputs and problems end where they do once those of the others are taken out.
    package var items: LaneItems
    /// In the worker's `output`.
    package var output: [Range<Int>]
    /// In the worker's `log`.
    package var problems: [Range<Int>]
  }

  /// - Parameter indices: in ascending order.
  package func keeping(_ indices: [Int]) -> Selection {
    var kept = Selection(items: LaneItems(), output: [], problems: [])
    var (output, problems) = (0, 0)
    for index in indices {
      let item = items[index]
      let (ownOutput, ownProblems) = (self.output(of: index), self.problems(of: index))
      output += ownOutput.count
      problems += ownProblems.count
      if !ownOutput.isEmpty { kept.output.append(ownOutput) }
      if !ownProblems.isEmpty { kept.problems.append(ownProblems) }
      kept.items.append(item, key: item.key.map { keys[$0] }, output: output, problems: problems)
    }
    return kept
  }
}
