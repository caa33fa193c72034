package import Core
import Files
import Synchronization
import Values

/// The target keys that a mapping let through, for the mappings that reference it; and of those whose records were merged, the
/// survivor's key. Bounded in memory as `KeySet` is.
///
/// It is filled by one task, in the order of the input; then any number of tasks ask it.
package final class KeyRegistry: @unchecked Sendable {
  enum Answer {
    case absent, present
    /// The key of the record that swallowed this one; its bytes lie in the arena that was given.
    case survivor(Cell)
  }

  /// What key lookups have shown.
  package struct Usage: Sendable, Equatable {
    package var wasAsked = false
    package var hadKey = false
    /// A key that is missing is the name of the column that the keys come from.
    package var missedTitle = false
  }

  private let wasAsked = Atomic(false)
  private let hadKey = Atomic(false)
  private let missedTitle = Atomic(false)
  /// The name of the column that the keys come from.
  package var title: KeyDigest?
  private let keys: KeySet
  private let survivors: SpillFile
  /// Survivors' keys that have not been written yet, after those of the file.
  private var pending = ByteArena(capacity: 4096)
  private var pendingStart = 0

  /// - Throws: `OperationFailure`.
  package init(limit: Int = KeySet.standardLimit, folder: String) throws(OperationFailure) {
    keys = KeySet(limit: limit, folder: folder)
    survivors = try SpillFile(folder: folder)
    pending.begin()
  }

  package var count: Int { keys.count }

  /// - Throws: `OperationFailure`.
  package func insert(_ key: KeyDigest) throws(OperationFailure) {
    if !key.isNone { _ = try keys.insert(key) }
  }

  func contains(_ key: KeyDigest) throws(OperationFailure) -> Bool {
    guard !key.isNone else { return false }
    return try keys.value(of: key) != nil
  }

  /// `survivor`: a cell as `CellBytes` writes it.
  func insert(_ key: KeyDigest, survivor: UnsafeBufferPointer<UInt8>) throws(OperationFailure) {
    guard !key.isNone, let base = survivor.baseAddress else { return }
    let place = UInt64(pendingStart + pending.pendingCount)
    guard try keys.insert(key, value: place + 1) == nil else { return }
    pending.append(word: UInt64(survivor.count))
    pending.append(Text(start: base, count: survivor.count))
    if pending.pendingCount > 256 * 1024 { try flush() }
  }

  /// Ends insertion. Call it before the first lookup.
  ///
  /// - Throws: `OperationFailure`.
  package func seal() throws(OperationFailure) { try flush() }

  package var usage: Usage {
    Usage(
      wasAsked: wasAsked.load(ordering: .acquiring), hadKey: hadKey.load(ordering: .acquiring),
      missedTitle: missedTitle.load(ordering: .acquiring))
  }

  /// Begins to observe again.
  package func resetUsage() {
    wasAsked.store(false, ordering: .releasing)
    hadKey.store(false, ordering: .releasing)
    missedTitle.store(false, ordering: .releasing)
  }

  /// Tasks share the flag: it is written once.
  private static func set(_ flag: borrowing Atomic<Bool>) {
    if !flag.load(ordering: .relaxed) { flag.store(true, ordering: .releasing) }
  }

  private func flush() throws(OperationFailure) {
    let bytes = pending.withPending { $0 }
    try survivors.append(UnsafeRawBufferPointer(bytes.buffer))
    pendingStart = survivors.count
    pending.reset()
    pending.begin()
  }

  func find(_ key: KeyDigest, into arena: inout ByteArena, _ lists: inout CellArena) throws(OperationFailure) -> Answer {
    Self.set(wasAsked)
    guard let value = try keys.value(of: key) else {
      if key == title { Self.set(missedTitle) }
      return .absent
    }
    Self.set(hadKey)
    guard value > 0 else { return .present }
    var count: UInt64 = 0
    var failure: OperationFailure?
    withUnsafeMutableBytes(of: &count) { bytes in
      do throws(OperationFailure) { try survivors.read(bytes, at: Int(value - 1)) } catch { failure = error }
    }
    if let failure { throw failure }
    let length = Int(UInt64(littleEndian: count))
    arena.begin()
    try survivors.read(UnsafeMutableRawBufferPointer(start: arena.reserve(length), count: length), at: Int(value + 7))
    arena.take(length)
    return .survivor(CellBytes.read(arena.finish().start, &lists).cell)
  }
}
