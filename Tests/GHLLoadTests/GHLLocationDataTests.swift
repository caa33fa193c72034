import Core
import GHL
import Testing

@testable import Load

@Suite struct GHLLocationDataTests {
  @Test(
    "only what a mapping needs is read",
    arguments: [
      (GHLPartDocument.Target.contacts, [["email"], ["tags"]], []), (.contacts, [["customFields", "tier"]], [.customFields]),
      (.contacts, [["customFields"]], [.customFields]), (.contacts, [["assignedTo"]], [.users]),
      (.tasks, [["assignedTo"], ["customFields", "x"]], [.users]), (.notes, [["userId"]], [.users]), (.notes, [["body"]], []),
      (.tags, [["tags"], ["assignedTo"]], []), (.business, [["business"]], [.businesses]), (.business, [], [.businesses]),
    ] as [(GHLPartDocument.Target, [[String]], Set<GHLLocationData.Kind>)])
  func kinds(target: GHLPartDocument.Target, columns: [[String]], kinds: Set<GHLLocationData.Kind>) {
    #expect(GHLLocationData.kinds(for: GHLFormTests.part(target), columns: columns) == kinds)
  }

  @Test func `names are found in any case where GHL ignores it, and lists end at a page without anything new`() async throws {
    let data = try await GHLFormTests.data()
    #expect(data.customFields.map(\.key) == ["tier", "staff", "interests", "renewal"])
    #expect(data.user("EVA@X.IO") == "u1")
    #expect(data.user("ev@x.io") == nil)
    #expect(data.business("Acme") == .id("b1"))
    #expect(data.business("b3") == .id("b3"))
    #expect(data.business("Twin") == .ambiguous(2))
    #expect(data.business("acme") == .unknown)
  }

  @Test func `a list that repeats itself ends`() async throws {
    let asked = Locked(0)
    let data = try await GHLLocationData([.businesses], location: "l") { _ in
      asked.withLock { $0 += 1 }
      return try JSONReader.read(#"{"businesses":[{"id":"b1","name":"Acme"}]}"#)
    }
    #expect(asked.withLock { $0 } == 2)
    #expect(data.business("Acme") == .id("b1"))
  }

  @Test(
    "a response in another form ends the part",
    arguments: [
      (GHLLocationData.Kind.customFields, "{}", "customFields"), (.users, #"{"location":{}}"#, "companyId"),
      (.businesses, #"{"businesses":{}}"#, "businesses"),
    ])
  func other(kind: GHLLocationData.Kind, body: String, says: String) async throws {
    let failure = await #expect(throws: OperationFailure.self) {
      _ = try await GHLLocationData([kind], location: "l") { _ in try JSONReader.read(body) }
    }
    #expect(failure?.description.contains(says) == true)
  }

  @Test(arguments: GHLLocationData.Kind.allCases)
  func `what is read for a kind is in the table, with a scope of its own`(kind: GHLLocationData.Kind) async throws {
    let asked = Locked<[GHLRoute?]>([])
    _ = try await GHLLocationData([kind], location: "l") { target in
      let path = target.prefix { $0 != "?" }.split(separator: "/").map(String.init)
      asked.withLock { $0.append(GHLRoute.matching(.get, path)) }
      let list = target.hasSuffix("skip=0") ? #"[{"id":"x","email":"x@x.io"}]"# : "[]"
      return try JSONReader.read(
        #"{"customFields":[],"location":{"companyId":"c"},"users":\#(list),"businesses":\#(list)}"#)
    }
    let requests = GHLLocationData.requests(of: [kind])
    let expected = requests.flatMap { Array(repeating: $0.route as GHLRoute?, count: $0.isPaged ? 2 : 1) }
    #expect(asked.withLock { $0 } == expected)
    let all = GHLLocationData.requests(of: Set(GHLLocationData.Kind.allCases))
    #expect(Set(all) == Set(GHLLocationData.Request.allCases) && Set(all.map(\.route.scope)).count == all.count)
  }

  @Test func `a location's ID is one segment of the address`() async throws {
    let asked = Locked<[String]>([])
    _ = try await GHLLocationData([.customFields], location: "a/b?c") { target in
      asked.withLock { $0.append(target) }
      return try JSONReader.read(#"{"customFields":[]}"#)
    }
    #expect(asked.withLock { $0 } == ["/locations/a%2Fb%3Fc/customFields?model=contact"])
  }
}
