import Control
import Core
import Testing

@testable import Load

@Suite struct CallContextTests {
  static let traits: [CallFlow.Traits] = [
    CallFlow.Traits(), CallFlow.Traits(absencesRequired: 1),
    CallFlow.Traits(
      isCreate: false, hasIdempotencyKeys: true, canFind: true, isRepeatable: true, records: 100, isAtomic: true,
      longestCall: .zero, longestJob: .seconds(1e10), keyLifetime: .nanoseconds(1)),
    // More attoseconds than fit into 64 bits.
    CallFlow.Traits(records: 10_000, longestCall: .milliseconds(1), longestJob: .seconds(Int64.max), keyLifetime: .seconds(19)),
  ]

  /// A later process reads what an earlier one wrote.
  @Test(arguments: traits) func `a context survives a round trip`(traits: CallFlow.Traits) throws {
    var context = CallContext(
      HTTPCall(
        method: "PUT", target: "/contacts/\"17\"?a=\u{E9}", headers: [("If-Match", "\"x\""), ("X-Note", "a\\b\tc")], body: nil),
      keyHeader: "Idempotency-Key", traits: traits, under: ["data", "at\"tributes"], isBatch: traits.records > 1)
    for job in [nil, "/jobs/1"] {
      context.job = job
      let read = try #require(CallContext(context.bytes))
      #expect(read.traits == traits)
      #expect((read.method, read.target, read.keyHeader, read.job) == ("PUT", context.target, "Idempotency-Key", job))
      #expect(read.headers.map { [$0.name, $0.value] } == context.headers.map { [$0.name, $0.value] })
      #expect((read.under, read.isBatch) == (context.under, context.isBatch))
    }
    #expect(try #require(CallContext(context.bytes)).results == nil)
    for text in ["", "results", "data[0].list"] {
      var results = BatchResults()
      (results.list, results.status) = (text.isEmpty ? ResponsePath([]) : ResponsePath(text), ResponsePath("status"))
      context.results = .init(results)
      #expect(try #require(CallContext(context.bytes)).results?.paths == results)
    }
    context.results = .init(BatchResults())
    #expect(try #require(CallContext(context.bytes)).results?.paths == BatchResults())
    #expect(try #require(CallContext(context.bytes)).undo == nil)
    for isDelete in [true, false] {
      context.undo = .init(isDelete: isDelete, values: ["city": "Ro\"me", "id": "\u{E9}"], managed: ["b", "a\""])
      let undo = try #require(CallContext(context.bytes)?.undo)
      #expect(undo.isDelete == isDelete && undo.names == ["city": "Ro\"me", "id": "\u{E9}"])
      #expect(undo.managed == ["a\"", "b"])
    }
    context.undo = nil
    #expect(try #require(CallContext(context.bytes)).named(at: 0) == nil)
    context.values = [CallContext.headers(["email": "a\"@b", "id": "\u{E9}"]), []]
    let named = try #require(CallContext(context.bytes))
    #expect(named.named(at: 0) == ["email": "a\"@b", "id": "\u{E9}"] && named.named(at: 1) == [:] && named.named(at: 2) == nil)
    context.keyHeader = nil
    #expect(try #require(CallContext(context.bytes)).keyHeader == nil)
  }
}

extension CallContextTests {
  @Test func `a context of an earlier version has the traits that were meant then`() throws {
    let context = CallContext(
      HTTPCall(method: "POST", target: "/"), keyHeader: nil, traits: .init(absencesRequired: 1), under: [], isBatch: false)
    let text = String(decoding: context.bytes, as: UTF8.self)
    #expect(try #require(CallContext(context.bytes)).traits.absencesRequired == 1)
    let old = text.replacing(#","absencesRequired":1"#, with: "")
    #expect(old != text)
    #expect(try #require(CallContext(Array(old.utf8))).traits == CallFlow.Traits())
  }
}

@Suite struct ListedCallsTests {
  @Test(arguments: [true, false], [true, false])
  func `a list shows what became of a call that removes its record`(removes: Bool, isListed: Bool) {
    var context = CallContext(
      HTTPCall(method: "DELETE", target: "/people/r1"), keyHeader: nil, traits: .init(), under: [], isBatch: false)
    context.undo = .init(isDelete: removes, values: [:])
    let scope = JournalScope(pipeline: "p", destination: "app", mapping: "people", location: "loc1")
    let request = IntentRequest(
      scope: scope, run: "run1", target: "DELETE /people/r1", idempotencyKey: "", context: context.bytes, body: [],
      records: [IntentRecord(ordinal: 3, key: "k1", digest: [1])])
    var calls = ListedCalls([Intent(id: IntentID(1), request: request, open: [3], written: .now())])
    if isListed { calls.take("k1", StoredRecord(remoteID: "r1"), digest: [1]) }
    let fate: IntentResult.Fate =
      switch (removes, isListed) {
      case (true, true): .refused
      case (true, false): .removed
      case (false, true): .accepted(remoteID: "r1")
      case (false, false): .refused
      }
    #expect(calls.results == [IntentResults(IntentID(1), [IntentResult(3, fate)])])
  }
}
