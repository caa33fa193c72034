import Core
import Files
import Glibc

/// Sorts any number of small values of fixed size in bounded memory: what does not fit goes to the disk in sorted runs, which
/// are merged while they are read.
///
///     var sorter = EntrySorter<MergeEntry>(limit: 16 << 20, folder: folder)
///     try sorter.append(entry)                       // any number of times
///     var sorted = try sorter.finish()
///     while let entry = try sorted.next() { … }
struct EntrySorter<Entry: BitwiseCopyable & Comparable> {
  private let capacity: Int
  private let folder: String
  private var buffer: [Entry] = []
  private var file: SpillFile?
  /// Places of the runs in the file, in entries.
  private var runs: [Range<Int>] = []

  /// `limit`: bytes in memory.
  init(limit: Int, folder: String) {
    capacity = max(16, limit / MemoryLayout<Entry>.stride)
    self.folder = folder
  }

  /// - Throws: `OperationFailure`.
  mutating func append(_ entry: Entry) throws(OperationFailure) {
    buffer.append(entry)
    if buffer.count == capacity { try spill() }
  }

  private mutating func spill() throws(OperationFailure) {
    buffer.sort()
    let file = if let file { file } else { try SpillFile(folder: folder) }
    self.file = file
    let start = file.count / MemoryLayout<Entry>.stride
    try file.append(buffer)
    runs.append(start..<start + buffer.count)
    buffer.removeAll(keepingCapacity: true)
  }

  /// - Throws: `OperationFailure`.
  mutating func finish() throws(OperationFailure) -> Sorted {
    guard let file else {
      buffer.sort()
      return Sorted(buffer)
    }
    if !buffer.isEmpty { try spill() }
    buffer = []
    return try Sorted(file, runs, capacity)
  }

  /// The entries, from the least on.
  struct Sorted {
    /// One run, of which some entries are in memory.
    private struct Run {
      var rest: Range<Int>
      var entries: [Entry]
      var position = 0
    }

    private let file: SpillFile?
    private let chunk: Int
    private var runs: [Run]
    /// Numbers of runs, the one with the least entry first: a binary heap.
    private var heap: [Int] = []

    fileprivate init(_ entries: [Entry]) {
      file = nil
      chunk = 0
      runs = entries.isEmpty ? [] : [Run(rest: 0..<0, entries: entries)]
      heap = Array(runs.indices)
    }

    fileprivate init(_ file: SpillFile, _ ranges: [Range<Int>], _ capacity: Int) throws(OperationFailure) {
      self.file = file
      chunk = max(16, capacity / ranges.count)
      runs = []
      for range in ranges {
        var run = Run(rest: range, entries: [])
        try fill(&run)
        runs.append(run)
      }
      heap = Array(runs.indices)
      heap.sort { runs[$0].entries[0] < runs[$1].entries[0] }
    }

    private func fill(_ run: inout Run) throws(OperationFailure) {
      run.position = 0
      let count = min(chunk, run.rest.count)
      guard count > 0, let file else { return run.entries.removeAll() }
      run.entries = try file.entries(run.rest.lowerBound..<run.rest.lowerBound + count)
      run.rest = run.rest.lowerBound + count..<run.rest.upperBound
    }

    /// - Throws: `OperationFailure`.
    mutating func next() throws(OperationFailure) -> Entry? {
      guard let first = heap.first else { return nil }
      let entry = runs[first].entries[runs[first].position]
      runs[first].position += 1
      if runs[first].position == runs[first].entries.count {
        try fill(&runs[first])
        if runs[first].entries.isEmpty {
          let last = heap.removeLast()
          if heap.isEmpty { return entry }
          heap[0] = last
        }
      }
      sink()
      return entry
    }

    private mutating func sink() {
      var parent = 0
      while true {
        var least = parent
        for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && head(child) < head(least) { least = child }
        if least == parent { return }
        heap.swapAt(parent, least)
        parent = least
      }
    }

    private func head(_ place: Int) -> Entry { runs[heap[place]].entries[runs[heap[place]].position] }
  }
}

extension SpillFile {
  /// Appends values as they lie in memory.
  func append<Entry: BitwiseCopyable>(_ entries: [Entry]) throws(OperationFailure) {
    var failure: OperationFailure?
    entries.withUnsafeBytes { bytes in
      do throws(OperationFailure) { try append(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// The values at these places of a file of nothing else.
  func entries<Entry: BitwiseCopyable>(_ range: Range<Int>) throws(OperationFailure) -> [Entry] {
    var failure: OperationFailure?
    let stride = MemoryLayout<Entry>.stride
    let entries = [Entry](unsafeUninitializedCapacity: range.count) { buffer, count in
      do throws(OperationFailure) {
        try read(
          UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: range.count * stride), at: range.lowerBound * stride)
        count = range.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return entries
  }
}
