package import Core
import HTTP

/// A request, as a pipeline writes it: `PUT /contacts/{remote_id}?notify=false`.
///
/// Values are percent-encoded, so that a `/`, `?` or `&` in one of them stays part of the value. A value that would change which
/// resource is meant is refused, because the request would then reach something else: an empty one turns `DELETE /contacts/{key}`
/// into a request for the whole list, and servers resolve `.` and `..` even when they are encoded. Proxies that decode a path before
/// they resolve it also do so within a value: `a/..`.
package struct RequestTemplate: Sendable, Hashable {
  /// What is wrong with a template.
  package enum Fault: Error, Sendable, Hashable {
    case text(RequestText.Fault)
    /// It is not `METHOD /PATH`.
    case form
    case method(String)
    /// A character that an address cannot have unless it is percent-encoded.
    case character(Character)
    /// A `%` without two hexadecimal digits after it.
    case percent
    /// `.` or `..` as a part of the path: servers leave the path that the address names.
    case dots
  }

  /// Why there is no request for a record.
  package enum Refusal: Error, Sendable, Hashable {
    case missing(RequestPlaceholder)
    /// A part of the path with a value in it is empty, or `.` or `..`.
    case changesPath(RequestPlaceholder)
    /// A key or an ID is empty: `find: GET /contacts?key={key}` would list everything.
    case empty(RequestPlaceholder)
  }

  package static let methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]

  /// Characters allowed literally in a URL, besides letters and digits (RFC 3986).
  private static let punctuation = Set("-._~:/?@!$&'()*+,;=%")

  package let method: String
  /// The path and the query.
  package let target: RequestText

  /// Of a target that is known to be valid.
  init(method: String, target: RequestText) {
    self.method = method
    self.target = target
  }

  package init(_ text: String) throws(Fault) {
    let words = text.split(separator: " ", maxSplits: 1)
    guard words.count == 2 else { throw .form }
    guard Self.methods.contains(String(words[0])) else { throw .method(String(words[0])) }
    method = String(words[0])
    let address = words[1].drop { $0 == " " }
    let start = text.distance(from: text.startIndex, to: address.startIndex)
    // As a reference, `//host/path` means another host.
    guard address.first == "/", !address.hasPrefix("//") else { throw .form }
    do {
      target = try RequestText(String(address))
    } catch {
      throw .text(.init(reason: error.reason, offset: error.offset + start))
    }
    let path = target.text.prefix { $0 != "?" }
    let names = path.split(separator: "/").compactMap { PercentEncoding.decoded($0) }
    if names.contains(where: { $0 == "." || $0 == ".." }) { throw .dots }
    for case .text(let plain) in target.parts {
      if let character = plain.text.first(where: { !Self.isPlain($0) }) { throw .character(character) }
      let pieces = plain.text.utf8.split(separator: UInt8(ascii: "%"), omittingEmptySubsequences: false)
      for piece in pieces.dropFirst() where PercentEncoding.byte(piece) == nil { throw .percent }
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
    /// The placeholder in the current segment.
    var filled: RequestPlaceholder?
    /// The current segment, decoded.
    var segment: [UInt8] = []
    func check() throws(Refusal) {
      if let filled, !isQuery, Self.changesPath(segment) { throw .changesPath(filled) }
    }
    for part in target.parts {
      switch part {
      case .text(let plain):
        var rest = Substring(plain.text).utf8
        while let byte = rest.popFirst() {
          address.append(byte)
          if byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?") {
            try check()
            if byte == UInt8(ascii: "?") { isQuery = true }
            (filled, segment) = (nil, [])
          } else if byte == UInt8(ascii: "%"), let decoded = PercentEncoding.byte(rest) {
            segment.append(decoded)
            address += rest.prefix(2)
            rest = rest.dropFirst(2)
          } else {
            segment.append(byte)
          }
        }
      case .placeholder(let placeholder):
        guard let value = value(placeholder) else { throw .missing(placeholder) }
        if value.text.utf8.isEmpty, placeholder.identifies { throw .empty(placeholder) }
        address += PercentEncoding.encoded(value.text).utf8
        segment += value.text.utf8
        filled = placeholder
      }
    }
    try check()
    return String(decoding: address, as: UTF8.self)
  }

  /// The query parameter whose entire value is the placeholder: `after` in `?limit=50&after={cursor}`. Nil if there is none.
  func parameter(of placeholder: RequestPlaceholder) -> String? {
    let parts = target.parts
    guard let index = parts.firstIndex(of: .placeholder(placeholder)), index > 0, case .text(let before) = parts[index - 1],
      let start = before.text.lastIndex(where: { $0 == "?" || $0 == "&" }), before.text.hasSuffix("=")
    else { return nil }
    if index + 1 < parts.count {
      guard case .text(let after) = parts[index + 1], after.text.hasPrefix("&") else { return nil }
    }
    return String(before.text[before.text.index(after: start)...].dropLast())
  }

  /// - Parameter parameter: the parameter as the query contains it, such as `after=`.
  static func removing(_ parameter: String, from target: String) -> String {
    guard let mark = target.firstIndex(of: "?") else { return target }
    let rest = target[target.index(after: mark)...].split(separator: "&").filter { $0 != parameter }
    return target[..<mark] + (rest.isEmpty ? "" : "?" + rest.joined(separator: "&"))
  }

  /// Whether a server that decodes the segment sees other segments than one. Some ignore what follows a `;`.
  private static func changesPath(_ segment: [UInt8]) -> Bool {
    let parts = segment.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
    return parts.contains { part in
      let name = part.prefix { $0 != UInt8(ascii: ";") }
      return part.isEmpty || name.elementsEqual(".".utf8) || name.elementsEqual("..".utf8)
    }
  }
}
