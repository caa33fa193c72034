import Core
import Files

/// A record that takes part in a merge, by the digest of what it is merged by, then in the order of the input.
struct MergeEntry: BitwiseCopyable, Comparable, Sendable {
  var group: KeyDigest
  /// Of the record in the spool.
  var offset: Int
  /// Its time, as a number that grows; see `MergeTime`.
  var time: Int64

  static func < (left: MergeEntry, right: MergeEntry) -> Bool {
    left.group == right.group ? left.offset < right.offset : left.group < right.group
  }
}

/// The outcome of a record of a group, in the order of the input.
struct MergeDecision: BitwiseCopyable, Comparable, Sendable {
  var offset: Int
  var survivor: Int
  /// Of the group's first record: the group's members, as places in the file of members. Nobody else's.
  var members: Int
  var count: Int

  static func < (left: MergeDecision, right: MergeDecision) -> Bool { left.offset < right.offset }
}

/// The first pass of a merge: takes evaluated records, in the order of the input, keeps them on the disk, and finds out which
/// belong together. Nothing but some buffers stays in memory.
final class MergeSpool {
  private let rule: ProgramRules.Merge
  private let folder: String
  private let memory: Int
  let file: SpillFile
  private var entries: EntrySorter<MergeEntry>

  /// - Throws: `OperationFailure`.
  init(_ rule: ProgramRules.Merge, memory: Int, folder: String) throws(OperationFailure) {
    self.rule = rule
    self.folder = folder
    self.memory = memory
    file = try SpillFile(folder: folder)
    entries = EntrySorter(limit: memory / 2, folder: folder)
  }

  /// Takes a lane's records, whose entries count from the beginning of `records`.
  ///
  /// - Throws: `OperationFailure`.
  func append(_ records: Text, _ lane: [MergeEntry]) throws(OperationFailure) {
    let start = file.count
    try file.append(UnsafeRawBufferPointer(records.buffer))
    for entry in lane {
      var entry = entry
      entry.offset += start
      try entries.append(entry)
    }
  }

  /// All records have been added: returns groups of more than one, as decisions in the order of the input.
  ///
  /// - Throws: `OperationFailure`.
  func finish() throws(OperationFailure) -> (decisions: EntrySorter<MergeDecision>.Sorted, members: SpillFile) {
    var sorted = try entries.finish()
    var decisions = EntrySorter<MergeDecision>(limit: memory / 4, folder: folder)
    let members = try SpillFile(folder: folder)
    let order = MergeOrder(rule.keep)
    var buffer: [MergeEntry] = []
    /// Members of the group that are in the file already.
    var start = 0
    var written = 0
    var first: MergeEntry?
    var survivor: MergeEntry?

    func flush() throws(OperationFailure) {
      try members.append(buffer)
      written += buffer.count
      buffer.removeAll(keepingCapacity: true)
    }
    func close() throws(OperationFailure) {
      if let first, let survivor, buffer.count + written - start > 1 {
        try flush()
        try decisions.append(
          MergeDecision(offset: first.offset, survivor: survivor.offset, members: start, count: written - start))
        var next = start + 1
        while next < written {
          let part: [MergeEntry] = try members.entries(next..<min(next + 4096, written))
          for member in part {
            try decisions.append(MergeDecision(offset: member.offset, survivor: survivor.offset, members: 0, count: 0))
          }
          next += part.count
        }
      }
      buffer.removeAll(keepingCapacity: true)
      start = written
    }
    while let entry = try sorted.next() {
      if entry.group != first?.group {
        try close()
        (first, survivor) = (entry, entry)
      } else if let best = survivor, order.prefers(entry, to: best) {
        survivor = entry
      }
      buffer.append(entry)
      if buffer.count == 4096 { try flush() }
    }
    try close()
    return (try decisions.finish(), members)
  }
}

/// Which of two records of a group takes precedence.
struct MergeOrder {
  private let keep: MergeRule.Keep

  init(_ keep: MergeRule.Keep) { self.keep = keep }

  /// `entry` comes later in the input than `best`, or is the same.
  func prefers(_ entry: MergeEntry, to best: MergeEntry) -> Bool {
    switch keep {
    case .first: false
    case .last: true
    case .newest: entry.time >= best.time
    // No time at all is never the oldest.
    case .oldest: entry.time != MergeTime.none && (best.time == MergeTime.none || entry.time < best.time)
    }
  }
}
