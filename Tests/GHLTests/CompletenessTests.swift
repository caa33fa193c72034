import Control
import Core
import Extract
import Foundation
import Testing

@testable import GHL

/// What an extraction does where the source's lists do not agree with each other.
@Suite struct CompletenessTests {
  /// Businesses `a`, `b` and `c` of 40 contacts each. The list of `b` misses one; one more contact is in no business.
  static let missing = "b10005"
  static func ids(_ business: String) -> [String] { (0..<40).map { business + String(10_000 + $0) } }

  static func page(_ member: String, _ records: [String], _ rest: String = "") -> HTTPAnswer {
    .json(200, "{\"\(member)\":[\(records.joined(separator: ","))]\(rest)}")
  }

  static func transport(_ answers: @escaping @Sendable (String) -> HTTPAnswer? = { _ in nil }) -> ScriptedTransport {
    ScriptedTransport { _, exchange in
      let path = exchange.path
      if let answer = answers(path) { return .success(answer) }
      let isFirst = (exchange.query("skip") ?? "0") == "0" && (exchange.json?["skip"]?.intValue ?? 0) == 0
      let parts = path.split(separator: "/").map(String.init)
      switch path {
      case "/locations/loc": return .success(.json(200, #"{"location":{"id":"loc"}}"#))
      case "/locations/loc/customFields": return .success(page("customFields", []))
      case "/businesses/":
        return .success(page("businesses", isFirst ? ["a", "b", "c"].map { #"{"id":"\#($0)","name":"\#($0)"}"# } : []))
      case "/contacts/search":
        guard exchange.json?["searchAfter"] == nil else { return .success(page("contacts", [])) }
        var records = ["a", "b", "c"].flatMap { business in
          ids(business).map { #"{"id":"\#($0)","businessId":"\#(business)","searchAfter":[1,"\#($0)"]}"# }
        }
        records.append(#"{"id":"outsider","searchAfter":[1,"outsider"]}"#)
        return .success(page("contacts", records))
      case "/locations/loc/tasks/search":
        let business = exchange.json?["businessId"]?.stringValue ?? ""
        return .success(page("tasks", isFirst ? ids(business).map { #"{"id":"t\#($0)"}"# } : []))
      case "/contacts/outsider/tasks": return .success(page("tasks", [#"{"id":"toutsider"}"#, #"{"id":"ta10000"}"#]))
      default: break
      }
      if path.hasPrefix("/contacts/business/"), let business = parts.last {
        let listed = isFirst ? ids(business).filter { $0 != missing }.map { #"{"id":"\#($0)"}"# } : []
        return .success(page("contacts", listed, #","count":40"#))
      }
      if parts.count == 3 { return .success(page("tasks", parts.last == "tasks" ? [#"{"id":"t\#(parts[1])"}"#] : [])) }
      return .success(.json(200, #"{"contact":{"id":"\#(parts.last ?? "")"}}"#))
    }
  }

  static func run(
    _ transport: ScriptedTransport, _ folder: TestFolder, without: FetchPlan.WithoutBusiness
  ) async throws -> ExtractResult {
    let plan = FetchPlan(
      needs: [EntityNeed(entity: "contact", fields: ["phone"]), EntityNeed(entity: "task", fields: ["title"])],
      catalog: GHLCatalog(), withoutBusiness: without)
    let client = try GHLClient.scripted(transport)
    return await Extractor(client: client, plan: plan, options: .init(snapshots: folder.path, window: 4)).run()
  }

  @Test(
    "a member that its list missed is fetched, and is not outside", arguments: [FetchPlan.WithoutBusiness.count, .include],
    [false, true])
  func missedMember(without: FetchPlan.WithoutBusiness, taskByTask: Bool) async throws {
    let folder = TestFolder()
    let transport = Self.transport { path in
      guard taskByTask, path.hasSuffix("/tasks/search") else { return nil }
      return .json(401, #"{"message":"The token is not authorized for this scope."}"#)
    }
    let result = try await Self.run(transport, folder, without: without)
    #expect(result.failure == nil)
    #expect(result.problems.isEmpty)
    #expect(result.outsideBusinesses == 1)
    let snapshot = try #require(result.snapshot)
    let listed = ["a", "b", "c"].flatMap { Self.ids($0) }.filter { $0 != Self.missing } + [Self.missing]
    let outside = without == .include ? ["outsider"] : []
    #expect(try ExtractionTests.ids(snapshot, "contact") == listed + outside)
    let tasks = try ExtractionTests.ids(snapshot, "task")
    #expect(Set(tasks) == Set((listed + outside).map { "t" + $0 }))
    #expect(tasks.count == Set(tasks).count)
    if without == .include { #expect(tasks.last == "toutsider") }
  }

  @Test("a list that stays shorter than the source says is told")
  func short() async throws {
    let folder = TestFolder()
    let result = try await Self.run(Self.transport(), folder, without: .ignore)
    #expect(result.failure == nil)
    let problem = try #require(result.problems.first)
    #expect(result.problems.count == 1)
    #expect(problem.severity == .warning && problem.entity == "contact" && problem.record == nil)
    #expect(problem.message.contains("business b: 39 came of 40 that the source says it has"))
    #expect(result.manifest?.entities["contact"]?.count == 119)
    #expect(result.manifest?.entities["contact"]?.expected == 119)
  }

  @Test("one business that cannot be listed is reported, the others are read", arguments: [400, 404, 500])
  func oneBusiness(status: Int) async throws {
    let folder = TestFolder()
    let result = try await Self.run(
      Self.transport { $0 == "/contacts/business/a" ? .json(status, #"{"message":"no"}"#) : nil }, folder, without: .ignore)
    #expect(result.failure == nil)
    #expect(result.manifest?.isComplete == true)
    let problem = try #require(result.problems.first)
    #expect(problem.severity == .error && problem.entity == "contact" && problem.record == nil && problem.status == status)
    #expect(problem.message.hasPrefix("business a: "))
    let entity = try #require(result.manifest?.entities["contact"])
    #expect(entity.count == 79 && entity.expected == 80 && entity.refused == 1)
  }

  @Test("where no business can be listed, the run ends")
  func noBusiness() async throws {
    let folder = TestFolder()
    let result = try await Self.run(
      Self.transport { $0.hasPrefix("/contacts/business/") ? .json(500, "") : nil }, folder, without: .ignore)
    #expect(result.exitCode == .unreachable)
    #expect(result.manifest?.isComplete == false)
  }
}
