import Core
import Foundation
import Sandbox
import State
import TestSupport
import Testing

/// Compares a copy with its source, field by field: what the shipped mappings make of the source with what the API shows of the target.
struct GHLCopyComparison {
  /// Members of a contact that no route of the API accepts: GHL sets them itself, or nobody can.
  static let untaken: Set<String> = [
    "dateAdded", "dateUpdated", "lastActivity", "type", "keyword", "ssn", "visitorId", "additionalEmails", "additionalPhones",
    "attributionSource", "lastAttributionSource", "attachments",
  ]
  /// Custom fields that cannot be copied: files, lists of text boxes, and values that no definition has.
  static let untakenFields: Set<String> = ["contract", "aliases", "-"]
  /// Members that GHL makes from others, and those that are different in each location.
  static let derived: Set<String> = [
    "name", "firstNameLowerCase", "lastNameLowerCase", "fullNameLowerCase", "emailLowerCase", "id", "locationId", "businessId",
    "contactId",
  ]
  /// Members that the mappings copy as they are.
  static let plain = [
    "firstName", "lastName", "companyName", "website", "address1", "city", "state", "postalCode", "timezone", "source", "gender",
    "dnd", "tags",
  ]

  let bench: GHLCopyBench
  /// How many fields are equal.
  private(set) var equal = 0
  /// Fields that differ, and that a ledger reports as not applied.
  private(set) var notApplied: [String] = []
  /// What is not as it should be.
  var faults: [String] = []
  /// How many records there are at the target, by mapping.
  private(set) var counts: [String: Int] = [:]
  /// What the source has and no route takes.
  var left: Set<String> = []

  /// What the ledgers of all runs report as not applied: `contacts c1 city`.
  private var reported: Set<String> = []
  /// By mapping, the IDs at the target by our keys.
  var ids: [String: [String: String]] = [:]
  /// E-mail addresses of users, names of businesses, and keys of custom fields, by their IDs at the target.
  private var names: [String: String] = [:]

  init(_ bench: GHLCopyBench) throws {
    self.bench = bench
    try readLedgers()
    try readJournal()
    names = try Self.names(of: bench)
    try compareContacts()
    for mapping in ["tasks", "notes"] { try compareChildren(mapping) }
    try compareMembers()
  }

  // MARK: What is known

  private mutating func readLedgers() throws {
    for run in bench.folder.names(in: ".waybill/runs") {
      for line in (bench.folder.read(".waybill/runs/\(run)/ledger.ndjson") ?? "").split(separator: "\n") {
        // The last line of a run that was killed may be cut off.
        guard let line = try? JSONReader.read(String(line)), line["code"]?.stringValue == "not-applied" else { continue }
        reported.insert(["mapping", "record", "field"].map { line[$0]?.stringValue ?? "" }.joined(separator: " "))
      }
    }
  }

  private mutating func readJournal() throws {
    let location = try #require(bench.environment["GHL_SOURCE_LOCATION"])
    let journal = try bench.state.openJournal(isReadOnly: true)
    for mapping in ["contacts", "tasks", "notes"] {
      let found = Locked<[String: String]>([:])
      let scope = JournalScope(pipeline: "copy", destination: "copy", mapping: mapping, location: location)
      try journal.forEachRecord(in: scope) { records in
        for record in records where record.known.isPresent {
          found.withLock { $0[record.key.text] = record.known.remoteID?.text }
        }
      }
      ids[mapping] = found.withLock { $0 }
    }
  }

  private static func names(of bench: GHLCopyBench) throws -> [String: String] {
    let data = bench.target.sandbox.data
    var names = Dictionary(data.users.map { ($0.id, $0.email) }) { first, _ in first }
    let location = data.locationID
    for business in try bench.target.ask("GET", "/businesses/?locationId=\(location)&limit=100")["businesses"]?.arrayValue ?? [] {
      names[try #require(business["id"]?.stringValue)] = business["name"]?.stringValue
    }
    names.merge(try fieldKeys(bench.target.ask("GET", "/locations/\(location)/customFields?model=contact"))) { first, _ in first }
    return names
  }

  static func fieldKeys(_ body: JSONValue) -> [String: String] {
    var keys: [String: String] = [:]
    for field in (body["customFields"] ?? body).arrayValue ?? [] {
      guard let id = field["id"]?.stringValue, let key = field["fieldKey"]?.stringValue else { continue }
      keys[id] = String(key.dropFirst("contact.".count))
    }
    return keys
  }

  /// What the mapping makes of the source, by key.
  private func expected(_ mapping: String) throws -> [(key: String, record: JSONValue)] {
    try #require(bench.folder.read("source/\(mapping).ndjson")).split(separator: "\n").map { line in
      let record = try JSONReader.read(String(line))
      return (try #require((record["key"] ?? record["contactId"])?.stringValue), record)
    }
  }

  // MARK: Comparing

  private mutating func compareContacts() throws {
    let businesses = Dictionary(
      try expected("links").map { ($0.key, $0.record["business"]?.stringValue) }, uniquingKeysWith: { first, _ in first })
    var found: [String: JSONValue] = [:]
    let contacts = try bench.target.contacts()
    for contact in contacts { found[try #require(contact["id"]?.stringValue)] = contact }
    let expected = try expected("contacts")
    checkIDs("contacts", expected.map(\.key), there: contacts.compactMap { $0["id"]?.stringValue })
    counts["links"] = 0
    for (key, record) in expected {
      guard let contact = ids["contacts"]?[key].flatMap({ found[$0] }) else { continue }
      var fields = leaves(record, isSource: true)
      if let business = businesses[key] ?? nil {
        fields["business"] = business
        counts["links", default: 0] += 1
      }
      var other = leaves(shown(contact), isSource: false)
      other["business"] = contact["businessId"]?.stringValue.flatMap { names[$0] ?? "unknown" }
      // Only of contacts that have nothing else: GHL makes it from the two parts.
      if fields["name"] == nil { other["name"] = nil }
      compare("contacts", key, fields, other)
    }
  }

  private mutating func compareChildren(_ mapping: String) throws {
    var found: [String: JSONValue] = [:]
    var there: [String] = []
    for contact in (ids["contacts"] ?? [:]).values.sorted() {
      for child in try bench.target.ask("GET", "/contacts/\(contact)/\(mapping)")[mapping]?.arrayValue ?? [] {
        let id = try #require(child["id"]?.stringValue)
        there.append(id)
        found[id] = child
      }
    }
    let expected = try expected(mapping)
    checkIDs(mapping, expected.map(\.key), there: there)
    for (key, record) in expected {
      guard let child = ids[mapping]?[key].flatMap({ found[$0] }) else { continue }
      var fields = leaves(record, isSource: true)
      fields["contactId"] = fields["contactId"].flatMap { ids["contacts"]?[$0] }
      var other = leaves(child, isSource: false)
      other["contactId"] = child["contactId"]?.stringValue
      compare(mapping, key, fields, other)
    }
  }

  /// Each record is there once, and nothing else is there.
  private mutating func checkIDs(_ mapping: String, _ keys: [String], there: [String]) {
    counts[mapping] = there.count
    let own = ids[mapping] ?? [:]
    if Set(own.values).count != own.count { faults.append("\(mapping): two records have one ID") }
    if Set(there).count != there.count { faults.append("\(mapping): an ID is there twice") }
    for key in keys where own[key].map({ !there.contains($0) }) ?? true { faults.append("\(mapping): \(key) is missing") }
    let known = Set(keys.compactMap { own[$0] })
    for id in there where !known.contains(id) { faults.append("\(mapping): \(id) has no source") }
  }

  mutating func compare(_ mapping: String, _ key: String, _ fields: [String: String], _ other: [String: String]) {
    for path in Set(fields.keys).union(other.keys).sorted() {
      if fields[path] == other[path] {
        equal += 1
        continue
      }
      let names = path.split(separator: ".")
      let above = names.indices.map { names[...$0].joined(separator: ".") }
      if above.contains(where: { reported.contains("\(mapping) \(key) \($0)") }) {
        notApplied.append("\(mapping) \(path)")
      } else {
        faults.append("\(mapping) \(key): \(path) is \(fields[path] ?? "-"), and \(other[path] ?? "-") at the target")
      }
    }
  }

  // MARK: One form

  /// A record of the target as the mappings spell it.
  private func shown(_ record: JSONValue) -> JSONValue {
    .object(
      (record.objectValue ?? []).map { member in
        guard member.name == "customFields" else { return member }
        let fields = (member.value.arrayValue ?? []).compactMap { item in
          item["id"]?.stringValue.map { JSONValue.Member(names[$0] ?? "-", item["value"] ?? .null) }
        }
        return JSONValue.Member("customFields", .object(fields))
      })
  }

  /// The values of a record by path: nothing without a value, lists without an order, and users by their e-mail addresses.
  func leaves(_ record: JSONValue, isSource: Bool) -> [String: String] {
    var found: [String: String] = [:]
    func add(_ value: JSONValue, _ path: String) {
      switch value {
      case .object(let members): for member in members { add(member.value, "\(path).\(member.name)") }
      case .array(let items): if !items.isEmpty { found[path] = items.map(\.text).sorted().joined(separator: ",") }
      case .number(let digits): found[path] = Double(digits).map { "\($0)" } ?? digits
      case .bool(let isSet): found[path] = "\(isSet)"
      case .string(let text): if !text.isEmpty { found[path] = text }
      case .null: break
      }
    }
    for member in record.objectValue ?? [] where member.name != "key" && !Self.untaken.contains(member.name) {
      // Of the mapping, the contact's key, and the name of one that has no others.
      let isKept = isSource || member.name == "name" || !Self.derived.contains(member.name)
      if isKept { add(member.value, member.name) }
    }
    for path in ["assignedTo", "userId"] { found[path] = found[path].map { isSource ? $0 : names[$0] ?? $0 } }
    // An update cannot have a fraction of a second.
    found["dueDate"] = found["dueDate"]?.replacing(/\.\d+Z$/, with: "Z")
    return found
  }
}
