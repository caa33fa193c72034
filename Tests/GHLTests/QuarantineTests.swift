import Control
import Core
import Extract
import Foundation
import Testing

@testable import GHL
@testable import HTTP

/// A source in which some records always fail.
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

  static func run(
    _ transport: any HTTPTransport, _ folder: TestFolder, reads: Set<String> = ["phone"], window: Int = 4
  ) async throws
    -> ExtractResult
  {
    let plan = FetchPlan(
      needs: [EntityNeed(entity: "contact", fields: reads), EntityNeed(entity: "note", fields: ["body"])],
      catalog: GHLCatalog(), withoutBusiness: .ignore)
    let client = try GHLClient.scripted(transport)
    return await Extractor(client: client, plan: plan, options: .init(snapshots: folder.path, window: window)).run()
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
        case "/contacts/c10011/notes": .json(404, #"{"message":"Notes not found"}"#)
        case "/contacts/c10012/notes": .json(400, #"{"message":"Bad Request"}"#)
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
    #expect(result.problems.map(\.record) == ["c10005", "c10007", "c10009", "c10011", "c10012"])
    #expect(result.problems.map(\.entity) == ["contact", "note", "contact", "note", "note"])
    #expect(result.problems.map(\.status) == [500, 502, 404, 404, 400])
    #expect(result.problems.map(\.severity) == [.error, .error, .warning, .error, .error])
    #expect(result.problems.map(\.code).allSatisfy { $0 == .sourceRefused })
    #expect(result.problems.first { $0.record == "c10009" }?.message.contains("deleted") == true)
    #expect(result.problems.first?.traceId == "t5")
    #expect(try snapshot.problems() == result.problems)
    let entity = try #require(snapshot.manifest.entities["contact"])
    #expect(entity.count == 38 && entity.expected == 39 && entity.refused == 1 && entity.gone == 1)
    let notes = try #require(snapshot.manifest.entities["note"])
    #expect(notes.refused == 3 && notes.expected == notes.count + 3)
  }

  @Test("a source that is down ends the run instead of refusing every record")
  func down() async throws {
    let folder = TestFolder()
    let result = try await Self.run(
      Self.transport { path in path.hasPrefix("/contacts/c") ? .json(503, "") : nil }, folder)
    #expect(result.exitCode == .unreachable)
    #expect(result.manifest?.isComplete == false)
  }

  @Test("a source that accepts requests but never responds ends the run soon, and each contact waits once")
  func silent() async throws {
    let folder = TestFolder()
    let answering = Self.transport { _ in nil }
    let transport = ScriptedTransport { _, exchange in
      if exchange.path.hasPrefix("/contacts/c") { return .failure(.timedOut) }
      return Result { () throws(TransportFailure) in try answering.answer(to: exchange) }
    }
    let result = try await Self.run(transport, folder)
    #expect(result.exitCode == .unreachable)
    #expect(!transport.exchanges.contains { $0.path.hasSuffix("/notes") })
    #expect(transport.exchanges.count < 160)
    // What was not asked for is missing all the same.
    let refused = Set(result.problems.filter { $0.entity == "contact" }.compactMap(\.record))
    #expect(refused == Set(result.problems.filter { $0.entity == "note" }.compactMap(\.record)))
  }

  @Test("custom field definitions that cannot be written fail the extraction")
  func unwritable() async throws {
    let folder = TestFolder()
    let result = try await Self.run(
      Self.transport { path in
        guard path.hasSuffix("/customFields") else { return nil }
        let manager = FileManager.default
        for snapshot in (try? manager.contentsOfDirectory(atPath: folder.path)) ?? [] {
          try? manager.createDirectory(
            atPath: "\(folder.path)/\(snapshot)/loc/custom-fields.json/in-the-way", withIntermediateDirectories: true)
        }
        return nil
      }, folder, reads: ["phone", "custom"])
    #expect(result.exitCode == .cannotWrite)
    #expect(result.manifest?.isComplete == false)
  }

  @Test("a plan shows which field needs which call, and what it costs")
  func plan() {
    let plan = FetchPlan(
      needs: [
        EntityNeed(entity: "contact", fields: ["email", "phone", "custom"]), EntityNeed(entity: "task", fields: ["title"]),
      ],
      catalog: GHLCatalog(), withoutBusiness: .ignore)
    #expect(plan.reasons[.detail] == ["contact.phone"])
    #expect(plan.reasons[.list] == ["contact.custom", "contact.email"])
    #expect(plan.makes(.tasks) && !plan.makes(.notes) && !plan.makes(.outside))
    let size = LocationSize(businesses: 5, members: [200, 200, 200, 200, 201], outside: 99, total: 1_100)
    let estimate = plan.estimatedRequests(size)
    #expect(estimate.contacts == 1_001)
    #expect(estimate.calls[.detail] == 1_001)
    #expect(estimate.calls[.list] == 4 * 3 + 4)
    #expect(estimate.calls[.tasks] == 1 + 4 * 3 + 4)
    #expect(estimate.total == 1 + 1 + 2 + 16 + 1_001 + 17)
    let few = plan.estimatedRequests(size, limit: 300)
    #expect(few.calls[.list] == 3 + 1 && few.calls[.detail] == 300 && few.calls[.tasks] == 300)
    let both = FetchPlan(
      needs: [EntityNeed(entity: "contact", fields: ["phone", "attributions"])], catalog: GHLCatalog())
    #expect(both.warnings.count == 1)
  }
}
