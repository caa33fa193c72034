import Control
import Core
import Extract
import Testing

@testable import GHL

/// A source in which some records fail for ever.
@Suite struct QuarantineTests {
  /// 40 contacts of one business; `answers` goes first.
  static func transport(_ answers: @escaping @Sendable (String) -> HTTPAnswer?) -> ScriptedTransport {
    var list = ContactList(40)
    list.claimed = nil
    return ScriptedTransport { [list] _, exchange in
      let path = exchange.path
      if let answer = answers(path) { return .success(answer) }
      if path == "/businesses/" {
        return .success(
          .json(200, exchange.query("skip") == "0" ? #"{"businesses":[{"id":"b","name":"B"}]}"# : #"{"businesses":[]}"#))
      }
      if path == "/locations/loc" { return .success(.json(200, #"{"location":{"id":"loc","timezone":"Europe/Berlin"}}"#)) }
      if path.hasSuffix("/customFields") { return .success(.json(200, #"{"customFields":[]}"#)) }
      if path.hasSuffix("/notes") {
        let id = path.split(separator: "/")[1]
        return .success(.json(200, "{\"notes\":[\n{\"id\":\"n\(id)\",\n\"contactId\":\"\(id)\"}]}"))
      }
      return .success(list.answer(exchange))
    }
  }

  static func run(_ transport: ScriptedTransport, _ folder: TestFolder) async throws -> ExtractResult {
    let plan = FetchPlan(
      needs: [EntityNeed(entity: "contact", fields: ["phone"]), EntityNeed(entity: "note", fields: ["body"])],
      catalog: GHLCatalog(), withoutBusiness: .ignore)
    let client = try GHLClient.scripted(transport)
    return await Extractor(client: client, plan: plan, options: .init(snapshots: folder.path, window: 4)).run()
  }

  @Test("one bad record is reported and left out, the rest is there in order")
  func oneBad() async throws {
    let folder = TestFolder()
    let result = try await Self.run(
      Self.transport { path in
        switch path {
        case "/contacts/c10005": .json(500, #"{"message":"boom","traceId":"t5"}"#)
        case "/contacts/c10007/notes": .json(502, "<html>")
        case "/contacts/c10009": .json(404, #"{"message":"not found"}"#)
        default: nil
        }
      }, folder)
    #expect(result.failure == nil)
    let snapshot = try #require(result.snapshot)
    #expect(snapshot.manifest.isComplete)
    #expect(snapshot.manifest.timezone == "Europe/Berlin")
    let contacts = try ExtractionTests.ids(snapshot, "contact")
    let wanted: [String] = (0..<40).filter { $0 != 5 && $0 != 9 }.map { "c\(10_000 + $0)" }
    #expect(contacts == wanted)
    #expect(result.problems.map(\.record) == ["c10005", "c10007"])
    #expect(result.problems.map(\.entity) == ["contact", "note"])
    #expect(result.problems.map(\.status) == [500, 502])
    #expect(result.problems.first?.traceId == "t5")
    #expect(try snapshot.problems() == result.problems)
    let entity = try #require(snapshot.manifest.entities["contact"])
    #expect(entity.count == 38 && entity.expected == 39 && entity.refused == 1 && entity.gone == 1)
    #expect(snapshot.manifest.entities["note"]?.refused == 1)
  }

  @Test("a source that is down ends the run instead of refusing every record")
  func down() async throws {
    let folder = TestFolder()
    let result = try await Self.run(
      Self.transport { path in path.hasPrefix("/contacts/c") ? .json(503, "") : nil }, folder)
    #expect(result.exitCode == .unreachable)
    #expect(result.manifest?.isComplete == false)
  }

  @Test("a plan says which field needs which call, and what it costs")
  func plan() {
    let plan = FetchPlan(
      needs: [
        EntityNeed(entity: "contact", fields: ["email", "phone", "custom"]), EntityNeed(entity: "task", fields: ["title"]),
      ],
      catalog: GHLCatalog(), withoutBusiness: .ignore)
    #expect(plan.reasons[.detail] == ["contact.phone"])
    #expect(plan.reasons[.list] == ["contact.custom", "contact.email"])
    #expect(plan.makes(.tasks) && !plan.makes(.notes) && !plan.makes(.outside))
    let estimate = plan.estimatedRequests(contacts: 1_000, businesses: 5)
    #expect(estimate.calls[.detail] == 1_000)
    #expect(estimate.total == 1_044)
    let both = FetchPlan(
      needs: [EntityNeed(entity: "contact", fields: ["phone", "attributions"])], catalog: GHLCatalog())
    #expect(both.warnings.count == 1)
  }
}
