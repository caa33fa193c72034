import Core
import Files

/// Goes through the members of JSON objects and the elements of lists, byte by byte, without holding their values.
struct JSONMembers {
  /// The input's name in failures.
  let path: String

  private static let longestName = 64 * 1024

  /// Goes to the next value of an object or list; its name in an object, "" in a list. Nil after the closing bracket.
  func next(in isObject: Bool, isFirst: Bool, _ bytes: inout JSONBytes) throws -> String? {
    let end = UInt8(ascii: isObject ? "}" : "]")
    var byte = try bytes.skipSpace()
    if byte == end {
      bytes.advance(1)
      return nil
    }
    if !isFirst {
      guard byte == UInt8(ascii: ",") else { throw broken(bytes, byte == nil ? "it ends too early" : "a comma is missing") }
      bytes.advance(1)
      byte = try bytes.skipSpace()
    }
    guard let byte else { throw broken(bytes, "it ends too early") }
    guard isObject else { return "" }
    guard byte == UInt8(ascii: "\"") else { throw broken(bytes, "a name in quotes is missing") }
    let name = try name(&bytes)
    guard try bytes.skipSpace() == UInt8(ascii: ":") else { throw broken(bytes, "a colon is missing") }
    bytes.advance(1)
    return name
  }

  private func name(_ bytes: inout JSONBytes) throws -> String {
    var text: [UInt8] = []
    var scan = JSONElementScan()
    while try bytes.refill() {
      let rest = bytes.rest
      let (count, hasEnded) = scan.take(rest)
      text += rest.prefix(count)
      bytes.advance(count)
      guard text.count <= Self.longestName else { break }
      guard hasEnded else { continue }
      guard let name = (try? JSONReader.read(text))?.stringValue else { break }
      return name
    }
    throw broken(bytes, "a name is not valid")
  }

  func skipValue(_ bytes: inout JSONBytes) throws {
    guard try bytes.skipSpace() != nil else { throw broken(bytes, "it ends too early") }
    var scan = JSONElementScan()
    while try bytes.refill() {
      let (count, hasEnded) = scan.take(bytes.rest)
      bytes.advance(count)
      if hasEnded { return }
    }
    throw broken(bytes, "it ends too early")
  }

  func broken(_ bytes: JSONBytes, _ reason: String) -> OperationFailure {
    OperationFailure.reading(path, "\(reason), on line \(bytes.line), at byte \(bytes.offset + 1) of the input")
  }
}

extension JSONMembers {
  private static let maximumDepth = 3

  /// The lists of objects inside the document that begins at the next byte, if that is an object: those in it, and in objects in it.
  ///
  /// - Throws: `OperationFailure` if it is not JSON.
  func lists(_ bytes: inout JSONBytes, below path: [String] = []) throws -> [RecordsPointer] {
    guard try bytes.skipSpace() == UInt8(ascii: "{") else { return [] }
    bytes.advance(1)
    var found: [RecordsPointer] = []
    var isFirst = true
    while let name = try next(in: true, isFirst: isFirst, &bytes) {
      isFirst = false
      let place = path + [name]
      switch try bytes.skipSpace() {
      case UInt8(ascii: "{") where place.count < Self.maximumDepth: found += try lists(&bytes, below: place)
      case UInt8(ascii: "["):
        bytes.advance(1)
        var count = 0
        var hasObjects = false
        while try next(in: false, isFirst: count == 0, &bytes) != nil {
          hasObjects = try bytes.skipSpace() == UInt8(ascii: "{") || hasObjects
          try skipValue(&bytes)
          count += 1
        }
        if hasObjects, let pointer = RecordsPointer(RecordsPointer.text(place)) { found.append(pointer) }
      default: try skipValue(&bytes)
      }
    }
    return found
  }
}
