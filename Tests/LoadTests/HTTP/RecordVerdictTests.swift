import Control
import Core
import TestSupport
import Testing

@testable import Load

/// What is decided about a record before anything is sent: the same for a load and a dry run.
@Suite struct RecordVerdictTests {
  private static func plan(_ change: (inout ResourceDocument) throws -> Void = { _ in }) throws -> PartPlan {
    let bench = try HTTPBench(FakeAPI(), change)
    return try PartPlan(HTTPBench.people(0..<1).part(), destination: "app", bench.document)
  }

  private static func record(
    digest: [UInt8] = [1], values: [Name: Name] = [:], parents: [ParentReference: Name] = [:]
  ) -> OutgoingRecord {
    OutgoingRecord(
      ordinal: 0, source: "r1", line: 1, key: "k0", digest: digest, fields: [], json: [], values: values, parents: parents)
  }

  private static func word(_ verdict: RecordVerdict) -> String {
    switch verdict {
    case .unchanged: "unchanged"
    case .goesOn: "goes on"
    case .waits(let parents): "waits for \(parents.map(\.key.text).joined(separator: ", "))"
    case .ends(let outcome, let reason): "\(outcome.rawValue): \(reason.code.slug)"
    }
  }

  @Test(arguments: [
    (nil, "goes on"), (Accepted(digest: [1]), "unchanged"), (Accepted(digest: [2]), "goes on"),
    (Accepted(digest: nil), "goes on"), (.absent(epoch: 3), "goes on"),
    // A record of others, which stays theirs only if the pipeline says so.
    (Accepted(digest: [1], fields: FieldHashes.ofOthers), "unchanged"),
  ])
  func `a record is unchanged if the journal has its digest`(known: Accepted?, word: String) throws {
    #expect(try Self.word(Self.plan().verdict(on: Self.record(), known: known)) == word)
  }

  @Test(arguments: [ConflictDocument.Then.adopt, .reject])
  func `a record of others is not unchanged before the policy has decided`(then: ConflictDocument.Then) throws {
    let plan = try Self.plan {
      $0.conflict.then = then
      $0.conflict.isStated = true
    }
    let known = Accepted(digest: [1], fields: FieldHashes.ofOthers)
    #expect(Self.word(plan.verdict(on: Self.record(), known: known)) == "goes on")
    #expect(Self.word(plan.verdict(on: Self.record(), known: Accepted(digest: [1]))) == "unchanged")
  }

  @Test(arguments: [
    // Stated, policy, same: what becomes of a record that was there before.
    (false, ConflictDocument.Then.update, true, "claim"), (false, .update, false, "update"), (true, .update, false, "update"),
    (false, .adopt, false, "update"), (true, .adopt, true, "claim"), (true, .adopt, false, "claim"),
    (true, .reject, true, "claim"), (true, .reject, false, "keep"), (true, .reread, false, "update"),
  ])
  func `what becomes of a record that was there before`(
    isStated: Bool, then: ConflictDocument.Then, isSame: Bool, word: String
  ) throws {
    let plan = try Self.plan {
      $0.conflict.then = then
      $0.conflict.isStated = isStated
    }
    #expect("\(plan.verdict(onFoundRecord: isSame))" == word)
  }

  @Test(arguments: [
    (nil, false, true, false), (nil, true, true, true), (nil, true, false, true), (Accepted(digest: [1]), true, true, false),
    (.absent(epoch: 1), false, true, true), (.absent(epoch: 1), true, false, false),
  ])
  func `what the journal lacks is looked up on a first load, and what it marks as removed is always looked up`(
    known: Accepted?, findsFirst: Bool, hasFind: Bool, isLookedUp: Bool
  ) throws {
    let plan = try Self.plan { if !hasFind { $0.find = nil } }
    #expect(plan.mayBeThere(known, findsFirst: findsFirst) == isLookedUp)
  }

  @Test func `parents in other mappings are there or not, and those in the same mapping may still arrive`() throws {
    let own = try Self.plan { $0.create = try HTTPBench.request("POST /people/{remote_id(people, name)}/people") }
    let other = try Self.plan { $0.create = try HTTPBench.request("POST /teams/{remote_id(teams, name)}/people") }
    let named = Self.record(values: ["name": "k9"])
    #expect(Self.word(own.verdict(on: named, known: nil)) == "waits for k9")
    #expect(Self.word(other.verdict(on: named, known: nil)) == "pending: parent-not-loaded")
    #expect(Self.word(own.verdict(on: Self.record(), known: nil)) == "failed: request-impossible")
    let reference = ParentReference(mapping: "teams", field: "name")
    let child = Self.record(values: ["name": "k9"], parents: [reference: "r9"])
    #expect(Self.word(other.verdict(on: child, known: nil)) == "goes on")
    // What is unchanged needs no parent.
    #expect(Self.word(other.verdict(on: named, known: Accepted(digest: [1]))) == "unchanged")
  }

  @Test(arguments: [
    (false, false, false, "single POST"), (false, false, true, "single PUT"), (true, false, false, "batch"),
    (true, false, true, "single PUT"), (true, true, true, "batch"),
  ])
  func `a batch updates only if the pipeline says so`(
    hasBatch: Bool, updates: Bool, isUpdate: Bool, word: String
  ) throws {
    let plan = try Self.plan { if hasBatch { $0.batch = try HTTPBench.batch(size: 3, updates: updates) } }
    switch plan.route(isUpdate: isUpdate) {
    case .batch: #expect(word == "batch")
    case .single(let request): #expect("single \(request?.template.method ?? "-")" == word)
    }
  }
}
