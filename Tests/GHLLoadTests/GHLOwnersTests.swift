import Core
import GHL
import Sandbox
import TestSupport
import Testing

@testable import Load

/// Several mappings that write the same kind of records, or one that reads several locations: none takes over what belongs to another.
@Suite struct GHLOwnersTests {
  /// - Parameters:
  ///   - allowsDuplicates: the location may have several contacts with one address.
  ///   - change: of both mappings.
  private static func bench(
    allowsDuplicates: Bool = true, _ change: (inout GHLPartDocument) -> Void = { _ in }
  ) throws -> GHLBench {
    var bench = try GHLBench(faults: allowsDuplicates ? [] : ["no-duplicates"], .dated, change)
    bench.document.allowsDelete = true
    bench.add(.contacts, as: "customers", change)
    bench.add(.contacts, as: "leavers") { $0.deletion = .init(mapping: "customers", maxPercent: 100, place: GHLBench.place) }
    return bench
  }

  private static let identities = [
    #""email":"info@acme.com""#, #""phone":"+14155550101""#, #""email":"info@acme.com","phone":"+14155550101""#,
  ]

  /// Both have the same key, each in its mapping.
  private static func records(_ identity: String) -> (ann: String, bert: String) {
    (#"{"key":"1","firstName":"Ann",\#(identity)}"#, #"{"key":"1","firstName":"Bert",\#(identity)}"#)
  }

  @Test(arguments: identities, [GHLPartDocument.Write.create, .upsert])
  func `a contact of one mapping is not taken over by another`(identity: String, write: GHLPartDocument.Write) async throws {
    let bench = try Self.bench { $0.write = write }
    let (ann, bert) = Self.records(identity)
    #expect(try await bench.load([ann]).words == ["created"])
    #expect(try await bench.load([bert], into: "customers").words == ["created"])
    #expect(try bench.values("firstName") == ["Ann", "Bert"])
    #expect(try await bench.load([ann]).words == ["unchanged"])
    #expect(try await bench.load([bert], into: "customers").words == ["unchanged"])
    // What is removed is the customer.
    #expect(try await bench.load([#"{"key":"1"}"#], into: "leavers").words == ["removed"])
    #expect(try bench.values("firstName") == ["Ann"])
    #expect(try await bench.load([bert], into: "customers").words == ["created"])
    #expect(try bench.values("firstName") == ["Ann", "Bert"])
  }

  @Test func `equal contacts of two mappings are two contacts, also without an address`() async throws {
    for members in [#""email":"info@acme.com""#, #""firstName":"Ann","lastName":"Lee""#] {
      let bench = try Self.bench()
      let record = #"{"key":"1",\#(members)}"#
      #expect(try await bench.load([record]).words == ["created"])
      #expect(try await bench.load([record], into: "customers").words == ["created"])
      #expect(try bench.contacts().count == 2 && bench.id("1") != bench.id("1", in: "customers"))
    }
  }

  @Test(arguments: identities) func `the second one fails where the location allows one contact`(identity: String) async throws {
    let bench = try Self.bench(allowsDuplicates: false)
    let (ann, bert) = Self.records(identity)
    try await bench.load([ann])
    for _ in 0..<2 {
      let result = try await bench.load([bert], into: "customers")
      #expect(result.words == ["failed"] && result.codes == ["already-exists"])
      #expect(result.problems.first?.detail.contains("of another of our records") == true)
      #expect(try bench.values("firstName") == ["Ann"])
    }
  }

  @Test func `a dry run is applied although the location allows one contact with an address`() async throws {
    let bench = try Self.bench(allowsDuplicates: false)
    let (ann, bert) = Self.records(Self.identities[0])
    let first = try GHLBench.staged([ann], "contacts", nil)
    let others = try GHLBench.staged([bert, #"{"key":"9","firstName":"Carl","email":"carl@x.io"}"#], "customers", nil)
    let destination = bench.destination()
    let plans = [
      try await first.forecast(by: destination).sink, try await others.forecast(by: destination).sink,
    ]
    var words: [[String]] = []
    for (staged, plan) in zip([first, others], plans) {
      let result = try await bench.load(staged, applying: RecordedForecasts(plan, comparesDestination: false))
      #expect(result.failure == nil)
      words.append(result.words)
    }
    #expect(words == [["created"], ["failed", "created"]])
  }

  @Test func `an upsert into a contact of another mapping fails, and says so`() async throws {
    let bench = try Self.bench { $0.write = .upsert }
    try await bench.load([#"{"key":"1","firstName":"Ann","email":"ann@x.io"}"#])
    let id = try bench.id("1")
    bench.api.once(.first { _ = try? bench.ask("PUT", "/contacts/\(id)", #"{"phone":"+14155550101"}"#) }) { $0.isCreate }
    let bert = #"{"key":"1","firstName":"Bert","phone":"+14155550101"}"#
    let result = try await bench.load([bert], into: "customers")
    #expect(result.words == ["failed"] && result.codes == ["already-exists"])
    #expect(result.problems.first?.detail.contains("\(id), which belongs to a record of another mapping") == true)
    #expect(try await bench.load([bert], into: "customers").words == ["created"])
    #expect(try bench.id("1") == id && bench.id("1", in: "customers") != id)
  }

  @Test func `contacts of two source locations are not mixed up`() async throws {
    let bench = try Self.bench()
    let (ann, bert) = Self.records(Self.identities[0])
    let loads = [(ann, "loc1"), (bert, "loc2")]
    for word in ["created", "unchanged"] {
      for (record, location) in loads {
        #expect(try await bench.load(GHLBench.staged([record], "contacts", nil), from: location).words == [word])
      }
      #expect(try bench.values("firstName") == ["Ann", "Bert"])
    }
  }

  @Test func `contacts of a mapping that has another name now are found again`() async throws {
    var bench = try Self.bench()
    let (ann, bert) = Self.records(Self.identities[0])
    try await bench.load([bert], into: "customers")
    // The mapping has another name now.
    bench.document.parts.removeAll { $0.mapping.isExactly("customers") || $0.mapping.isExactly("leavers") }
    #expect(try await bench.load([ann]).words == ["updated"])
    #expect(try bench.values("firstName") == ["Ann"])
  }

  @Test func `a dry run of two mappings is what their loads then do`() async throws {
    for isThere in [false, true] {
      let bench = try Self.bench()
      if isThere { try bench.create(#""firstName":"Old","email":"info@acme.com""#) }
      let (ann, bert) = Self.records(Self.identities[0])
      let staged = try [GHLBench.staged([ann], "contacts", nil), GHLBench.staged([bert], "customers", nil)]
      // One destination for all parts, as in a run.
      let destination = bench.destination()
      var predicted: [[String]] = []
      for part in staged { predicted.append(try await part.forecast(by: destination).sink.words) }
      #expect(predicted == [[isThere ? "updated" : "created"], ["created"]] && bench.writes.isEmpty)
      for (part, words) in zip(staged, predicted) { #expect(try await bench.load(part).words == words) }
      #expect(try bench.values("firstName") == ["Ann", "Bert"])
    }
  }

  @Test func `owners of contacts are kept by the adapter alone`() throws {
    let bench = try Self.bench()
    let staged = try GHLBench.staged([Self.records(Self.identities[0]).ann], "contacts", nil)
    let plan = try PartPlan(staged.part(), destination: "crm", bench.document.httpDocument)
    #expect(!plan.watchesIDs && plan.adapter?.keepsOwners == true)
  }

  // MARK: Warnings

  @Test func `mappings of one pipeline do not overwrite each other, so there is no warning`() async throws {
    var bench = try Self.bench()
    bench.add(.tags)
    bench.add(.tags, as: "old-tags") { $0.action = .remove }
    bench.add(.business, as: "links")
    bench.add(.business, as: "other-links")
    bench.add(.tasks)
    bench.add(.tasks, as: "other-tasks")
    let (ann, bert) = Self.records(Self.identities[0])
    let business = bench.sandbox.data.businessID(at: 0)
    let tags = #"{"key":"1","contact":"1","tags":["vip"]}"#
    let link = #"{"key":"1","contact":"1","business":"\#(business)"}"#
    let task = GHLBench.task("1", of: "1")
    for (record, mapping) in [
      (ann, "contacts"), (bert, "customers"), (tags, "tags"), (tags, "old-tags"), (link, "links"), (link, "other-links"),
      (task, "tasks"), (task, "other-tasks"),
    ] {
      // The second one of each kind knows the first.
      for _ in 0..<2 { #expect(try await bench.load([record], into: mapping).warnings == [], "\(mapping)") }
    }
  }

  @Test(
    "another pipeline may overwrite contacts that both match",
    arguments: [
      ([.email, .phone], "e-mail address or phone number"), ([.phone], "phone number"), ([], nil),
    ] as [([GHLPartDocument.Identifier], String?)])
  func pipelines(match: [GHLPartDocument.Identifier], names: String?) async throws {
    var bench = try Self.bench { $0.match = match }
    bench.add(.notes)
    let contact = try GHLBench.staged([Self.records(Self.identities[2]).ann], "contacts", nil)
    let note = try GHLBench.staged([GHLBench.note("1", of: "1")], "notes", nil)
    for staged in [contact, note] {
      // Also from several locations.
      for location in ["loc1", "loc2"] { #expect(try await bench.load(staged, from: location).warnings == []) }
    }
    let warning = names.map {
      "'crm contacts': the mapping 'contacts' of the pipeline 'tests' loads to the same address; each overwrites what the other has sent for contacts with the same \($0)"
    }
    #expect(try await bench.load(contact, of: "other").warnings == [warning].compactMap(\.self))
    #expect(try await bench.load(note, of: "other").warnings == [])
  }

  // MARK: Tasks and notes

  @Test(arguments: [GHLPartDocument.Target.tasks, .notes])
  func `equal children of two mappings are two`(_ target: GHLPartDocument.Target) async throws {
    var bench = try GHLBench()
    bench.add(target)
    bench.add(target, as: "others")
    try await bench.load(GHLBench.contacts([1]))
    let record = target == .tasks ? GHLBench.task("1", of: "c1") : GHLBench.note("1", of: "c1")
    for word in ["created", "unchanged"] {
      for mapping in [target.rawValue, "others"] {
        #expect(try await bench.load([record], into: mapping).words == [word])
      }
      #expect(try bench.children(target.rawValue, of: "c1").count == 2)
    }
  }
}
