import Core

/// Makes input lines for the generated mappings: members that are absent, null, blank, of the declared type at its edges, and of other
/// types; records without a key; lines that are not records at all.
struct RecordGenerator {
  struct Line {
    var bytes: [UInt8]
    /// What the line holds; nil where it cannot be read as a record.
    var record: PlainJSON?
    /// A member occurs twice: an error where the mapping reads it.
    var hasDoubles = false
  }

  var random: SplitMix64

  static let texts = [
    "", " ", "\u{3000}\t", "a", " Ada ", "null", "None", "nil", "undefined", "NaN", "true", "no", "0", "-0", "12", "012", "12.50",
    "1e5",
    "lead", "customer", " Lead", "Pro", "é", "e\u{301}", "ﬁ", "ß", "İ", "日本", "👩‍👩‍👧", "=1+1", "+41 44 668 18 00", "-5", "@x", "a,b",
    "a\"b",
    "a\nb", "\t x", "a\u{0}b", "'q", "a;b;;c", "<b>x</b> &amp; y", "ada@example.com", "ADA@Example.COM ", "no address",
    "(415) 555-2671",
    "020 7946 0958", "2024-03-10", "2024-03-10T02:30:00", "2024-03-10T12:30:00.500Z", "2024-11-03 01:30:00", "03/10/2024",
    "1625203106704", "US", "Germany", "de", "https://Example.com/a?b", "not a url", "94105", "Dr. Ada King, PhD", "\u{7F}\u{85}",
  ]
  static let wholes = [
    "0", "-0", "1", "-1", "7", "42", "1625203106704", "9223372036854775807", "-9223372036854775808", "999999999999999999",
  ]
  static let numbers = [
    "9223372036854775808", "-9223372036854775809", "123456789012345678901234567890", "3.0", "0.1", "-12.50", "1e5", "1E400",
    "-1e400",
    "1e-400", "2.5E+3", "0.0", "-0.0", "0.1000000000000000000000000000001", "1e2147483648", "12.5",
  ]

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  mutating func line(_ number: Int) -> Line {
    if random.once(in: 16) { return broken() }
    if random.once(in: 24) { return Line(bytes: random.one(of: [[], [0x20], [0x09, 0x0D]])) }
    var members: [(name: String, value: PlainJSON)] = []
    switch random.number(below: 24) {
    case 0: break
    case 1: members.append(("id", random.one(of: [.null, .text(" "), .list([]), .bool(true), .object([])])))
    case 2: members.append(("id", .number(random.one(of: Self.wholes + Self.numbers))))
    case 3: members.append(("id", .text("same")))
    default: members.append(("id", .text("r\(number)")))
    }
    for field in PropertySource.fields.dropFirst() where !random.once(in: 6) {
      members.append((field.name, value(of: field.kind)))
    }
    if !random.once(in: 4) {
      var fields: [PlainJSON] = []
      for custom in PropertySource.customs where !random.once(in: 4) {
        fields.append(.object([("id", .text(custom.definition.id)), ("value", value(of: custom.kind))]))
      }
      // Some occur twice, and differ; others are not what the API returns.
      if random.once(in: 15), let field = fields.first, let id = field.member("id") {
        fields.append(.object([("id", id), ("value", .text("another"))]))
      }
      if random.once(in: 15) {
        let strays: [PlainJSON] = [.text("f1"), .null, .list([.text("f1")]), .object([("value", .text("x"))]), .object([])]
        fields.insert(random.one(of: strays), at: random.number(below: fields.count + 1))
      }
      let others: [PlainJSON] = [.text("f1"), .object([("f1", .text("x"))]), .text(""), .null]
      members.append(("customFields", random.once(in: 20) ? random.one(of: others) : .list(fields)))
    }
    members.shuffle(using: &random)
    var hasDoubles = false
    if !members.isEmpty, random.once(in: 30) {
      let twice = random.one(of: members)
      members.append((twice.name, random.once(in: 2) ? twice.value : .null))
      hasDoubles = true
    }
    let record = PlainJSON.object(members)
    return Line(bytes: Array(written(record).utf8), record: record, hasDoubles: hasDoubles)
  }

  /// A value for a member: mostly of its type.
  mutating func value(of kind: PropertySource.Kind, depth: Int = 0) -> PlainJSON {
    switch random.number(below: 14) {
    case 0: return .null
    case 1: return .text(random.one(of: ["", " ", "\u{A0}"]))
    case 2: return depth > 2 ? .null : other(depth)
    default: break
    }
    switch kind {
    case .text: return .text(text())
    case .integer: return .number(random.one(of: Self.wholes))
    case .decimal, .number: return .number(random.one(of: Self.wholes + Self.numbers))
    case .boolean: return .bool(random.once(in: 2))
    case .any: return other(depth)
    case .either(let one, let second): return value(of: random.once(in: 2) ? one : second, depth: depth + 1)
    case .list(let element):
      let count = random.one(of: [0, 1, 1, 2, 3, 5])
      return .list((0..<count).map { _ in value(of: element, depth: depth + 1) })
    case .object(let members):
      let known = members.isEmpty ? [("url", PropertySource.Kind.text), ("size", .integer)] : members
      return .object(known.compactMap { member in random.once(in: 6) ? nil : (member.0, value(of: member.1, depth: depth + 1)) })
    }
  }

  /// A value of any type.
  private mutating func other(_ depth: Int) -> PlainJSON {
    switch random.number(below: depth > 2 ? 4 : 7) {
    case 0: .text(text())
    case 1: .number(random.one(of: Self.wholes))
    case 2: .number(random.one(of: Self.numbers))
    case 3: .bool(random.once(in: 2))
    case 4: .list((0..<random.number(below: 4)).map { _ in random.once(in: 5) ? .null : other(depth + 1) })
    case 5: .object([("kind", other(depth + 1)), ("a b", .text(text()))])
    default: .text(String(repeating: text(), count: random.one(of: [3, 40])))
    }
  }

  private mutating func text() -> String {
    if !random.once(in: 12) { return random.one(of: Self.texts) }
    let scalars: [Unicode.Scalar] = (0..<random.number(below: 12)).map { _ in
      Unicode.Scalar(UInt32(random.number(below: random.one(of: [0x80, 0x250, 0x3100, 0x11_0000])))) ?? "?"
    }
    return String(String.UnicodeScalarView(scalars))
  }

  /// A line that is not a record, or not UTF-8.
  private mutating func broken() -> Line {
    let whole = Array(#"{"id":"r0","name":"x","tags":["a"],"count":12}"#.utf8)
    switch random.number(below: 7) {
    case 0: return Line(bytes: Array(whole.prefix(1 + random.number(below: whole.count - 1))))
    case 1:
      return Line(bytes: Array(#"{"id":"r0","name":""#.utf8) + [random.one(of: [0xC0, 0xFF, 0x80, 0xED])] + Array(#"x"}"#.utf8))
    case 2:
      return Line(bytes: Array(random.one(of: ["[1]", "\"text\"", "12", "null", "tru", "{}}", "{\"a\":01}", "{\"a\":1,}"]).utf8))
    case 3: return Line(bytes: Array(#"{"id":"r0","name":"\ud800"}"#.utf8))
    case 4: return Line(bytes: Array("{\"id\":\"r0\",\"name\":\"a\u{1}b\"}".utf8))
    case 5: return Line(bytes: Array(String(repeating: "[", count: 1_100).utf8))
    default: return Line(bytes: Array(#"{"id":"r0" "name":"x"}"#.utf8))
    }
  }

  /// With white space and escapes that change nothing.
  private mutating func written(_ value: PlainJSON) -> String {
    func space(_ random: inout SplitMix64) -> String { random.once(in: 12) ? random.one(of: [" ", "  ", "\t"]) : "" }
    switch value {
    case .text(let text): return random.once(in: 8) ? escaped(text) : PlainJSON.quoted(text)
    case .list(let elements):
      let inner = elements.map { space(&random) + written($0) + space(&random) }
      return "[" + inner.joined(separator: ",") + "]"
    case .object(let members):
      let inner = members.map {
        space(&random) + PlainJSON.quoted($0.name) + space(&random) + ":" + space(&random) + written($0.value)
      }
      return "{" + inner.joined(separator: ",") + space(&random) + "}"
    default: return value.text
    }
  }

  /// Every UTF-16 unit as `\uXXXX`.
  private func escaped(_ text: String) -> String {
    let units = text.utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    return "\"" + units.joined() + "\""
  }
}
