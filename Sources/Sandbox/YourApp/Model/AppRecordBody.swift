import Core
import Records

/// A record as a client sends it, checked against the schema.
struct AppRecordBody: Sendable {
  var key: Name
  /// Of the contact that it belongs to.
  var parentKey: Name?
  /// The members without the braces and without Your App's own, on one line.
  var fields: [UInt8]

  /// The record as a JSON object.
  var object: [UInt8] { [UInt8(ascii: "{")] + fields + [UInt8(ascii: "}")] }

  /// The same with the members that `isKept` selects.
  func keeping(_ isKept: (String) -> Bool) -> AppRecordBody {
    var body = self
    body.fields = Self.fields(JSONSlicer.checked(object).members.filter { isKept($0.name) })
    return body
  }

  static func fields(_ members: [JSONSlice.Member]) -> [UInt8] {
    var out = JSONOutput()
    for member in members {
      out.name(member.name)
      out.bytes += member.value.line
    }
    return out.bytes
  }
}
