import Core
import GHL
import TestSupport
import Testing

@testable import Load

/// `existing: reject`: a contact that GHL had is somebody else's. It may change or go, so nothing of it is remembered.
@Suite struct GHLRejectTests {
  private static func record(_ key: String = "k1", email: String = "ann@x.io") -> String {
    #"{"key":"\#(key)","email":"\#(email)","city":"Rome"}"#
  }

  /// A location with somebody else's contact, which has refused the record twice.
  private static func refused() async throws -> (bench: GHLBench, id: String) {
    let bench = try GHLBench { $0.existing = .reject }
    let id = try bench.create(#""email":"ann@x.io","city":"Oslo""#)
    for _ in 0..<2 { try await expect([Self.record()], ["failed"], in: bench) }
    return (bench, id)
  }

  /// Each record that fails does so because of a contact that is there, and a dry run predicts what the load does.
  private static func expect(
    _ records: [String], _ words: [String], in bench: GHLBench, _ location: SourceLocation = #_sourceLocation
  ) async throws {
    let staged = try GHLBench.staged(records, "contacts", nil)
    let predicted = try await staged.forecast(by: bench.destination()).sink.words
    let result = try await bench.load(staged)
    #expect(predicted == words && result.words == words, sourceLocation: location)
    let codes = words.filter { $0 == "failed" }.map { _ in "already-exists" }
    #expect(result.codes == codes, sourceLocation: location)
  }

  @Test func `a record is created once the contact that refused it is deleted`() async throws {
    let (bench, id) = try await Self.refused()
    try bench.ask("DELETE", "/contacts/\(id)")
    try await Self.expect([Self.record()], ["created"], in: bench)
    try await Self.expect([Self.record()], ["unchanged"], in: bench)
    #expect(try bench.values("city") == ["Rome"])
  }

  @Test func `a record is created once its address leads to no contact`() async throws {
    let (bench, id) = try await Self.refused()
    try await Self.expect([Self.record(email: "anna@x.io")], ["created"], in: bench)
    try await Self.expect([Self.record(email: "anna@x.io")], ["unchanged"], in: bench)
    #expect(try bench.values("city") == ["Oslo", "Rome"] && bench.contact(id)?["email"]?.stringValue == "ann@x.io")
  }

  @Test func `a contact that has become equal to the record is taken over`() async throws {
    let (bench, id) = try await Self.refused()
    try bench.ask("PUT", "/contacts/\(id)", #"{"city":"Rome"}"#)
    try await Self.expect([Self.record()], ["unchanged"], in: bench)
    let sent = bench.api.sent.count
    try await Self.expect([Self.record()], ["unchanged"], in: bench)
    #expect(bench.api.sent.count == sent && bench.writes.isEmpty)
  }

  @Test func `a contact refuses each record with its address`() async throws {
    let (bench, _) = try await Self.refused()
    for _ in 0..<2 { try await Self.expect([Self.record(), Self.record("k2")], ["failed", "failed"], in: bench) }
    try await Self.expect([Self.record("k3")], ["failed"], in: bench)
    #expect(try bench.values("city") == ["Oslo"] && bench.writes.isEmpty)
  }

  @Test(arguments: [false, true])
  func `a contact that an update could not change refuses the record as well`(isDeleted: Bool) async throws {
    var bench = try GHLBench()
    let id = try bench.create(#""email":"ann@x.io","city":"Oslo""#)
    bench.api.setScript { $0.isWrite ? .respond(422, #"{"statusCode":422,"message":["no"]}"#) : nil }
    #expect(try await bench.load([Self.record()]).codes == ["destination-refused"])
    bench.api.setScript { _ in nil }
    bench.document.parts[0].existing = .reject
    for _ in 0..<2 { try await Self.expect([Self.record(), Self.record("k2")], ["failed", "failed"], in: bench) }
    if isDeleted {
      try bench.ask("DELETE", "/contacts/\(id)")
      try await Self.expect([Self.record()], ["created"], in: bench)
    } else {
      try bench.ask("PUT", "/contacts/\(id)", #"{"city":"Rome"}"#)
      try await Self.expect([Self.record()], ["unchanged"], in: bench)
    }
    let sent = bench.api.sent.count
    try await Self.expect([Self.record()], ["unchanged"], in: bench)
    #expect(try bench.api.sent.count == sent && bench.values("city") == ["Rome"])
  }
}
