import Core
import Records

/// The record that puts back what was there, made of the bytes that were there: member order, escapes and the spelling of numbers
/// stay as they were.
///
///     before  {"id":"r1","name":"Ann","age":1.0}        skipped: id
///     now     {"id":"r1","name":"Eva","age":1.0,"city":"Rome"}
///     PUT     {"name":"Ann","age":1.0}
///     PATCH   {"name":"Ann","city":null}                 only what differs; null removes a member (RFC 7396)
enum PutBackBody {
  /// Of a request that replaces the record.
  static func replacing(_ before: [UInt8], skipping: Set<Name>) -> [UInt8] {
    object(JSONSlicer.checked(before).memberTexts.filter { !skipping.contains(Name($0.name)) }.map(\.text))
  }

  /// Of a request that keeps what it leaves out.
  static func merging(_ before: [UInt8], into now: [UInt8], skipping: Set<Name>) -> [UInt8] {
    merged(JSONSlicer.checked(before), JSONSlicer.checked(now), skipping)
  }

  private static func merged(_ before: JSONSlice, _ now: JSONSlice, _ skipping: Set<Name>) -> [UInt8] {
    var members: [ArraySlice<UInt8>] = []
    let old = before.memberTexts.filter { !skipping.contains(Name($0.name)) }
    for member in old {
      guard let value = before[member.name] else { continue }
      guard let other = now[member.name] else {
        members.append(member.text)
        continue
      }
      if UndoComparison.isSame(value, other) { continue }
      // A merge reaches into objects, so what they had not is removed one by one.
      if value.kind == .object, other.kind == .object {
        members.append((JSONValue.string(member.name).bytes + [UInt8(ascii: ":")] + merged(value, other, []))[...])
      } else {
        members.append(member.text)
      }
    }
    let known = Set(old.map { Name($0.name) }).union(skipping)
    for member in now.memberTexts where !known.contains(Name(member.name)) {
      members.append((JSONValue.string(member.name).bytes + Array(":null".utf8))[...])
    }
    return object(members)
  }

  private static func object(_ members: [ArraySlice<UInt8>]) -> [UInt8] {
    var out = [UInt8(ascii: "{")]
    for (index, member) in members.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      out += member
    }
    out.append(UInt8(ascii: "}"))
    return out
  }
}
