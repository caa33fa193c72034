import Core
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

  @Test func `a location's ID is one segment of the address`() async throws {
    let asked = Locked<[String]>([])
    _ = try await GHLLocationData([.customFields], location: "a/b?c") { target in
      asked.withLock { $0.append(target) }
      return try JSONReader.read(#"{"customFields":[]}"#)
    }
    #expect(asked.withLock { $0 } == ["/locations/a%2Fb%3Fc/customFields?model=contact"])
  }
}
