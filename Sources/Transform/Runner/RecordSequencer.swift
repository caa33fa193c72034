import Core

/// Decides on records in the order of the input: which is the first with a `unique` key, and which keys a mapping lets
/// through. One task at a time, so that the result is the same for any number of them.
final class RecordSequencer {
  /// A violation of a `unique` rule by an item.
  struct Clash {
    /// Of the lane's items.
    var item: Int
    var rule: Int
    var severity: Severity
    /// The line of the first record with this key.
    var line: Int
  }

  private let rules: [ProgramRules.Unique]
  private let sets: [KeySet]
  private let registry: KeyRegistry?

  init(_ program: Program, registry: KeyRegistry?, memory: Int, folder: String) {
    rules = program.rules.unique
    self.registry = registry
    let share = memory / max(1, rules.count)
    sets = rules.map { _ in KeySet(limit: share, folder: folder) }
  }

  /// The clashes of a lane's items, in their order. What is let through holds its keys from now on; an item with an error
  /// holds none.
  ///
  /// - Throws: `OperationFailure`.
  func judge(_ sequence: LaneSequence, _ items: LaneItems) throws(OperationFailure) -> [Clash] {
    var clashes: [Clash] = []
    for index in sequence.items.indices {
      switch items.items[index].outcome {
      case .written:
        let isLetThrough = try judge(sequence, index, line: items.items[index].mark.line, &clashes)
        if isLetThrough { try registry?.insert(sequence.items[index].target) }
      case .merged: try noteMerge(sequence, index)
      default: break
      }
    }
    return clashes
  }

  private func judge(
    _ sequence: LaneSequence, _ index: Int, line: Int, _ clashes: inout [Clash]
  ) throws(OperationFailure) -> Bool {
    let item = sequence.items[index]
    let line = UInt64(line)
    if rules.count == 1 {
      let digest = sequence.digests[item.first]
      guard !digest.isNone, let first = try sets[0].insert(digest, value: line) else { return true }
      clashes.append(Clash(item: index, rule: 0, severity: rules[0].severity, line: Int(first)))
      return rules[0].severity != .error
    }
    let known = clashes.count
    for rule in rules.indices {
      let digest = sequence.digests[item.first + rule]
      guard !digest.isNone, let first = try sets[rule].value(of: digest) else { continue }
      clashes.append(Clash(item: index, rule: rule, severity: rules[rule].severity, line: Int(first)))
    }
    guard !clashes[known...].contains(where: { $0.severity == .error }) else { return false }
    for rule in rules.indices {
      let digest = sequence.digests[item.first + rule]
      if !digest.isNone { _ = try sets[rule].insert(digest, value: line) }
    }
    return true
  }

  /// A survivor comes before those that it swallowed; if it was rejected, nothing refers to it.
  private func noteMerge(_ sequence: LaneSequence, _ index: Int) throws(OperationFailure) {
    guard let registry else { return }
    let item = sequence.items[index]
    guard try registry.contains(item.survivor) else { return }
    var failure: OperationFailure?
    sequence.bytes[item.survivorKey].withUnsafeBufferPointer { bytes in
      do throws(OperationFailure) { try registry.insert(item.target, survivor: bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
