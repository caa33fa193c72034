import Core
import Values

/// A record between the two passes of a merge, as bytes in a temporary file of this process:
///
///     size of all (8), state (8), line, offset, fault, element (8 each), key, problems and their bytes (8 each: counts)
///     key, problems, bytes of the problems, cells
struct SpooledRecord {
  enum State: UInt64 {
    /// Rejected already, or filtered.
    case rejected, filtered
    /// Continues: alone, or as the survivor of its group.
    case record
    /// Swallowed: its cells are the survivor's record key (with its line as the number), the survivor's target key and its own.
    case merged
  }

  static let headSize = 72

  let bytes: UnsafePointer<UInt8>

  init(_ bytes: UnsafePointer<UInt8>) { self.bytes = bytes }

  private func word(_ index: Int) -> Int { UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: index * 8, as: Int.self) }

  var size: Int { word(0) }
  var state: State { State(rawValue: UInt64(bitPattern: Int64(word(1)))) ?? .rejected }
  var mark: RecordMark { RecordMark(line: word(2), offset: word(3), faultOffset: word(4), element: word(5)) }
  /// Nil if it has none.
  var key: Text? { word(6) == 0 ? nil : Text(start: bytes + Self.headSize, count: word(6) - 1) }
  private var keySize: Int { max(0, word(6) - 1) }
  private var problemCount: Int { word(7) }
  private var problemBytes: Int { word(8) }
  private static let problemStride = MemoryLayout<Problem>.stride
  private var problemStart: Int { Self.headSize + keySize }
  var cellStart: Int { problemStart + problemCount * Self.problemStride + problemBytes }
  var cells: UnsafePointer<UInt8> { bytes + cellStart }

  /// Adds its problems to a log.
  func replay(into log: inout ProblemLog) {
    guard problemCount > 0 else { return }
    let text = Text(start: bytes + problemStart + problemCount * Self.problemStride, count: problemBytes)
    let start = log.copy(whole: text).start
    // The bytes lie at any address: each problem is copied to where one may be read.
    withUnsafeTemporaryAllocation(of: Problem.self, capacity: 1) { place in
      for index in 0..<problemCount {
        UnsafeMutableRawBufferPointer(place).copyMemory(
          from: UnsafeRawBufferPointer(start: bytes + problemStart + index * Self.problemStride, count: Self.problemStride))
        log.append(place[0].shifted(by: start))
      }
    }
  }

  /// Appends a record; `cells` appends its cells.
  static func append(
    _ state: State, _ mark: RecordMark, key: Text?, log: ProblemLog, into out: inout ByteArena, cells: (inout ByteArena) -> Void
  ) {
    let start = out.pendingCount
    let head = [
      0, Int(state.rawValue), mark.line, mark.offset, mark.faultOffset, mark.element, key.map { $0.count + 1 } ?? 0, log.count,
      log.bytes.count,
    ]
    for word in head { out.append(word: UInt64(bitPattern: Int64(word))) }
    if let key { out.append(key) }
    log.problems.withUnsafeBytes { append($0, into: &out) }
    log.bytes.withUnsafeBytes { append($0, into: &out) }
    cells(&out)
    setSize(from: start, in: &out)
  }

  /// Appends this record with another state and other cells.
  func append(as state: State, into out: inout ByteArena, cells: (inout ByteArena) -> Void) {
    let start = out.pendingCount
    out.append(Text(start: bytes, count: 8))
    out.append(word: state.rawValue)
    out.append(Text(start: bytes + 16, count: cellStart - 16))
    cells(&out)
    Self.setSize(from: start, in: &out)
  }

  private static func append(_ bytes: UnsafeRawBufferPointer, into out: inout ByteArena) {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return }
    out.append(Text(start: base.assumingMemoryBound(to: UInt8.self), count: bytes.count))
  }

  private static func setSize(from start: Int, in out: inout ByteArena) {
    let size = UInt64(out.pendingCount - start)
    for index in 0..<8 { out[pending: start + index] = UInt8(truncatingIfNeeded: size >> (8 * index)) }
  }
}
