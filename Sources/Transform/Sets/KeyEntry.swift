import Core
import Files

/// A key with what its first owner left: 24 bytes, in memory and on the disk.
struct KeyEntry: BitwiseCopyable, Sendable, Comparable {
  var key: KeyDigest
  var value: UInt64

  static func < (left: KeyEntry, right: KeyEntry) -> Bool { left.key < right.key }
  static func == (left: KeyEntry, right: KeyEntry) -> Bool { left.key == right.key }
}

/// Keys of a set that are on the disk: sorted, in blocks of a page, with the first key of each block and a filter in memory. Never changed.
final class KeyRun: Sendable {
  /// How many runs it was merged from, as a power of `KeySet.fanIn`.
  let level: Int
  let count: Int
  private let file: SpillFile
  private let firsts: [KeyDigest]
  private let filter: BloomFilter

  private static let blockEntries = 170
  private static let stride = MemoryLayout<KeyEntry>.stride

  private init(level: Int, count: Int, file: SpillFile, firsts: [KeyDigest], filter: BloomFilter) {
    self.level = level
    self.count = count
    self.file = file
    self.firsts = firsts
    self.filter = filter
  }

  /// The value that was inserted with the key; nil if it is absent. One read of a page at most, by any number of tasks.
  func value(of key: KeyDigest) throws(OperationFailure) -> UInt64? {
    guard filter.mayContain(key), let block = block(of: key) else { return nil }
    let first = block * Self.blockEntries
    let entries = min(Self.blockEntries, count - first)
    var failure: OperationFailure?
    let found: UInt64? = withUnsafeTemporaryAllocation(of: KeyEntry.self, capacity: entries) { page in
      do throws(OperationFailure) {
        try file.read(UnsafeMutableRawBufferPointer(page), at: first * Self.stride)
      } catch {
        failure = error
        return nil
      }
      var (low, high) = (0, entries)
      while low < high {
        let middle = (low + high) / 2
        if page[middle].key < key { low = middle + 1 } else { high = middle }
      }
      return low < entries && page[low].key == key ? page[low].value : nil
    }
    if let failure { throw failure }
    return found
  }

  /// The last block whose first key is not above `key`.
  private func block(of key: KeyDigest) -> Int? {
    var (low, high) = (0, firsts.count)
    while low < high {
      let middle = (low + high) / 2
      if key < firsts[middle] { high = middle } else { low = middle + 1 }
    }
    return low == 0 ? nil : low - 1
  }

  /// Reads a run from its beginning to its end.
  struct Reader {
    private let run: KeyRun
    private var buffer: [KeyEntry] = []
    private var position = 0
    private var next = 0

    init(_ run: KeyRun) { self.run = run }

    mutating func read() throws(OperationFailure) -> KeyEntry? {
      if position == buffer.count {
        let wanted = min(16 * KeyRun.blockEntries, run.count - next)
        guard wanted > 0 else { return nil }
        buffer = [KeyEntry](repeating: KeyEntry(key: .none, value: 0), count: wanted)
        var failure: OperationFailure?
        buffer.withUnsafeMutableBytes { bytes in
          do throws(OperationFailure) { try run.file.read(bytes, at: next * KeyRun.stride) } catch { failure = error }
        }
        if let failure { throw failure }
        next += wanted
        position = 0
      }
      position += 1
      return buffer[position - 1]
    }
  }

  /// Takes entries in order and writes them as a run.
  struct Writer {
    private let file: SpillFile
    private var buffer: [KeyEntry] = []
    private var firsts: [KeyDigest] = []
    private var filter: BloomFilter
    private var count = 0

    init(folder: String, expected: Int, filterLimit: Int) throws(OperationFailure) {
      file = try SpillFile(folder: folder)
      filter = BloomFilter(count: expected, limit: filterLimit)
    }

    mutating func append(_ entry: KeyEntry) throws(OperationFailure) {
      if count % KeyRun.blockEntries == 0 { firsts.append(entry.key) }
      filter.insert(entry.key)
      buffer.append(entry)
      count += 1
      if buffer.count == 64 * KeyRun.blockEntries { try flush() }
    }

    private mutating func flush() throws(OperationFailure) {
      var failure: OperationFailure?
      buffer.withUnsafeBytes { bytes in
        do throws(OperationFailure) { try file.append(bytes) } catch { failure = error }
      }
      if let failure { throw failure }
      buffer.removeAll(keepingCapacity: true)
    }

    mutating func finish(level: Int) throws(OperationFailure) -> KeyRun {
      try flush()
      return KeyRun(level: level, count: count, file: file, firsts: firsts, filter: filter)
    }
  }
}
