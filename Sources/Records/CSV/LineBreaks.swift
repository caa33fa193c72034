import Glibc

/// Where lines end in a stretch of bytes: at LF, CRLF or CR. What was found stays known, so that the bytes are looked
/// through once, also where somebody asks for an earlier place again.
struct LineBreaks {
  private let start: UnsafePointer<UInt8>
  private let count: Int
  private var feed = Found()
  private var `return` = Found()

  /// There is none of its kind from `from` on before `at`.
  private struct Found {
    var from = 0
    var at = -1
  }

  init(_ start: UnsafePointer<UInt8>, _ count: Int) {
    self.start = start
    self.count = count
  }

  /// The end of the line that has `position`, behind its line break, and whether there is one. A return that is the last
  /// byte ends a line: a line feed may follow that belongs to it.
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
