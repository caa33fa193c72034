import Control
import Core
import Files
import PipelineFile
import TestSupport
import Testing

@testable import Pipeline

/// `gates` of pipeline files: what is read, and what is refused before the first record.
@Suite struct PipelineGateTests {
  private static func pipeline(_ gates: String) -> String {
    Project.pipeline.replacing("  read: {min: 1}\n  rejected: {max: 3}", with: gates)
  }

  private static func read(_ gates: String) -> (document: PipelineDocument?, diagnostics: Diagnostics) {
    PipelineDocument.read(file: "waybill.yaml", text: pipeline(gates), environment: [:])
  }

  static let email = GateField(mapping: "contacts", name: "email")

  static let readings: [(String, [GateDocument])] = [
    (
      "  failed: {max_percent: 1, min_records: 100, max: 5, message: \"Ask Ada.\"}",
      [GateDocument(.failed(GateCeiling(maxPercent: 1, minRecords: 100, max: 5)), message: "Ask Ada.")]
    ),
    ("  pending: {max: 0, mappings: [contacts]}", [GateDocument(.pending(GateCeiling(max: 0)), mappings: ["contacts"])]),
    (
      "  warnings: {max_percent: 250, code: phone-invalid}",
      [GateDocument(.warnings(GateCeiling(maxPercent: 250), code: "phone-invalid"))]
    ),
    ("  orphans: {max: 0}", [GateDocument(.orphans(GateCeiling(max: 0)))]),
    (
      "  complete:\n    contacts.email: {min_percent: 95, min_records: 20}\n    contacts.address.city: {max: 3, severity: warning}",
      [
        GateDocument(.complete(email, minPercent: 95, max: nil, minRecords: 20)),
        GateDocument(
          .complete(GateField(mapping: "contacts", name: "address.city"), minPercent: nil, max: 3), severity: .warning),
      ]
    ),
    ("  unique: {contacts.email: {max: 0}}", [GateDocument(.unique(email, GateCeiling(max: 0)))]),
    ("  quota: {min: 20000}", [GateDocument(.quota(min: 20_000))]),
    ("  freshness: {max_age: 26h}", [GateDocument(.freshness(maxSeconds: 93_600))]),
    ("  freshness: {max_age: 2d}", [GateDocument(.freshness(maxSeconds: 172_800))]),
    ("  freshness: {max_age: 90m, field: contacts.email}", [GateDocument(.freshness(maxSeconds: 5_400, field: email))]),
    ("  control_totals: {max: 0}", [GateDocument(.controlTotals(max: 0))]),
    ("  reconciled: {max_percent: 0.5}", [GateDocument(.reconciled(GateCeiling(maxPercent: 0.5)))]),
    (
      "  rejected: [{max: 1, mappings: [contacts]}, {max_percent: 5, min_records: 9}]",
      [
        GateDocument(.rejected(maxPercent: nil, minRecords: 0, max: 1), mappings: ["contacts"]),
        GateDocument(.rejected(maxPercent: 5, minRecords: 9, max: nil)),
      ]
    ),
  ]

  @Test(arguments: readings) func `a gate is read`(_ gates: String, _ expected: [GateDocument]) throws {
    let (document, diagnostics) = Self.read(gates)
    #expect(diagnostics.all.map { diagnostics.text(of: $0) } == [])
    #expect(try #require(document).gates == expected + [.standardWritten])
  }

  @Test func `the standard limits of written apply to mappings that no gate names`() throws {
    let gates = try #require(Self.read("  written: {max_percent_of_last: 150, mappings: [contacts]}").document).gates
    #expect(
      gates == [
        GateDocument(.written(min: 1, minPercentOfLast: 50, maxPercentOfLast: 150), mappings: ["contacts"]),
        GateDocument(.written(min: 1, minPercentOfLast: 50), exempt: ["contacts"]),
      ])
  }

  /// A gate, and the code and the beginning of the message that it gives.
  static let mistakes: [(String, DiagnosticCode, String)] = [
    ("  failed: {}", .missingKeyword, "gates.failed needs 'max_percent', 'max' or both"),
    ("  failed: {max_percent: 101}", .wrongKind, "gates.failed.max_percent must be from 0 to 100"),
    ("  failed: {max_percent: nan}", .wrongKind, "gates.failed.max_percent"),
    ("  failed: {max: 1, min_records: 5}", .badArgument, "gates.failed.min_records needs 'max_percent'"),
    ("  failed: {max: -1}", .wrongKind, "gates.failed.max"),
    ("  failed: []", .wrongKind, "gates.failed must be"),
    ("  complete: {contacts: {min_percent: 5}}", .badArgument, "gates.complete: 'contacts' does not name a field"),
    ("  complete: {contacts.email: {max_percent: 5}}", .unknownKey, "gates.complete.contacts.email has no key 'max_percent'"),
    ("  complete: {}", .wrongKind, "gates.complete must be"),
    ("  unique: {contacts.email: {}}", .missingKeyword, "gates.unique.contacts.email needs 'max_percent', 'max' or both"),
    ("  freshness: {max_age: 26}", .wrongKind, "gates.freshness.max_age"),
    ("  freshness: {max_age: 400d}", .badArgument, "gates.freshness.max_age must be"),
    ("  quota: {min: 1, mappings: [contacts]}", .unknownKey, "gates.quota has no key 'mappings'"),
    (
      "  written: {min_percent_of_last: 90, max_percent_of_last: 80}", .badArgument,
      "gates.written.max_percent_of_last is 80, and min_percent_of_last 90: no run can pass"
    ),
    ("  faild: {max: 1}", .unknownKey, "gates has no key 'faild'"),
  ]

  @Test(arguments: mistakes) func `a gate is refused`(_ gates: String, _ code: DiagnosticCode, _ message: String) {
    let (document, diagnostics) = Self.read(gates)
    #expect(document == nil)
    #expect(
      diagnostics.all.contains { $0.code == code && $0.message.hasPrefix(message) }, "\(diagnostics.all.map(\.message))")
  }

  @Test func `a code that looks like one of ours is a warning`() {
    let (document, diagnostics) = Self.read("  warnings: {max: 1, code: phone-invalud}")
    #expect(document != nil && diagnostics.all.map(\.severity) == [.warning])
    #expect(diagnostics.all.first?.hint == "did you mean 'phone-invalid'?")
  }

  /// A gate, and what the mappings reveal about it: line, column, code, message, hint.
  static let names: [(String, [String])] = [
    (
      "  rejected: {max: 1, mappings: [contcts]}",
      ["8:33 error unknown-word there is no mapping 'contcts' did you mean 'contacts'?"]
    ),
    (
      "  complete: {contacts.emial: {max: 1}}",
      ["8:14 error unknown-target-field gates.complete: the mapping 'contacts' writes no field 'emial' did you mean 'email'?"]
    ),
    ("  unique: {tasks.id: {max: 1}}", ["8:12 error unknown-word there is no mapping 'tasks' the mappings are: contacts"]),
    ("  complete: {contacts.address.city: {max: 1}}", []),
    (
      "  failed: {max: 1}",
      [
        "8:3 warning bad-argument gates.failed is never judged: files and databases take all records or none, and the pipeline has no other destination "
      ]
    ),
    ("  quota: {min: 1}", ["8:3 warning bad-argument gates.quota is never judged: only a GHL location has a daily quota "]),
  ]

  @Test(arguments: names) func `what a gate names is compared with the mappings`(_ gates: String, _ expected: [String]) throws {
    let project = try Project(pipeline: Self.pipeline(gates))
    let found = PipelineCompilation.compile(try project.document()).diagnostics.all.filter {
      $0.place.file.hasSuffix("waybill.yaml")
    }
    #expect(
      found.map { "\($0.place.line):\($0.place.column) \($0.severity) \($0.code.rawValue) \($0.message) \($0.hint ?? "")" }
        == expected)
  }
}
