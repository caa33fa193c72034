import Glibc

/// Where lines end in a range of bytes: at LF, CRLF or CR. Results are remembered, so that the bytes are scanned once,
/// even if an earlier position is requested again.
struct LineBreaks {
  private let start: UnsafePointer<UInt8>
  private let count: Int
  private var feed = Found()
  private var `return` = Found()

  /// There is no line break of this kind between `from` and `at`.
  private struct Found {
    var from = 0
    var at = -1
  }

  init(_ start: UnsafePointer<UInt8>, _ count: Int) {
    self.start = start
    self.count = count
  }

  /// The end of the line that contains `position`, after its line break, and whether there is one. A carriage return as the
  /// last byte ends the line, although a line feed that belongs to it may follow.
  mutating func next(from position: Int) -> (end: Int, hasBreak: Bool) {
    find(0x0A, from: position, &feed)
    find(0x0D, from: position, &`return`)
    let first = min(feed.at, `return`.at)
    guard first < count else { return (count, false) }
    let isPair = first == `return`.at && feed.at == first + 1 && feed.at < count
    return (isPair ? first + 2 : first + 1, true)
  }

  private func find(_ byte: Int32, from position: Int, _ found: inout Found) {
    guard position > found.at || position < found.from else { return }
    let next = memchr(start + position, byte, count - position)
    found = Found(from: position, at: next.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) - start } ?? count)
  }
}
