import Core

/// What is known about the records of destinations, as a file that can be moved to another machine: one JSON object per line.
/// The first line says what it is, the last one how many records are between them, so that a file that was cut off is noticed.
///
///     {"format":"waybill-journal","version":2}
///     {"pipeline":"nightly","destination":"app","mapping":"contacts","location":"files",
///      "base_url":"https://api.example/v1"}                                                   (in one line)
///     {"pipeline":"nightly","destination":"app","mapping":"contacts","location":"files","key":"c1","present":true,
///      "remote_id":"17","entity_tag":"x","digest":"07a1","fields":"00ff","epoch":1}            (in one line)
///     {"records":1}
///
/// A line with `base_url`, in front of a scope's records, says where their IDs are valid; version 1 did not have it. Members
/// without a value are left out. `digest` and `fields` are hexadecimal; a record that is not present has neither. All
/// texts are compared by their bytes. If the journal had calls without a result, the last line counts them: `"open_calls":1`.
/// An unknown member is an error: later versions of the format have a different number.
enum JournalFile {
  static let format = "waybill-journal"
  /// Versions from 1 up to this one can be read.
  static let version = 2
  /// The greatest epoch that is accepted: more than any load can reach.
  static let greatestEpoch = 1 << 53

  static var header: String { "{\"format\":\"\(format)\",\"version\":\(version)}\n" }

  /// The last line.
  struct Footer: Sendable, Hashable {
    var records: Int
    /// The number of calls without a result; they are not in the file.
    var openCalls = 0

    init(records: Int, openCalls: Int) { (self.records, self.openCalls) = (records, openCalls) }

    /// Nil if the line is not the footer.
    init?(_ line: JSONValue) {
      guard let members = line.objectValue, members.allSatisfy({ ["records", "open_calls"].contains($0.name) }),
        let records = line["records"]?.intValue
      else { return nil }
      let openCalls = line["open_calls"].map { $0.intValue ?? -1 } ?? 0
      guard openCalls >= 0 else { return nil }
      self.init(records: records, openCalls: openCalls)
    }

    var line: String { "{\"records\":\(records)\(openCalls > 0 ? ",\"open_calls\":\(openCalls)" : "")}\n" }
  }

  // MARK: Base URLs

  static func line(_ baseURL: String, of scope: JournalScope) -> String {
    JSONValue.object(members(of: scope) + [.init("base_url", .string(baseURL))]).text + "\n"
  }

  /// Nil if the line is not about a base URL.
  static func baseURL(_ value: JSONValue) throws(Fault) -> (JournalScope, String)? {
    guard case .object(let members) = value, value["base_url"] != nil else { return nil }
    try check(members, ["base_url"])
    return (try scope(value), try text("base_url", value))
  }

  // MARK: Scopes

  private static let scopeNames = ["pipeline", "destination", "mapping", "location"]

  private static func members(of scope: JournalScope) -> [JSONValue.Member] {
    zip(scopeNames, [scope.pipeline, scope.destination, scope.mapping, scope.location]).map { .init($0, .string($1)) }
  }

  private static func scope(_ value: JSONValue) throws(Fault) -> JournalScope {
    JournalScope(
      pipeline: try text("pipeline", value), destination: try text("destination", value), mapping: try text("mapping", value),
      location: try text("location", value))
  }

  /// - Parameter names: besides those of the scope.
  private static func check(_ members: [JSONValue.Member], _ names: [String]) throws(Fault) {
    if let other = members.first(where: { !(scopeNames + names).contains(exactly: $0.name) }) {
      throw Fault(reason: "it has the unknown member '\(other.name)'")
    }
  }

  // MARK: Records

  static func line(_ record: JournalRecord, in scope: JournalScope) -> String {
    let known = record.known
    var members = members(of: scope)
    members += [.init("key", .string(record.key.text)), .init("present", .bool(known.isPresent))]
    if let id = known.remoteID { members.append(.init("remote_id", .string(id.text))) }
    if let tag = known.entityTag { members.append(.init("entity_tag", .string(tag.text))) }
    if let digest = known.digest { members.append(.init("digest", .string(Hexadecimal.text(of: digest)))) }
    if !known.fields.isEmpty { members.append(.init("fields", .string(Hexadecimal.text(of: known.fields)))) }
    members.append(.init("epoch", .number(known.epoch)))
    return JSONValue.object(members).text + "\n"
  }

  /// What is wrong with a line, as the end of a sentence about it.
  struct Fault: Error {
    var reason: String
  }

  static func record(_ value: JSONValue) throws(Fault) -> (JournalScope, JournalRecord) {
    guard case .object(let members) = value else { throw Fault(reason: "it is not an object") }
    try check(members, ["key", "present", "remote_id", "entity_tag", "digest", "fields", "epoch"])
    let scope = try scope(value)
    guard let isPresent = value["present"]?.boolValue else { throw Fault(reason: "'present' is not true or false") }
    guard let epoch = value["epoch"]?.intValue, 0...greatestEpoch ~= epoch else {
      throw Fault(reason: "'epoch' is not a whole number from 0 to \(greatestEpoch)")
    }
    let key = Name(try text("key", value))
    let known = Accepted(
      remoteID: try optionalText("remote_id", value), entityTag: try optionalText("entity_tag", value),
      digest: try bytes("digest", value), fields: try bytes("fields", value) ?? [], epoch: epoch, isPresent: isPresent)
    guard isPresent || known == .absent(epoch: epoch) else {
      throw Fault(reason: "'present' is false, but it has members besides 'epoch'")
    }
    return (scope, JournalRecord(key, known))
  }

  private static func text(_ name: String, _ value: JSONValue) throws(Fault) -> String {
    guard let text = value[name]?.stringValue else { throw Fault(reason: "'\(name)' is not a text") }
    return text
  }

  private static func optionalText(_ name: String, _ value: JSONValue) throws(Fault) -> Name? {
    value[name] == nil ? nil : Name(try text(name, value))
  }

  private static func bytes(_ name: String, _ value: JSONValue) throws(Fault) -> [UInt8]? {
    guard value[name] != nil else { return nil }
    guard let bytes = Hexadecimal.bytes(of: try text(name, value)) else {
      throw Fault(reason: "'\(name)' is not hexadecimal")
    }
    return bytes
  }
}
