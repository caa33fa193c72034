import Core
import Testing

@Suite struct ArenaTests {
  @Test("values stay where they are until the arena is reset", arguments: [1, 7, 64])
  func values(capacity: Int) {
    var arena = ByteArena(capacity: capacity)
    for _ in 0..<3 {
      var texts: [(text: Text, expected: String)] = []
      for number in 0..<200 {
        let expected = String(repeating: "v\(number)", count: number % 9)
        arena.begin()
        for byte in expected.utf8 { arena.append(byte) }
        texts.append((arena.finish(), expected))
      }
      #expect(texts.allSatisfy { $0.text.string == $0.expected })
      #expect(arena.heldBytes == texts.reduce(0) { $0 + $1.text.count })
      arena.reset()
      #expect(arena.heldBytes == 0)
    }
  }

  @Test func `a value being made can be looked at, shortened and moved`() {
    var arena = ByteArena(capacity: 2)
    arena.begin()
    arena.append("abcdef")
    #expect(arena.pendingCount == 6)
    arena.removeLast(2)
    arena[pending: 0] = UInt8(ascii: "x")
    #expect(arena[pending: 3] == UInt8(ascii: "d"))
    #expect(arena.withPending(\.string) == "xbcd")
    let isEqual = (arena.pendingEquals("cd".utf8.span, from: 2), arena.pendingEquals("cde".utf8.span, from: 2))
    #expect(isEqual == (true, false))
    #expect(arena.finish().string == "xbcd")
    #expect(arena.pendingCount == 0)
  }

  @Test(
    "numbers and scalars are written as text",
    arguments: [(Int64.min, "-9223372036854775808"), (-1, "-1"), (0, "0"), (42, "42"), (.max, "9223372036854775807")])
  func numbers(value: Int64, expected: String) {
    var arena = ByteArena(capacity: 1)
    arena.begin()
    arena.append(decimal: value)
    #expect(arena.finish().string == expected)
  }

  @Test("scalars are written as UTF-8", arguments: ["a", "é", "€", "😀", "\u{0}", "\u{10FFFF}"])
  func scalars(text: String) throws {
    var arena = ByteArena(capacity: 1)
    arena.begin()
    arena.append(scalar: try #require(text.unicodeScalars.first))
    #expect(arena.finish().string == text)
  }

  @Test("digits are padded with zeros", arguments: [(7, 2, "07"), (42, 2, "42"), (123, 2, "123"), (0, 4, "0000")])
  func padding(value: Int, width: Int, expected: String) {
    var arena = ByteArena(capacity: 1)
    arena.begin()
    arena.append(decimal: value, width: width)
    #expect(arena.finish().string == expected)
  }

  @Test func `lists stay where they are until the arena is reset`() {
    var arena = CellArena(capacity: 1)
    for _ in 0..<2 {
      var lists: [(cells: UnsafeMutableBufferPointer<Cell>, number: Int64)] = []
      for number in 0..<100 {
        let cells = arena.take(number % 7)
        for index in cells.indices { cells[index] = Cell(kind: .integer, number: Int64(number)) }
        lists.append((cells, Int64(number)))
      }
      #expect(lists.allSatisfy { list in list.cells.allSatisfy { $0.number == list.number } })
      arena.reset()
    }
  }

  @Test func `a batch keeps its bytes when it grows, and gives memory back`() {
    let batch = RecordBatch(capacity: 4)
    for byte in UInt8(0)..<4 { batch.base[Int(byte)] = byte }
    batch.count = 4
    batch.reserve(1_000)
    #expect(batch.capacity >= 1_000 && batch.bytes.elementsEqual([0, 1, 2, 3]))
    batch.shrink(to: 2)
    #expect(batch.capacity >= 1_000, "what is in use stays")
    batch.removeAll()
    batch.shrink(to: 2)
    #expect(batch.capacity == 2 && batch.count == 0 && batch.items.isEmpty)
  }
}
