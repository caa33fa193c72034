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
  ///
  /// - Parameter nested: the paths of skipped members inside others.
  static func replacing(_ before: [UInt8], skipping: Set<Name>, nested: [[Name]] = []) -> [UInt8] {
    replaced(JSONSlicer.checked(before), skipping, nested)
  }

  /// Of a request that keeps what it leaves out.
  static func merging(_ before: [UInt8], into now: [UInt8], skipping: Set<Name>, nested: [[Name]] = []) -> [UInt8] {
    merged(JSONSlicer.checked(before), JSONSlicer.checked(now), skipping, nested)
  }

  private static func replaced(_ before: JSONSlice, _ skipping: Set<Name>, _ nested: [[Name]]) -> [UInt8] {
    object(
      before.memberTexts.filter { !skipping.contains(Name($0.name)) }.map { member in
        let inner = inside(member.name, nested)
        guard !inner.isEmpty, let value = before[member.name], value.kind == .object else { return member.text }
        return Self.member(member.name, replaced(value, own(inner), inner))
      })
  }

  /// The paths below a member.
  private static func inside(_ name: String, _ nested: [[Name]]) -> [[Name]] {
    nested.filter { $0.first == Name(name) && $0.count > 1 }.map { Array($0.dropFirst()) }
  }

  private static func own(_ paths: [[Name]]) -> Set<Name> { Set(paths.filter { $0.count == 1 }.map { $0[0] }) }

  private static func member(_ name: String, _ value: [UInt8]) -> ArraySlice<UInt8> {
    (JSONValue.string(name).bytes + [UInt8(ascii: ":")] + value)[...]
  }

  private static func merged(
    _ before: JSONSlice, _ now: JSONSlice, _ skipping: Set<Name>, _ nested: [[Name]]
  ) -> [UInt8] {
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
        let inner = inside(member.name, nested)
        members.append(Self.member(member.name, merged(value, other, own(inner), inner)))
      } else {
        members.append(member.text)
      }
    }
    let known = Set(old.map { Name($0.name) }).union(skipping)
    for member in now.memberTexts where !known.contains(Name(member.name)) {
      members.append(Self.member(member.name, Array("null".utf8)))
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
