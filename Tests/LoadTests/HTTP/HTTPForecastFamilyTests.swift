import Control
import Core
import HTTP
import Load
import TestSupport
import Testing

/// Parents and children in two mappings: what a dry run of both predicts is what the loads of both do, record by record.
@Suite struct HTTPForecastFamilyTests {
  private let folder = TemporaryFolder()

  /// How the records of a mapping are found.
  enum Way: String, Sendable, CaseIterable, CustomTestStringConvertible {
    case find, list, both
    /// The lookup names the parent; for children only.
    case findBelowParent
    case findAdopting, findRejecting, listAdopting, listRejecting
    case findInBatches, listInBatches

    var testDescription: String { rawValue }
    var finds: Bool { ![.list, .listAdopting, .listRejecting, .listInBatches].contains(self) }
    var lists: Bool { !finds || self == .both }
    static let ofParents = allCases.filter { $0 != .findBelowParent }
    static let ofChildren: [Way] = [.find, .list, .both, .findBelowParent]
  }

  /// What the destination has, and what is known about it.
  enum Start: CaseIterable {
    case empty, known, lost
  }

  private static func list(_ name: String) throws -> ListDocument {
    ListDocument(try HTTPBench.request("GET /\(name)?page={page}"), items: ResponsePath("items"), paging: .number)
  }

  private static func apply(_ way: Way, to resource: inout ResourceDocument) throws {
    let name = resource.mapping
    let parent = way == .findBelowParent ? "&under={remote_id(people, person)}" : ""
    resource.find =
      way.finds
      ? FindDocument(try HTTPBench.request("GET /\(name)?id={key}\(parent)"), items: ResponsePath("items")) : nil
    resource.list = way.lists ? try list(name) : nil
    switch way {
    case .findAdopting, .listAdopting: (resource.conflict.then, resource.conflict.isStated) = (.adopt, true)
    case .findRejecting, .listRejecting: (resource.conflict.then, resource.conflict.isStated) = (.reject, true)
    case .findInBatches, .listInBatches: resource.batch = try HTTPBench.batch(size: 2)
    default: break
    }
  }

  private static func bench(_ api: FakeAPI, _ parents: Way, _ children: Way) throws -> HTTPBench {
    var bench = try HTTPBench(api) { try apply(parents, to: &$0) }
    var notes = ResourceDocument(mapping: "notes", place: HTTPBench.place)
    notes.create = try HTTPBench.request("POST /notes?under={remote_id(people, person)}")
    notes.update = try HTTPBench.request("PUT /notes/{remote_id}")
    notes.remoteID = .body(try #require(ResponsePath("remoteId")))
    notes.conflict.remoteID = ResponsePath("existingId")
    try apply(children, to: &notes)
    bench.document.resources.append(notes)
    return bench
  }

  private static func people(_ texts: [String]) -> StagedRecords {
    StagedRecords(texts, columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["name"])])
  }

  private static func notes(_ texts: [String]) -> StagedRecords {
    StagedRecords(
      texts, columns: [LoadColumn(path: ["id"], types: .string), LoadColumn(path: ["person"]), LoadColumn(path: ["text"])],
      mapping: "notes")
  }

  private static let before = (
    people: people((0..<5).map { #"{"id":"k\#($0)","name":"Ann \#($0)"}"# }),
    notes: notes((0..<5).map { #"{"id":"n\#($0)","person":"k\#($0)","text":"hello"}"# })
  )

  private static let after = (
    // The same, changed, and new ones, one of them twice; k3 is no longer staged.
    people: people(
      [
        #"{"id":"k0","name":"Ann 0"}"#, #"{"id":"k1","name":"Eva"}"#, #"{"id":"k2","name":"Ann 2"}"#,
        #"{"id":"k5","name":"Flo"}"#, #"{"id":"k6","name":"Gil"}"#, #"{"id":"k6","name":"Gus"}"#,
      ]),
    // The same, changed, below a parent that is not staged, new below old and new parents, below none, and twice.
    notes: notes(
      [
        #"{"id":"n0","person":"k0","text":"hello"}"#, #"{"id":"n1","person":"k1","text":"bye"}"#,
        #"{"id":"n2","person":"k2","text":"bye"}"#, #"{"id":"n3","person":"k3","text":"bye"}"#,
        #"{"id":"n4","person":"k4","text":"hello"}"#, #"{"id":"n5","person":"k5","text":"new"}"#,
        #"{"id":"n6","person":"k6","text":"new"}"#, #"{"id":"n7","person":"k0","text":"new"}"#,
        #"{"id":"n8","person":"k1","text":"new"}"#, #"{"id":"n9","person":"k9","text":"new"}"#,
        #"{"id":"n0","person":"k0","text":"again"}"#, #"{"id":"n5","person":"k5","text":"again"}"#,
      ])
  )

  /// The outcomes of both mappings that a dry run predicts.
  private func forecast(_ bench: HTTPBench, comparing isCompared: Bool) async throws -> [[String]] {
    let destination = bench.destination()
    let parents = try await Self.after.people.forecast(by: destination, comparing: isCompared, in: folder)
    let children = try await Self.after.notes.forecast(by: destination, comparing: isCompared, in: folder)
    #expect(parents.failure == nil && children.failure == nil)
    return [parents.sink.words, children.sink.words]
  }

  private func load(_ bench: HTTPBench, _ records: (people: StagedRecords, notes: StagedRecords)) async throws -> [[String]] {
    [try await bench.load(records.people).words, try await bench.load(records.notes).words]
  }

  @Test(arguments: Way.ofParents, Way.ofChildren)
  func `a forecast is what the loads then do`(_ parents: Way, _ children: Way) async throws {
    for start in Start.allCases {
      let api = FakeAPI()
      let first = try Self.bench(api, parents, children)
      if start != .empty { _ = try await load(first, Self.before) }
      let bench = start == .lost ? HTTPBench(first, stores: MemoryStores()) : first
      let content = api.text
      let writes = api.writes.count
      let predicted = try await forecast(bench, comparing: false)
      let compared = try await forecast(bench, comparing: true)
      #expect(api.writes.count == writes && api.text == content)
      let done = try await load(bench, Self.after)
      #expect(predicted == done, "\(start)")
      #expect(compared == done, "\(start), compared")
    }
  }

  @Test func `children of a parent that is gone wait for it`() async throws {
    let api = FakeAPI()
    let bench = try Self.bench(api, .both, .both)
    _ = try await load(bench, Self.before)
    api.state.withLock { $0.rows.removeAll { FakeAPI.key(of: $0.record) == "k1" } }
    let predicted = try await forecast(bench, comparing: true)
    #expect(predicted[0][1] == "failed" && predicted[1][1] == "pending" && predicted[1][8] == "pending")
    #expect(try await load(bench, Self.after) == predicted)
  }

  @Test func `a replay predicts what it sends again`() async throws {
    let bench = try Self.bench(FakeAPI(.init(refused: ["k1"])), .both, .both)
    #expect(try await bench.load(Self.before.people).words[1] == "failed")
    for (resends, word) in [(false, "failed"), (true, "created")] {
      let destination = bench.destination(resendsRefused: resends)
      let words = try await Self.before.people.forecast(by: destination, in: folder) { $0.run = "run2" }.sink.words
      #expect(words[1] == word, "resends: \(resends): \(words)")
    }
    // A record that repeats the key comes after one that is sent.
    var twice = Self.before.people
    twice.records = [twice.records[1].replacing("Ann", with: "Eva"), twice.records[1]]
    let sink = try await twice.forecast(by: bench.destination(), in: folder) { $0.run = "run2" }.sink
    #expect(sink.words == ["created", "updated"])
  }
}
