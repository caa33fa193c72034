import Core
import Foundation
import TestSupport
import Testing
import Transform

@testable import Report

/// The files of what a run observed: written whole, read back as they were.
@Suite struct ObservationsDocumentTests {
  private let folder = TemporaryFolder()

  private static var document: ObservationsDocument {
    var counts = ChangeCounts()
    for kind in ChangeKind.allCases { counts[kind] = Int(kind.rawValue) + 1 }
    return ObservationsDocument(
      mapping: "contacts", items: 9,
      fields: [
        .init(field: "id", sources: ["id"], counts: ChangeCounts()), .init(field: "a.b", sources: ["x", "y"], counts: counts),
      ],
      vars: [.init(field: "vars.v", sources: [], counts: counts)],
      crosstabs: [
        .init(
          field: "s", source: "type", isMasked: true, total: 9,
          cells: [
            .init(source: "lead", target: nil, count: 5, isKnown: true),
            .init(source: nil, target: "é", count: 3, isKnown: false),
          ], unused: ["old"], other: 1)
      ])
  }

  private static var sample: SampleDocument {
    SampleDocument(
      mapping: "contacts", seed: "s 1", of: 90,
      records: [
        .init(
          record: "c1", line: 1, element: nil,
          fates: [.init(destination: "crm", outcome: .written), .init(destination: "files", outcome: .failed)],
          problem: .init(code: "refused", field: "email", message: "no"),
          fields: [.init(field: "email", sources: [.init(path: "a", value: "x\ny"), .init(path: "b", value: nil)], target: "é")]),
        .init(record: nil, line: 7, element: 2, fates: [], problem: nil, isUnread: true, fields: []),
      ])
  }

  @Test func `what is written is read back`() throws {
    let path = "\(folder.path)/changes-made/contacts.json"
    try Self.document.write(to: path)
    #expect(try ObservationsDocument.read(path) == Self.document)
    let sample = "\(folder.path)/samples/contacts.ndjson"
    try Self.sample.write(to: sample)
    #expect(try SampleDocument.read(sample) == Self.sample)
    for name in ["changes-made", "samples"] { #expect(folder.mode(of: name) == 0o700) }
    for name in ["changes-made/contacts.json", "samples/contacts.ndjson"] { #expect(folder.mode(of: name) == 0o600) }
  }

  @Test func `a file that is missing is not recorded`() throws {
    #expect(try ObservationsDocument.read("\(folder.path)/none.json") == nil)
    #expect(try SampleDocument.read("\(folder.path)/none.ndjson") == nil)
  }

  @Test(arguments: [
    ("", OperationFailure.Code.damaged), ("{", .damaged), (#"{"version":1}"#, .damaged), (#"{"version":2}"#, .newerFormat),
    (#"{"version":1,"mapping":"m","seed":"s","of":3,"records":2}"# + "\n" + #"{"line":1,"outcomes":[],"fields":[]}"#, .damaged),
  ])
  func `a file that cannot be read is refused`(text: String, code: OperationFailure.Code) throws {
    try folder.write("file", text)
    let path = "\(folder.path)/file"
    #expect { _ = try ObservationsDocument.read(path) } throws: { ($0 as? OperationFailure)?.code == code }
    #expect { _ = try SampleDocument.read(path) } throws: { ($0 as? OperationFailure)?.code == code }
  }

  @Test func `the seed of a run comes from its ID`() {
    let seeds = ["20261130-010203-abcd", "20261130-010203-abce", ""].map { SampleDocument.seed(of: $0) }
    #expect(Set(seeds).count == 3 && seeds.allSatisfy { $0.count == 16 && UInt64($0, radix: 16) != nil })
    #expect(SampleDocument.seed(of: "20261130-010203-abcd") == seeds[0])
  }
}
