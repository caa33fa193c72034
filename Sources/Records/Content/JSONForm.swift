import Core

/// How a JSON text holds its records, judging by its first bytes, whatever its file is called.
enum JSONForm: Hashable {
  /// One object per line.
  case lines
  /// One document: a list, or an object.
  case document

  /// Nil if the text does not begin like JSON objects or a list. A row of a CSV file never does: a quoted name and a colon
  /// follow the brace.
  ///
  /// - Parameter text: the first lines; the last one may be incomplete.
  static func of(_ text: ArraySlice<UInt8>) -> JSONForm? {
    var rest = text
    while rest.starts(with: UnicodeForm.utf8.mark) { rest = rest.dropFirst(3) }
    rest = skipSpace(rest)
    switch rest.first {
    case UInt8(ascii: "["):
      let inner = skipSpace(rest.dropFirst())
      if isObject(inner) { return .document }
      let line = Array(rest.prefix { $0 != 0x0A && $0 != 0x0D })
      return (try? JSONReader.read(line)) == nil ? nil : .document
    case UInt8(ascii: "{"): return isObject(rest) ? ofObjects(rest) : nil
    default: return nil
    }
  }

  private static func ofObjects(_ text: ArraySlice<UInt8>) -> JSONForm {
    var scan = JSONElementScan()
    let (count, hasEnded) = text.withUnsafeBufferPointer { scan.take($0) }
    let first = text.prefix(count)
    guard hasEnded, !first.contains(0x0A) else { return first.contains(0x0A) ? .document : .lines }
    return skipSpace(text.dropFirst(count)).isEmpty ? .document : .lines
  }

  /// `{"name":`
  private static func isObject(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.first == UInt8(ascii: "{") else { return false }
    let name = skipSpace(text.dropFirst())
    guard name.first == UInt8(ascii: "\"") else { return false }
    var scan = JSONElementScan()
    let (count, hasEnded) = name.withUnsafeBufferPointer { scan.take($0) }
    return hasEnded && skipSpace(name.dropFirst(count)).first == UInt8(ascii: ":")
  }

  private static func skipSpace(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    text.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
  }

  /// The end of a sentence that begins with the file.
  func sentence(_ place: ReadingPlace) -> String {
    switch self {
    case .lines: "has one JSON object per line (NDJSON), not rows of a CSV file: \(place.reading(as: .ndjson))"
    case .document: "is a JSON document, not a CSV file: \(place.reading(as: .json))"
    }
  }
}
