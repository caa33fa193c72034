import Core

/// A schema file, read: its JSON and the place of every member and value in it, by JSON pointer.
///
/// Pointers are those of RFC 6901: `""` is the whole file, `/properties/a~1b/minLength` a keyword in it.
struct SchemaDocument {
  let file: String
  let root: JSONValue
  private let bytes: [UInt8]
  private let lineStarts: [Int]
  private let spots: [String: Spot]

  /// Byte ranges; of a list or an object only the opening bracket.
  struct Spot {
    var name: Range<Int>?
    var value: Range<Int>
  }

  /// Reads `text` strictly; the one diagnostic of a text that is no JSON stands where the mistake is.
  static func read(file: String, text: String) -> Result<SchemaDocument, SyntaxError> {
    let bytes = Array(text.utf8)
    let lineStarts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    guard bytes.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
      let place = SourcePlace(file: file, line: 1, column: 1)
      let hint = "an empty schema is written {}"
      return .failure(SyntaxError(.init(.error, .schemaSyntax, at: place, "the schema file is empty", hint: hint)))
    }
    do throws(JSONReader.Failure) {
      let root = try JSONReader.read(bytes)
      var scanner = PlaceScanner(bytes: bytes)
      scanner.walk(root)
      return .success(
        SchemaDocument(file: file, root: root, bytes: bytes, lineStarts: lineStarts, spots: scanner.spots))
    } catch {
      let start = lineStarts[min(error.line, lineStarts.count) - 1]
      let column = characters(in: bytes, start..<min(bytes.count, start + error.column - 1)) + 1
      let place = SourcePlace(file: file, line: error.line, column: column)
      return .failure(SyntaxError(.init(.error, .schemaSyntax, at: place, "not valid JSON: \(error.message)")))
    }
  }

  struct SyntaxError: Error {
    var diagnostic: Diagnostic
    init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
  }

  /// The place of the member name that `pointer` ends with; of the value where there is no name (an element, the root).
  func namePlace(_ pointer: String) -> SourcePlace {
    guard let spot = spots[pointer] else { return SourcePlace(file: file, line: 1, column: 1) }
    return place(spot.name ?? spot.value)
  }

  func valuePlace(_ pointer: String) -> SourcePlace {
    guard let spot = spots[pointer] else { return SourcePlace(file: file, line: 1, column: 1) }
    return place(spot.value)
  }

  /// The value that `pointer` names; nil where there is none.
  func value(at pointer: String) -> JSONValue? {
    guard spots[pointer] != nil else { return nil }
    var value = root
    for token in JSONPointer.tokens(pointer) {
      switch value {
      case .object(let members):
        guard let member = members.first(where: { $0.name == token }) else { return nil }
        value = member.value
      case .array(let elements):
        guard let index = Int(token), elements.indices.contains(index) else { return nil }
        value = elements[index]
      default: return nil
      }
    }
    return value
  }

  private func place(_ range: Range<Int>) -> SourcePlace {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= range.lowerBound { low = middle } else { high = middle }
    }
    let column = Self.characters(in: bytes, lineStarts[low]..<range.lowerBound) + 1
    return SourcePlace(file: file, line: low + 1, column: column, length: max(1, Self.characters(in: bytes, range)))
  }

  private static func characters(in bytes: [UInt8], _ range: Range<Int>) -> Int {
    // A byte order mark is no character of the first line.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let start = range.lowerBound == 0 && bytes.starts(with: mark) ? min(3, range.upperBound) : range.lowerBound
    return String(decoding: bytes[start..<range.upperBound], as: UTF8.self).count
  }
}

/// Walks bytes that are known to be valid JSON together with the tree that was read from them, and notes where each
/// name and value stands.
private struct PlaceScanner {
  let bytes: [UInt8]
  var position: Int
  var spots: [String: SchemaDocument.Spot] = [:]

  init(bytes: [UInt8]) {
    self.bytes = bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  mutating func walk(_ value: JSONValue, pointer: String = "", name: Range<Int>? = nil) {
    skipToToken()
    let start = position
    switch value {
    case .object(let members):
      spots[pointer] = .init(name: name, value: start..<start + 1)
      position += 1
      for member in members {
        skipToToken()
        let range = skipString()
        walk(member.value, pointer: JSONPointer.appending(member.name, to: pointer), name: range)
      }
      skipToToken()
      position += 1
    case .array(let elements):
      spots[pointer] = .init(name: name, value: start..<start + 1)
      position += 1
      for (index, element) in elements.enumerated() { walk(element, pointer: "\(pointer)/\(index)") }
      skipToToken()
      position += 1
    case .string:
      spots[pointer] = .init(name: name, value: skipString())
    default:
      while position < bytes.count, ![0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x5D, 0x7D].contains(bytes[position]) { position += 1 }
      spots[pointer] = .init(name: name, value: start..<position)
    }
  }

  /// Space, commas and colons mean nothing here: the tree says what comes next.
  private mutating func skipToToken() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x3A].contains(bytes[position]) { position += 1 }
  }

  private mutating func skipString() -> Range<Int> {
    let start = position
    position += 1
    while bytes[position] != UInt8(ascii: "\"") { position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1 }
    position += 1
    return start..<position
  }
}
