import Core
import GHL
import Records

/// Ids of custom fields that contacts have but the location does not define: fields that were deleted, or belong to another
/// location. They do not affect the record; the snapshot has one note per id.
struct UndefinedCustomFields {
  private struct Finding {
    var contacts = 1
    var first: String?
  }

  /// Nil if definitions were not fetched, so that nothing is known.
  private var defined: Set<Name>?
  private var findings: [Name: Finding] = [:]
  /// In order of first occurrence.
  private var ids: [String] = []
  /// Contacts with an id that is not in `ids`, because there are too many.
  private var others = 0

  /// A location has at most a few hundred custom fields; more notes than this are of no use.
  private static let idsAtMost = 1000

  mutating func define(_ definitions: [RawRecord]) { defined = Set(names: definitions.compactMap(\.id)) }

  mutating func read(_ contact: RawRecord) {
    guard let defined, let fields = contact.slice["customFields"] else { return }
    var known: Set<Name> = []
    for field in fields.elements {
      guard let id = field["id"]?.stringValue, !id.isEmpty, !defined.contains(id), known.insert(id) else { continue }
      if findings[id] != nil {
        findings[id]?.contacts += 1
      } else if ids.count < Self.idsAtMost {
        findings[id] = Finding(first: contact.id)
        ids.append(id)
      } else {
        others += 1
      }
    }
  }

  func notes(location: String) -> [ExtractProblem] {
    func note(_ message: String) -> ExtractProblem {
      ExtractProblem(
        code: .unknownCustomField, severity: .note, entity: "contact", record: nil, location: location, message: message)
    }
    var notes = ids.compactMap { id -> ExtractProblem? in
      guard let finding = findings[id] else { return nil }
      let whose = finding.contacts == 1 ? "1 contact has it" : "\(finding.contacts) contacts have it"
      let first = finding.first.map { finding.contacts == 1 ? ": \($0)" : ", the first is \($0)" } ?? ""
      return note(
        "the location does not define a custom field with the ID '\(id)', so mappings cannot read it; \(whose)\(first)")
    }
    if others > 0 {
      notes.append(note("contacts have further custom fields that the location does not define: \(others) values in all"))
    }
    return notes
  }
}
