/// A source path as written, split into parts with the offset of each (in characters):
/// `address.lines[0]`, `customFields[id=abc].value`, `custom["2nd phone"]`.
struct PathText: Hashable {
  enum Kind: Hashable {
    case name(String)
    case index(Int)
    case select(member: String, equals: String)
  }

  struct Part: Hashable {
    var kind: Kind
    var offset: Int
    var count: Int

    var name: String? { if case .name(let name) = kind { name } else { nil } }
  }

  struct Failure: Error, Hashable {
    var offset: Int
    var count: Int
    var message: String
    var hint: String?
  }

  /// No path in a record can be longer: a value nested deeper is an error of its record.
  static let maximumParts = 1_024

  var parts: [Part]

  init(_ text: String) throws(Failure) {
    let characters = Array(text)
    var parts: [Part] = []
    var index = 0
    func fail(_ offset: Int, _ count: Int, _ message: String, _ hint: String? = nil) -> Failure {
      Failure(offset: offset, count: count, message: message, hint: hint)
    }
    guard !characters.isEmpty else { throw fail(0, 1, "the path is empty", "name a source field") }
    while index < characters.count {
      switch characters[index] {
      case "[":
        guard !parts.isEmpty else { throw fail(index, 1, "a path begins with a field's name") }
        let (part, next) = try Self.bracket(characters, at: index)
        parts.append(part)
        index = next
      case "]": throw fail(index, 1, "']' without '['")
      default:
        if !parts.isEmpty {
          guard characters[index] == "." else { throw fail(index, 1, "'.' or '[' is expected here") }
          index += 1
        }
        let start = index
        while index < characters.count, !".[]".contains(characters[index]) { index += 1 }
        guard index > start else {
          throw fail(max(0, min(start, characters.count - 1)), 1, "a name is missing in '\(text)'")
        }
        parts.append(Part(kind: .name(String(characters[start..<index])), offset: start, count: index - start))
      }
    }
    self.parts = parts
  }

  private static func bracket(_ characters: [Character], at open: Int) throws(Failure) -> (Part, Int) {
    var index = open + 1
    if index < characters.count, characters[index] == "\"" || characters[index] == "'" {
      let quote = characters[index]
      let start = index + 1
      index = start
      while index < characters.count, characters[index] != quote { index += 1 }
      guard index + 1 < characters.count, characters[index + 1] == "]", index > start else {
        throw Failure(offset: open, count: characters.count - open, message: "a quoted name must be closed: [\"name\"]")
      }
      return (Part(kind: .name(String(characters[start..<index])), offset: start, count: index - start), index + 2)
    }
    guard let close = characters[open...].firstIndex(of: "]") else {
      throw Failure(offset: open, count: characters.count - open, message: "'[' is not closed")
    }
    let inner = String(characters[open + 1..<close])
    let count = close - open - 1
    let isNumber = !inner.isEmpty && inner.utf8.allSatisfy { (0x30...0x39).contains($0) }
    if isNumber, let number = Int(inner), number <= Int(Int32.max) {
      return (Part(kind: .index(number), offset: open + 1, count: count), close + 1)
    }
    if let equals = inner.firstIndex(of: "="), equals > inner.startIndex {
      var value = inner[inner.index(after: equals)...]
      if value.count >= 2, let first = value.first, first == value.last, first == "\"" || first == "'" {
        value = value.dropFirst().dropLast()
      }
      let kind = Kind.select(member: String(inner[..<equals]), equals: String(value))
      return (Part(kind: kind, offset: open + 1, count: count), close + 1)
    }
    let hint = inner == "-1" ? "for the last element, use do: [last]" : "write [0], [member=text] or [\"name\"]"
    throw Failure(offset: open + 1, count: max(1, count), message: "'[\(inner)]' selects nothing", hint: hint)
  }
}
