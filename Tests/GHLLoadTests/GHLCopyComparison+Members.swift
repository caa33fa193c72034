import Core
import Foundation
import TestSupport
import Testing

/// The records of the source as the API returned them: each member is copied as it is, converted by a mapping, or one that no route
/// takes.
extension GHLCopyComparison {
  mutating func compareMembers() throws {
    let location = try #require(bench.environment["GHL_SOURCE_LOCATION"])
    let snapshot = try #require(bench.folder.names(in: ".waybill/snapshots").last)
    let folder = ".waybill/snapshots/\(snapshot)/\(location)"
    let definitions = try JSONReader.read(try #require(bench.folder.read("\(folder)/custom-fields.json")))
    let keys = Self.fieldKeys(definitions)
    for (entity, mapping) in [("contact", "contacts"), ("task", "tasks"), ("note", "notes")] {
      let copied = try Self.names(in: try #require(bench.folder.read("ghl-to-ghl/\(mapping).yaml")))
      for line in try #require(bench.folder.read("\(folder)/\(entity).ndjson")).split(separator: "\n") {
        let record = try JSONReader.read(String(line))
        check(entity, record, keys, copied)
        if entity == "contact" { try comparePlain(record) }
      }
    }
  }

  /// The words of a mapping's fields.
  private static func names(in mapping: String) throws -> Set<String> {
    let start = try #require(mapping.firstRange(of: "\nfields:"))
    let end = try #require(mapping.firstRange(of: "\npii:"))
    return Set(mapping[start.upperBound..<end.lowerBound].matches(of: /\w+/).map { String($0.output) })
  }

  private mutating func check(_ entity: String, _ record: JSONValue, _ keys: [String: String], _ copied: Set<String>) {
    let nothing: [JSONValue] = [.null, .string(""), .array([]), .object([])]
    for member in record.objectValue ?? [] where !nothing.contains(member.value) {
      if Self.untaken.contains(member.name) {
        left.insert("\(entity) \(member.name)")
      } else if !copied.contains(member.name) && !Self.derived.contains(member.name) {
        faults.append("\(entity): \(member.name) is neither copied nor known as one that cannot be copied")
      }
    }
    for item in record["customFields"]?.arrayValue ?? [] {
      let name = item["id"]?.stringValue.flatMap { keys[$0] } ?? "-"
      if Self.untakenFields.contains(name) {
        left.insert("custom field \(name)")
      } else if !copied.contains(name) {
        faults.append("\(entity): the custom field \(name) is not copied")
      }
    }
    if record["dndSettings"]?["RCS"] != nil { left.insert("\(entity) dndSettings.RCS") }
  }

  private mutating func comparePlain(_ record: JSONValue) throws {
    guard let key = record["id"]?.stringValue, let id = ids["contacts"]?[key] else { return }
    let contact = try bench.target.ask("GET", "/contacts/\(id)")["contact"] ?? .null
    func plain(_ record: JSONValue, isSource: Bool) -> [String: String] {
      leaves(record, isSource: isSource).filter { Self.plain.contains($0.key) }
    }
    compare("contacts", key, plain(record, isSource: true), plain(contact, isSource: false))
  }
}
