import Core
import GHL
import HTTP
import Load
import PipelineFile
import Testing

@testable import Pipeline

/// What the block `ghl` of a destination may have.
@Suite struct GHLDestinationDocumentTests {
  static let whole = """
    pipeline: crm
    source: {csv: {person: people.csv}}
    mappings: [contacts.yaml, tasks.yaml, tags.yaml, links.yaml, leavers.yaml]
    destinations:
      crm:
        ghl:
          location: ${LOCATION}
          auth: {token: {env: GHL_TARGET_TOKEN}, fallback: {file: next.txt}}
          base_url: http://127.0.0.1:8080
          version: v3
          allow: [delete]
          budget: {daily_percent: 70}
          longest_call: 90s
          mappings:
            contacts: {to: contacts, write: upsert, match: [phone], existing: update, tags: replace, read_back: 5%, before: save}
            tasks: {to: tasks, contact: {mapping: contacts, field: contactId}, read_back: {share: 0.5%, then: report}}
            tags: {to: tags, contact: {mapping: contacts, field: contactId}, do: remove, verify: 10%}
            links: {to: business, contact: {mapping: contacts, field: contactId}, normalizes: {business: trim}}
            leavers: {to: contacts, delete: contacts, max_percent: 2.5}

    """

  static func read(_ text: String) -> (document: PipelineDocument?, diagnostics: Diagnostics) {
    PipelineDocument.read(file: "project/waybill.yaml", text: text, environment: ["LOCATION": "loc1"])
  }

  static func ghl(_ text: String) throws -> GHLDestinationDocument {
    let (document, diagnostics) = read(text)
    #expect(diagnostics.all.map(diagnostics.text) == [])
    return try #require(document?.destinations.first?.ghl)
  }

  @Test func `every key is read`() throws {
    let ghl = try Self.ghl(Self.whole)
    #expect(ghl.location == "loc1")
    #expect(ghl.address.text == "http://127.0.0.1:8080")
    #expect(ghl.token == .environment("GHL_TARGET_TOKEN"))
    #expect(ghl.fallback == .file("project/next.txt"))
    #expect(ghl.generation == .v3)
    #expect(ghl.allowsDelete)
    #expect(ghl.dailyPercent == 70)
    #expect(ghl.longestCall == .seconds(90))
    #expect(ghl.parts.map(\.mapping) == ["contacts", "tasks", "tags", "links", "leavers"])
    #expect(ghl.parts.map(\.target) == [.contacts, .tasks, .tags, .business, .contacts])
    let contacts = try #require(ghl.part(of: "contacts"))
    #expect(contacts.write == .upsert)
    #expect(contacts.match == [.phone])
    #expect(contacts.existing == .update)
    #expect(contacts.replacesTags)
    #expect(contacts.readBack == VerifyDocument(share: 500, then: .resend))
    #expect(contacts.before == BeforeDocument())
    let tasks = try #require(ghl.part(of: "tasks"))
    #expect(tasks.contact?.mapping == "contacts")
    #expect(tasks.contact?.field == "contactId")
    #expect(tasks.readBack == VerifyDocument(share: 50, then: .report))
    let tags = try #require(ghl.part(of: "tags"))
    #expect(tags.action == .remove)
    #expect(tags.verify == VerifyDocument(share: 1_000))
    #expect(ghl.part(of: "links")?.normalizes.map(\.name) == ["business"])
    let leavers = try #require(ghl.part(of: "leavers"))
    #expect(leavers.deletion?.mapping == "contacts")
    #expect(leavers.deletion?.maxPercent == 2.5)
  }

  @Test func `defaults delete nothing, read everything back, and take over contacts by both identifiers`() throws {
    let ghl = try Self.ghl(
      """
      pipeline: crm
      source: {csv: {person: people.csv}}
      mappings: [contacts.yaml]
      destinations: {crm: {ghl: {location: loc1, auth: {token: {env: T}}, mappings: {contacts: {to: contacts}}}}}
      """)
    #expect(ghl.address.text == "https://services.leadconnectorhq.com")
    #expect(ghl.generation == .dated)
    #expect(!ghl.allowsDelete)
    #expect(ghl.dailyPercent == nil)
    #expect(ghl.longestCall == .seconds(60))
    let contacts = try #require(ghl.parts.first)
    #expect(contacts.write == .create)
    #expect(contacts.match == [.email, .phone])
    #expect(contacts.existing == nil)
    #expect(!contacts.replacesTags)
    #expect(contacts.readBack == VerifyDocument(share: 10_000, then: .resend))
    #expect(contacts.verify == nil)
    #expect(contacts.before == nil)
  }

  @Test func `it is loaded as an http destination`() throws {
    let destination = try #require(Self.read(Self.whole).document?.destinations.first)
    guard case .http(let http) = destination.kind else {
      Issue.record("another kind")
      return
    }
    #expect(http.resources.map(\.mapping) == ["contacts", "tasks", "tags", "links", "leavers"])
    #expect(destination.mappings?.map(\.name) == http.resources.map(\.mapping))
    #expect(destination.needs(of: "tasks") == ["contacts"])
    #expect(destination.kind.delivery == .incremental)
  }

  @Test(arguments: [("0.01", 1), ("0.07", 7), ("1.13", 113), ("2.5", 250), ("29.07", 2_907), ("100", 10_000)])
  func `a limit of deletions is exact`(percent: String, share: Int) throws {
    let ghl = try Self.ghl(Self.whole.replacing("max_percent: 2.5", with: "max_percent: \(percent)"))
    #expect(ghl.httpDocument.resources.last?.deletion?.share == share)
  }

  /// A replacement in the whole pipeline, and for each diagnostic its code and the word where it stands.
  static let mistakes: [(String, String, [String])] = [
    ("location: ${LOCATION}", "locaton: x", ["unknown-key locaton"]),
    ("auth: {token", "auth: {tokn", ["unknown-key tokn"]),
    ("{env: GHL_TARGET_TOKEN}", "pit-1234", ["literal-secret pit-1234"]),
    ("auth: {token: {env: GHL_TARGET_TOKEN}, fallback: {file: next.txt}}", "auth: pit-1234", ["literal-secret pit-1234"]),
    ("http://127.0.0.1:8080", "http://api.example", ["bad-argument http"]),
    ("version: v3", "version: v4", ["unknown-word v4"]),
    ("[delete]", "[delet]", ["unknown-word delet", "bad-argument delete", "bad-argument before"]),
    ("daily_percent: 70", "daily_percent: 170", ["wrong-kind 170"]),
    ("longest_call: 90s", "longest_call: 5s", ["bad-argument 5s"]),
    ("longest_call: 90s", "longest_call: 2h", ["bad-argument 2h"]),
    ("{to: contacts, write", "{too: contacts, write", ["unknown-key too"]),
    ("to: business", "to: buisness", ["unknown-word buisness"]),
    ("write: upsert", "write: put", ["unknown-word put"]), ("match: [phone]", "match: [fon]", ["unknown-word fon"]),
    ("existing: update", "existing: re-read", ["unknown-word re-read"]), ("tags: replace", "tags: add", ["unknown-word add"]),
    ("read_back: 5%", "read_back: 5", ["bad-argument 5"]), ("read_back: 5%", "read_back: 0%", ["bad-argument 0%"]),
    ("share: 0.5%", "share: 101%", ["bad-argument 101%"]), ("then: report", "then: ignore", ["unknown-word ignore"]),
    ("before: save", "before: keep", ["unknown-word keep"]),
    ("match: [phone], existing", "match: [], existing", ["bad-argument existing", "bad-argument write"]),
    ("match: [phone], existing: update,", "match: [],", ["bad-argument write"]),
    ("match: [phone]", "match: [email]", ["bad-argument write"]), ("match: [phone]", "match: [email, phone]", []),
    ("match: [phone], existing: update,", "", []), ("write: upsert, match: [phone]", "write: create, match: [email]", []),
    ("existing: update", "existing: adopt", ["bad-argument write"]),
    ("existing: update", "existing: reject", ["bad-argument write"]),
    ("write: upsert, match: [phone], existing: update", "existing: adopt", []),
    ("{to: tasks, contact: {mapping: contacts, field: contactId}", "{to: tasks", ["required-not-mapped tasks"]),
    ("{to: tasks, contact: {mapping", "{to: tasks, contcat: {mapping", ["unknown-key contcat"]),
    (
      "{to: tasks, contact: {mapping: contacts, field", "{to: tasks, contact: {mapping: contacts, fild",
      ["unknown-key fild"]
    ),
    ("{to: tasks,", "{to: tasks, write: create,", ["bad-argument write"]),
    ("{to: tasks,", "{to: tasks, match: [],", ["bad-argument match"]),
    ("{to: tasks,", "{to: tasks, existing: adopt,", ["bad-argument existing"]),
    ("{to: tasks,", "{to: tasks, tags: replace,", ["bad-argument tags"]),
    ("{to: tasks,", "{to: tasks, do: add,", ["bad-argument do"]), ("do: remove", "do: set", ["unknown-word set"]),
    ("do: remove", "max_percent: 5", ["bad-argument max_percent"]),
    ("do: remove", "delete: contacts", ["bad-argument delete", "bad-argument verify"]),
    ("business: trim", "business: tirm", ["unknown-word tirm"]),
    ("{to: contacts, write", "{contact: {mapping: a, field: b}, to: contacts, write", ["bad-argument contact"]),
    ("leavers: {to: contacts,", "leavers: {to: contacts, existing: adopt,", ["bad-argument existing"]),
    ("leavers: {to: contacts,", "leavers: {to: contacts, verify: 5%,", ["bad-argument verify"]),
    ("match: [phone]", "match: [phone, fon]", ["unknown-word fon"]),
    ("max_percent: 2.5", "max_percent: 2.505", ["bad-argument 2.505"]),
    ("max_percent: 2.5", "max_percent: 24.996", ["bad-argument 24.996"]),
    ("max_percent: 2.5", "max_percent: 0.015", ["bad-argument 0.015"]),
    ("max_percent: 2.5", "max_percent: 0", ["wrong-kind 0"]), ("max_percent: 2.5", "max_percent: 101", ["wrong-kind 101"]),
    ("      allow: [delete]\n", "", ["bad-argument before", "bad-argument delete"]),
    ("      allow: [delete]\n", "      allow: []\n", ["bad-argument before", "bad-argument delete"]),
  ]

  @Test("each mistake has its place, and what is none is not reported", arguments: mistakes.indices)
  func mistake(index: Int) {
    let (old, new, expected) = Self.mistakes[index]
    let text = Self.whole.replacing(old, with: new, maxReplacements: 1)
    #expect(text != Self.whole)
    let (_, diagnostics) = Self.read(text)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let found = diagnostics.sorted.map { diagnostic in
      let rest = lines[diagnostic.place.line - 1].dropFirst(diagnostic.place.column - 1)
      return "\(diagnostic.code.rawValue) \(rest.prefix { !" ,:{}[]".contains($0) })"
    }
    #expect(found.sorted() == expected.sorted())
    #expect(diagnostics.all.allSatisfy { !$0.message.contains("pit-1234") && $0.hint?.contains("pit-1234") != true })
  }

  @Test func `all mistakes are reported at once, each with a hint`() {
    let text = Self.whole.replacing("version: v3", with: "version: v4").replacing("do: remove", with: "do: set").replacing(
      "to: business", with: "to: businesses"
    ).replacing("longest_call: 90s", with: "longest_cal: 90s")
    let (document, diagnostics) = Self.read(text)
    #expect(document == nil)
    #expect(diagnostics.all.map(\.code) == [.unknownKey, .unknownWord, .unknownWord, .unknownWord])
    #expect(diagnostics.all.allSatisfy { $0.hint != nil })
  }

  @Test func `a placeholder in place of the location is a warning`() {
    let (document, diagnostics) = Self.read(Self.whole.replacing("${LOCATION}", with: "put-the-location-id-here"))
    #expect(document != nil)
    #expect(diagnostics.all.map(\.code) == [.placeholderLeft])
  }

  @Test func `without allow, saving is possible, and undo cannot delete`() {
    let text = Self.whole.replacing("      allow: [delete]\n", with: "").replacing(
      "        leavers: {to: contacts, delete: contacts, max_percent: 2.5}\n", with: "")
    let (document, diagnostics) = Self.read(text)
    #expect(document != nil)
    #expect(diagnostics.all.map(\.severity) == [.warning])
    #expect(diagnostics.all.first?.message.contains("`waybill undo` cannot remove") == true)
  }
}
