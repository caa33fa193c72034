package import Core
import Values

/// A JSON object as it is written: members can be set, and all others keep their bytes, with their digits, escapes and order.
package struct ObjectText {
  private struct Member {
    var name: Name
    /// With its quotation marks.
    var key: [UInt8]
    var value: [UInt8]
  }

  private var members: [Member] = []

  /// An object without members.
  package init() {}

  /// Nil if it is not an object.
  ///
  /// - Parameter bytes: valid JSON.
  package init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    func skipSpace() { rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D } }
    func take() -> [UInt8] {
      var scan = JSONElementScan()
      let count = rest.withUnsafeBufferPointer { scan.take($0).count }
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    skipSpace()
    guard rest.first == UInt8(ascii: "{") else { return nil }
    while rest.first == UInt8(ascii: "{") || rest.first == UInt8(ascii: ",") {
      rest = rest.dropFirst()
      skipSpace()
      guard rest.first == UInt8(ascii: "\"") else { break }
      let key = take()
      skipSpace()
      guard rest.first == UInt8(ascii: ":"), let name = (try? JSONReader.read(key))?.stringValue else { return nil }
      rest = rest.dropFirst()
      skipSpace()
      members.append(Member(name: Name(name), key: key, value: take()))
      skipSpace()
    }
    guard rest.first == UInt8(ascii: "}") else { return nil }
  }

  package var names: [String] { members.map(\.name.text) }

  /// The text of a member's value; nil if there is no such member.
  package subscript(_ name: String) -> [UInt8]? { members.last { $0.name == Name(name) }?.value }

  /// Sets a member, or adds it as the last one.
  package mutating func set(_ name: String, _ value: JSONValue) {
    let value = value.bytes
    let places = members.indices.filter { members[$0].name == Name(name) }
    for place in places { members[place].value = value }
    if places.isEmpty { members.append(Member(name: Name(name), key: JSONValue.string(name).bytes, value: value)) }
  }

  /// On one line, without white space between its tokens.
  package var bytes: [UInt8] {
    var out: [UInt8] = [UInt8(ascii: "{")]
    for (index, member) in members.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      out += member.key
      out.append(UInt8(ascii: ":"))
      out += Self.minified(member.value)
    }
    out.append(UInt8(ascii: "}"))
    return out
  }

  private static func minified(_ value: [UInt8]) -> [UInt8] {
    var arena = ByteArena(capacity: max(1, value.count))
    arena.begin()
    let hasSpace = value.span.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return false }
      return JSONText.minify(Text(start: base, count: buffer.count).span, into: &arena)
    }
    return hasSpace ? Array(arena.finish().buffer) : value
  }
}
