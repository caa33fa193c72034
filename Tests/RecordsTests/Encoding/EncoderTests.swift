import Core
import Testing

@testable import Records

@Suite struct EncoderTests {
  private let arena = TextKeeper()

  private func csv(_ cells: [Cell], _ columns: [RecordLayout.Column], options: CSVRecordEncoder.Options = .init()) -> (
    String, [Int]
  ) {
    let encoder = CSVRecordEncoder(layout: RecordLayout(columns), options: options)
    var out = ByteArena(capacity: 16)
    var escaped: [Int] = []
    out.begin()
    cells.withUnsafeBufferPointer { encoder.encode($0, into: &out) { escaped.append($0) } }
    return (out.finish().string, escaped)
  }

  private func json(_ cells: [Cell], _ columns: [RecordLayout.Column]) -> String {
    let encoder = JSONRecordEncoder(layout: RecordLayout(columns))
    var out = ByteArena(capacity: 16)
    out.begin()
    cells.withUnsafeBufferPointer { encoder.encode($0, into: &out) }
    return out.finish().string
  }

  @Test(
    "CSV cells are quoted only where they must be",
    arguments: [
      ("plain", "plain\n"), ("", "\"\"\n"), (" spaced ", " spaced \n"), ("a,b", "\"a,b\"\n"), ("a\"b", "\"a\"\"b\"\n"),
      ("line\nbreak", "\"line\nbreak\"\n"), ("cr\rhere", "\"cr\rhere\"\n"), ("eight by,te", "\"eight by,te\"\n"),
      ("exactly8", "exactly8\n"), ("=1+1", "'=1+1\n"), ("+49", "'+49\n"), ("-x", "'-x\n"), ("@a", "'@a\n"),
      ("=a,\"b\"", "\"'=a,\"\"b\"\"\"\n"), ("é,ü", "\"é,ü\"\n"),
    ])
  func quoting(text: String, row: String) {
    #expect(csv([arena.string(text)], [.init(path: ["a"])]).0 == row)
  }

  @Test("a formula is escaped and reported, but not where the column is vouched for or the option is off")
  func formulas() {
    #expect(csv([arena.string("=1")], [.init(path: ["a"])]) == ("'=1\n", [0]))
    #expect(csv([arena.string("+1")], [.init(path: ["a"], isVouchedFor: true)]) == ("+1\n", []))
    // What a default or a kept source value brings into such a column is not vouched for.
    #expect(csv([arena.string("=1+1")], [.init(path: ["a"], isVouchedFor: true)]) == ("'=1+1\n", [0]))
    #expect(csv([arena.string("+1*cmd()")], [.init(path: ["a"], isVouchedFor: true)]) == ("'+1*cmd()\n", [0]))
    var options = CSVRecordEncoder.Options()
    options.escapesFormulas = false
    #expect(csv([arena.string("=1")], [.init(path: ["a"])], options: options) == ("=1\n", []))
  }

  @Test("a row of one null column is not a blank line, which readers would skip")
  func oneNull() {
    #expect(csv([.null], [.init(path: ["a"])]).0 == "\"\"\n")
    #expect(csv([.null, .null], [.init(path: ["a"]), .init(path: ["b"])]).0 == ",\n")
  }

  @Test("every kind of cell has its CSV form")
  func csvKinds() {
    let list = arena.list([arena.string("a\"b"), .null, arena.integer(3)])
    let object = Cell(kind: .object, text: arena.text(#"{ "k" : "v, w" }"#))
    let columns = (0..<8).map { RecordLayout.Column(path: ["c\($0)"]) }
    let row = csv(
      [.missing, .null, .boolean(true), .boolean(false), arena.integer(-7), list, object, arena.string("")], columns)
    #expect(row.0 == ",,true,false,-7,\"[\"\"a\\\"\"b\"\",null,3]\",\"{\"\"k\"\":\"\"v, w\"\"}\",\"\"\n")
  }

  @Test("nested targets are dotted headers, in the order of their objects")
  func headers() {
    let columns = [["name"], ["address", "city"], ["status"], ["address", "zip"]].map { RecordLayout.Column(path: $0) }
    let order = RecordLayout.ordered(columns)
    #expect(order == [0, 1, 3, 2])
    var out = ByteArena(capacity: 16)
    out.begin()
    var options = CSVRecordEncoder.Options()
    options.crlf = true
    CSVRecordEncoder(layout: RecordLayout(order.map { columns[$0] }), options: options).encodeHeader(into: &out)
    #expect(out.finish().string == "name,address.city,address.zip,status\r\n")
  }

  @Test("JSON leaves out what is missing, also an object of nothing but missing members")
  func missingMembers() {
    let columns = [["a"], ["b", "c"], ["b", "d", "e"], ["f"]].map { RecordLayout.Column(path: $0) }
    #expect(json([.missing, .missing, .missing, .missing], columns) == "{}")
    #expect(json([.null, .missing, .missing, arena.string("x")], columns) == #"{"a":null,"f":"x"}"#)
    #expect(json([.missing, .missing, .boolean(true), .missing], columns) == #"{"b":{"d":{"e":true}}}"#)
    #expect(
      json([arena.integer(1), .null, .missing, arena.integer(2)], columns) == #"{"a":1,"b":{"c":null},"f":2}"#)
  }

  @Test("nulls can be left out, and text is escaped")
  func nullsAndEscapes() {
    #expect(
      json([.null, arena.string("\"\\\n\u{1}é")], [.init(path: ["a"], omitsNull: true), .init(path: ["b\""])])
        == #"{"b\"":"\"\\\n\u0001é"}"#)
  }
}

/// Keeps the bytes of cells that tests make.
final class TextKeeper {
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  func text(_ string: String) -> Text {
    let bytes = Array(string.utf8)
    let block = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 1)
    block.update(from: bytes, count: bytes.count)
    blocks.append(UnsafeMutableRawPointer(block))
    return Text(start: block, count: bytes.count)
  }

  func string(_ string: String) -> Cell { Cell(kind: .string, text: text(string)) }
  func integer(_ value: Int64) -> Cell { Cell(kind: .integer, text: text(String(value)), number: value) }

  func list(_ cells: [Cell]) -> Cell {
    let block = UnsafeMutablePointer<Cell>.allocate(capacity: cells.count + 1)
    block.update(from: cells, count: cells.count)
    blocks.append(UnsafeMutableRawPointer(block))
    return Cell(kind: .list, pointer: UnsafeRawPointer(block), count: cells.count)
  }
}
