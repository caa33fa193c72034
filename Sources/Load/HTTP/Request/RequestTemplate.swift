package import Core

/// A request, as a pipeline writes it: `PUT /contacts/{remote_id}?notify=false`.
///
/// Values are percent-encoded, so that a `/`, `?` or `&` in one of them stays part of the value. A value that would change which
/// resource is meant is refused, because the request would then reach something else: an empty one turns `DELETE /contacts/{key}`
/// into a request for the whole list, and servers resolve `.` and `..` even when they are encoded.
package struct RequestTemplate: Sendable, Hashable {
  /// What is wrong with a template.
  package enum Fault: Error, Sendable, Hashable {
    case text(RequestText.Fault)
    /// It is not `METHOD /PATH`.
    case form
    case method(String)
    /// A character that an address cannot have unless it is percent-encoded.
    case character(Character)
  }

  /// Why there is no request for a record.
  package enum Refusal: Error, Sendable, Hashable {
    case missing(RequestPlaceholder)
    /// A value in the path is empty, or `.` or `..`.
    case changesPath(RequestPlaceholder)
  }

  package static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

  /// Of an address, besides letters and digits, where it is written out (RFC 3986).
  private static let punctuation = Set("-._~:/?@!$&'()*+,;=%")

  package let method: String
  /// The path and the query.
  package let target: RequestText

  package init(_ text: String) throws(Fault) {
    let words = text.split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { throw .form }
    guard Self.methods.contains(String(words[0])) else { throw .method(String(words[0])) }
    method = String(words[0])
    let address = words[1].drop { $0 == " " }
    let start = text.distance(from: text.startIndex, to: address.startIndex)
    guard address.first == "/" else { throw .form }
    do {
      target = try RequestText(String(address))
    } catch {
      throw .text(.init(reason: error.reason, offset: error.offset + start))
    }
    for case .text(let plain) in target.parts {
      if let character = plain.text.first(where: { !Self.isPlain($0) }) { throw .character(character) }
    }
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || punctuation.contains(character))
  }

  /// The path and the query of the request for one record.
  ///
  /// - Parameter value: nil if there is none.
  package func target(_ value: (RequestPlaceholder) -> Name?) throws(Refusal) -> String {
    var address: [UInt8] = []
    var isQuery = false
    /// Where the segment of the path begins in which a value stands.
    var filled: RequestPlaceholder?
    var segment = 0
    func check() throws(Refusal) {
      guard let filled, !isQuery else { return }
      let text = address[segment...]
      if text.isEmpty || text.elementsEqual(".".utf8) || text.elementsEqual("..".utf8) { throw .changesPath(filled) }
    }
    for part in target.parts {
      switch part {
      case .text(let plain):
        for byte in plain.text.utf8 {
          if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") {
            try check()
            if byte == UInt8(ascii: "?") { isQuery = true }
            filled = nil
            segment = address.count + 1
          }
          address.append(byte)
        }
      case .placeholder(let placeholder):
        guard let value = value(placeholder) else { throw .missing(placeholder) }
        Self.append(value, to: &address)
        filled = placeholder
      }
    }
    try check()
    return String(decoding: address, as: UTF8.self)
  }

  /// Everything but unreserved characters is encoded.
  private static func append(_ value: Name, to address: inout [UInt8]) {
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in value.text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
        address.append(byte)
      default: address += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
  }
}
