import Core
import Records

/// The record that puts back what was there, made of the bytes that were there: member order, escapes and the spelling of numbers
/// stay as they were.
///
///     before  {"id":"r1","name":"Ann","age":1.0}        skipped: id
///     now     {"id":"r1","name":"Eva","age":1.0,"city":"Rome"}
///     PUT     {"name":"Ann","age":1.0}                   with `city: null` if it keeps what it leaves out
///     PATCH   {"name":"Ann","city":null}                 only what differs; null removes a member (RFC 7396)
enum PutBackBody {
  /// Of a request that replaces the record.
  ///
  /// - Parameters:
  ///   - nested: the paths of skipped members inside others.
  ///   - now: what is there, if the request keeps what it leaves out: null removes what was not there before.
  ///   - keeping: members that are not removed.
  static func replacing(
    _ before: [UInt8], skipping: Set<Name>, nested: [[Name]] = [], removingFrom now: [UInt8]? = nil, keeping: Set<Name> = []
  ) -> [UInt8] {
    replaced(JSONSlicer.checked(before), now.map { JSONSlicer.checked($0) }, skipping, nested, keeping)
  }

  /// Of a request that keeps what it leaves out.
  ///
  /// - Parameter required: members that the request needs, even if they are as they were.
  static func merging(
    _ before: [UInt8], into now: [UInt8], skipping: Set<Name>, nested: [[Name]] = [], required: Set<Name> = []
  ) -> [UInt8] {
    merged(JSONSlicer.checked(before), JSONSlicer.checked(now), skipping, nested, required)
  }

  private static func replaced(
    _ before: JSONSlice, _ now: JSONSlice?, _ skipping: Set<Name>, _ nested: [[Name]], _ keeping: Set<Name> = []
  ) -> [UInt8] {
    let old = before.memberTexts.filter { !skipping.contains(Name($0.name)) }
    let members = old.map { member in
      let inner = inside(member.name, nested)
      guard let value = before[member.name], value.kind == .object else { return member.text }
      let other = now?[member.name].flatMap { hasMore($0, than: value, own(inner), inner) ? $0 : nil }
      if inner.isEmpty, other == nil { return member.text }
      return Self.member(member.name, replaced(value, other, own(inner), inner))
    }
    let known = Set(before.memberTexts.map { Name($0.name) }).union(skipping).union(keeping)
    return object(members + removals(now, known))
  }

  /// Whether an object has members, also inside others, that another one does not have.
  private static func hasMore(
    _ now: JSONSlice, than before: JSONSlice, _ skipping: Set<Name>, _ nested: [[Name]]
  ) -> Bool {
    guard now.kind == .object else { return false }
    return now.memberTexts.contains { member in
      if skipping.contains(Name(member.name)) { return false }
      guard let value = before[member.name] else { return true }
      guard value.kind == .object, let other = now[member.name] else { return false }
      let inner = inside(member.name, nested)
      return hasMore(other, than: value, own(inner), inner)
    }
  }

  /// Null for each member that is not known.
  private static func removals(_ now: JSONSlice?, _ known: Set<Name>) -> [ArraySlice<UInt8>] {
    (now?.memberTexts ?? []).filter { !known.contains(Name($0.name)) }.map { member($0.name, Array("null".utf8)) }
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
    _ before: JSONSlice, _ now: JSONSlice, _ skipping: Set<Name>, _ nested: [[Name]], _ required: Set<Name> = []
  ) -> [UInt8] {
    var members: [ArraySlice<UInt8>] = []
    let old = before.memberTexts.filter { !skipping.contains(Name($0.name)) }
    for member in old {
      guard let value = before[member.name] else { continue }
      let inner = inside(member.name, nested)
      guard let other = now[member.name], !required.contains(Name(member.name)) else {
        let isWhole = inner.isEmpty || value.kind != .object
        members.append(isWhole ? member.text : Self.member(member.name, replaced(value, nil, own(inner), inner)))
        continue
      }
      if UndoComparison.isSame(value, other) { continue }
      // A merge reaches into objects, so members that were not there before are removed one by one.
      if value.kind == .object, other.kind == .object {
        members.append(Self.member(member.name, merged(value, other, own(inner), inner)))
      } else {
        members.append(member.text)
      }
    }
    return object(members + removals(now, Set(old.map { Name($0.name) }).union(skipping)))
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
