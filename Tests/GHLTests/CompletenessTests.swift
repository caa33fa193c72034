import Control
import Core
import Extract
import Foundation
import Testing

@testable import GHL
@testable import HTTP

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
        return .success(page("contacts", records, #","total":121"#))
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

  /// The search answers this.
  static func searchGives(_ records: [String], _ rest: String = "") -> @Sendable (String) -> HTTPAnswer? {
    let answer = page("contacts", records, rest)
    return { path in path == "/contacts/search" ? answer : nil }
  }

  @Test(
    "a list that stays shorter than the source says lowers the coverage", arguments: [FetchPlan.WithoutBusiness.ignore, .count])
  func short(without: FetchPlan.WithoutBusiness) async throws {
    let folder = TestFolder()
    let result = try await Self.run(Self.transport(Self.searchGives([])), folder, without: without)
    #expect(result.failure == nil)
    let problem = try #require(result.problems.first)
    #expect(result.problems.count == 1)
    #expect(problem.severity == .error && problem.entity == "contact" && problem.record == nil)
    #expect(problem.message.contains("business b: received 39 of 40 contacts reported by the source"))
    let entity = try #require(result.manifest?.entities["contact"])
    #expect(entity.count == 119 && entity.expected == 120 && entity.refused == 1 && entity.unknown == 0)
    #expect(try #require(result.manifest?.coverage(of: "contact")) < 100)
  }

  @Test("contacts that the location counts but does not return are missing if contacts without a business are included")
  func shortLocation() async throws {
    let folder = TestFolder()
    let result = try await Self.run(
      Self.transport { path in
        path == "/contacts/search"
          ? nil : path == "/contacts/business/b" ? Self.page("contacts", []) : nil
      }, folder, without: .include)
    #expect(result.problems.isEmpty, "the search brings all of b")
    #expect(result.manifest?.entities["contact"]?.count == 121)
    let other = TestFolder()
    let answer = Self.page("contacts", [#"{"id":"outsider","searchAfter":[1,"outsider"]}"#], #","total":125"#)
    let asked = Locked(0)
    let short = try await Self.run(
      Self.transport { path in
        guard path == "/contacts/search" else { return nil }
        let number = asked.withLock { count in
          count += 1
          return count
        }
        return number % 2 == 1 ? answer : Self.page("contacts", [])
      }, other, without: .include)
    // Of 125, 119 were listed and one was found: one more is known to be missing of b, and four of nobody knows whom.
    #expect(short.problems.map { $0.message.hasPrefix("business b: ") } == [true, false])
    #expect(short.manifest?.entities["contact"]?.count == 120)
    #expect(short.manifest?.entities["contact"]?.expected == 125)
  }

  @Test(
    "without a member that says the business, each contact decides whether it is outside",
    arguments: [FetchPlan.WithoutBusiness.count, .include])
  func indexWithoutBusinesses(without: FetchPlan.WithoutBusiness) async throws {
    let folder = TestFolder()
    let ids = ["a", "b", "c"].flatMap { Self.ids($0) } + ["outsider"]
    let records = ids.map { #"{"id":"\#($0)","searchAfter":[1,"\#($0)"]}"# }
    let script = Self.transport { path in
      path == "/contacts/\(Self.missing)" ? .json(200, #"{"contact":{"id":"\#(Self.missing)","businessId":"b"}}"#) : nil
    }
    let transport = ScriptedTransport { _, exchange in
      if exchange.path == "/contacts/search", exchange.json?["searchAfter"] == nil {
        return .success(Self.page("contacts", records))
      }
      return Result { () throws(TransportFailure) in try script.answer(to: exchange) }
    }
    let result = try await Self.run(transport, folder, without: without)
    #expect(result.failure == nil && result.problems.isEmpty)
    #expect(result.outsideBusinesses == 1)
    #expect(result.manifest?.entities["contact"]?.count == (without == .include ? 121 : 120))
  }

  @Test("if only some businesses are read, no contact is outside")
  func narrowed() async throws {
    let folder = TestFolder()
    let plan = FetchPlan(
      needs: [EntityNeed(entity: "contact", fields: ["email"])], catalog: GHLCatalog(), withoutBusiness: .include,
      businesses: .some(["a"]))
    #expect(!plan.makes(.outside) && plan.warnings.count == 1)
    let transport = Self.transport()
    let client = try GHLClient.scripted(transport)
    let result = await Extractor(client: client, plan: plan, options: .init(snapshots: folder.path)).run()
    #expect(result.manifest?.entities["contact"]?.count == 40)
    #expect(result.outsideBusinesses == nil)
    #expect(!transport.exchanges.contains { $0.path == "/contacts/search" })
  }

  @Test(
    "contacts that were listed and cannot be read are missing where they are too many",
    arguments: [(10, 0, 0), (13, 1, 13), (120, 1, 120)])
  func gone(count: Int, errors: Int, missing: Int) async throws {
    let folder = TestFolder()
    let lost = Set(["a", "b", "c"].flatMap { Self.ids($0) }.prefix(count).map { "/contacts/" + $0 })
    let script = Self.transport { path in
      lost.contains(path) ? .json(404, #"{"message":"not found"}"#) : nil
    }
    let result = try await Self.run(script, folder, without: .count)
    #expect(result.failure == nil)
    let entity = try #require(result.manifest?.entities["contact"])
    #expect(entity.gone == count && entity.count == 120 - count && entity.expected == entity.count + missing)
    #expect(result.problems.count { $0.severity == .error } == errors)
  }

  @Test("one business that cannot be listed is reported, the others are read", arguments: [400, 404, 500])
  func oneBusiness(status: Int) async throws {
    let folder = TestFolder()
    let result = try await Self.run(
      Self.transport {
        $0 == "/contacts/business/a" || $0 == "/contacts/search" ? .json(status, #"{"message":"no"}"#) : nil
      }, folder, without: .ignore)
    #expect(result.failure == nil)
    #expect(result.manifest?.isComplete == true)
    let problem = try #require(result.problems.first)
    #expect(problem.severity == .error && problem.entity == "contact" && problem.record == nil && problem.status == status)
    #expect(problem.message.hasPrefix("business a: "))
    let entity = try #require(result.manifest?.entities["contact"])
    // Of `b` one is missing; of `a` nobody knows.
    #expect(entity.count == 79 && entity.expected == 80 && entity.refused == 2 && entity.unknown == 1)
    #expect(result.manifest?.coverage(of: "contact") == nil)
    #expect(try SnapshotReader(root: folder.path).open(try #require(result.snapshot).folder).manifest == result.manifest)
  }

  @Test("contacts that the search finds for an unlisted business are not missing")
  func recovered() async throws {
    let folder = TestFolder()
    let result = try await Self.run(
      Self.transport { $0 == "/contacts/business/a" ? .json(500, #"{"message":"no"}"#) : nil }, folder, without: .ignore)
    let entity = try #require(result.manifest?.entities["contact"])
    #expect(entity.count == 120 && entity.expected == 120 && entity.refused == 0 && entity.unknown == 0)
    #expect(result.problems.map(\.severity) == [.warning])
    #expect(try #require(result.snapshot).problems() == result.problems)
  }

  @Test("a business that cannot be listed misses as many as the last snapshot had")
  func sizeOfLastTime() async throws {
    let folder = TestFolder()
    let before = Self.transport { path in
      guard path.hasPrefix("/contacts/"), path.split(separator: "/").count == 2, let id = path.split(separator: "/").last else {
        return nil
      }
      return path == "/contacts/search"
        ? nil : .json(200, #"{"contact":{"id":"\#(id)","businessId":"\#(id.prefix(1))"}}"#)
    }
    #expect(try await Self.run(before, folder, without: .ignore).problems.isEmpty)
    let result = try await Self.run(
      Self.transport { path in
        path == "/contacts/business/a" || path == "/contacts/search" ? .json(500, #"{"message":"no"}"#) : nil
      }, folder, without: .ignore)
    let entity = try #require(result.manifest?.entities["contact"])
    #expect(entity.count == 79 && entity.expected == 79 + 40 + 1 && entity.unknown == 0)
  }

  @Test("a list that breaks off lacks the rest of the reported number")
  func brokenOff() async throws {
    let folder = TestFolder()
    let script = Self.transport()
    let transport = ScriptedTransport { _, exchange in
      if exchange.path == "/contacts/search" { return .success(.json(500, "{}")) }
      if exchange.path == "/contacts/business/a", exchange.query("skip") != "0" { return .success(.json(500, "{}")) }
      return Result { () throws(TransportFailure) in try script.answer(to: exchange) }
    }
    let result = try await Self.run(transport, folder, without: .ignore)
    let entity = try #require(result.manifest?.entities["contact"])
    // All 40 of `a` had come: nothing is missing of it.
    #expect(entity.count == 119 && entity.expected == 120 && entity.unknown == 0)
    #expect(result.problems.map(\.severity) == [.warning, .error])
  }

  @Test("a business whose tasks cannot be read leaves the coverage of tasks unknown")
  func tasksBrokeOff() async throws {
    let folder = TestFolder()
    let script = Self.transport()
    let transport = ScriptedTransport { _, exchange in
      if exchange.path.hasSuffix("/tasks/search"), exchange.json?["businessId"]?.stringValue == "b" {
        return .success(.json(500, "{}"))
      }
      return Result { () throws(TransportFailure) in try script.answer(to: exchange) }
    }
    let result = try await Self.run(transport, folder, without: .count)
    #expect(result.failure == nil)
    #expect(result.manifest?.entities["task"]?.unknown == 1)
    #expect(result.manifest?.coverage(of: "task") == nil)
  }

  @Test(
    "a location that cannot be read ends the run",
    arguments: [(500, ExitCode.unreachable), (404, .configuration), (0, .unreachable)])
  func location(status: Int, code: ExitCode) async throws {
    let folder = TestFolder()
    let transport = ScriptedTransport { _, _ in
      status == 0 ? .failure(.unreachable(ConnectionTrouble("no route"))) : .success(.json(status, #"{"message":"no"}"#))
    }
    let result = try await Self.run(transport, folder, without: .count)
    #expect(result.exitCode == code)
    #expect(Set(transport.exchanges.map(\.path)) == ["/locations/loc"])
    #expect(transport.exchanges.count == (status == 404 ? 1 : 6))
  }

  @Test("a location that the token may not read is missed only where something of it is needed")
  func locationScope() async throws {
    let refusal = HTTPAnswer.json(401, #"{"message":"The token is not authorized for this scope."}"#)
    let transport = Self.transport { $0 == "/locations/loc" ? refusal : nil }
    let folder = TestFolder()
    let without = try await Self.run(transport, folder, without: .count)
    #expect(without.failure == nil)
    #expect(without.problems.map(\.severity) == [.warning])
    for (needs, settings, word) in [
      ([EntityNeed(entity: "contact", fields: ["email"])], ["contacts.settings.timezone"], "contacts.settings.timezone"),
      ([EntityNeed(entity: "user", fields: ["email"])], [], "user.email"),
    ] {
      let plan = FetchPlan(needs: needs, catalog: GHLCatalog(), locationNeeds: settings)
      let client = try GHLClient.scripted(transport)
      let result = await Extractor(client: client, plan: plan, options: .init(snapshots: folder.path)).run()
      #expect(result.exitCode == .notAuthorised)
      let text = try #require(result.failure?.description)
      #expect(text.contains("locations.readonly") && text.contains(word), "\(text)")
    }
  }

  @Test("only the calls are made that something needs")
  func calls() {
    func made(_ needs: [EntityNeed], _ without: FetchPlan.WithoutBusiness = .count) -> [FetchCall] {
      let plan = FetchPlan(needs: needs, catalog: GHLCatalog(), withoutBusiness: without)
      return FetchCall.allCases.filter { plan.makes($0) }
    }
    #expect(made([EntityNeed(entity: "user", fields: ["email"])]) == [.location, .users])
    #expect(made([EntityNeed(entity: "business", fields: ["name"])]) == [.location, .businesses])
    #expect(made([EntityNeed(entity: "task", fields: ["title"])]) == [.location, .businesses, .tasks])
    #expect(
      made([EntityNeed(entity: "task", fields: ["title"])], .include) == [.location, .businesses, .list, .tasks, .outside])
    #expect(made([EntityNeed(entity: "note", fields: ["body"])], .ignore) == [.location, .businesses, .list, .notes])
    #expect(
      made([EntityNeed(entity: "contact", fields: ["custom"])]) == [.location, .customFields, .businesses, .list, .outside])
  }

  @Test("tasks alone are read without a list of contacts")
  func tasksAlone() async throws {
    let folder = TestFolder()
    let plan = FetchPlan(needs: [EntityNeed(entity: "task", fields: ["title"])], catalog: GHLCatalog())
    let transport = Self.transport()
    let client = try GHLClient.scripted(transport)
    let result = await Extractor(client: client, plan: plan, options: .init(snapshots: folder.path)).run()
    #expect(result.failure == nil)
    #expect(result.manifest?.entities["task"]?.count == 120)
    #expect(result.manifest?.entities["contact"] == nil)
    #expect(!transport.exchanges.contains { $0.path.hasPrefix("/contacts") })
    #expect(!transport.exchanges.contains { $0.path.hasSuffix("/customFields") })
    // Where they cannot be had by business, the contacts are listed after all.
    let refusing = Self.transport { path in
      path.hasSuffix("/tasks/search") ? .json(401, #"{"message":"The token is not authorized for this scope."}"#) : nil
    }
    let other = TestFolder()
    let byContact = await Extractor(
      client: try GHLClient.scripted(refusing), plan: plan, options: .init(snapshots: other.path)
    ).run()
    #expect(byContact.failure == nil)
    #expect(byContact.manifest?.entities["task"]?.count == 120)
    #expect(byContact.manifest?.calls?.contains("list") == true)
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
