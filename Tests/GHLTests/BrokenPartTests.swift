import Control
import Core
import Foundation
import Synchronization
import Testing

@testable import Extract
@testable import GHL
@testable import HTTP

/// A part of the source is broken or refused: the rest is read, and what is missing is reported.
@Suite struct BrokenPartTests {
  static let broken: [HTTPAnswer] = [
    .json(204, ""), .json(200, ""), .json(200, "{"), .json(200, "[]"), .json(200, "null"), .json(200, #"{"contacts":null}"#),
    .json(200, #"{"contacts":{}}"#), .json(200, #"{"contacts":[],"contacts":[]}"#), .json(200, "<html>"),
    .json(206, #"{"contacts":[]}"#),
    .json(302, "", headers: ["location": "http://elsewhere.example/"]), .json(304, ""), .json(400, "{}"), .json(403, "<html>"),
    .json(403, #"{"message":"You do not have permission"}"#),
    .json(403, #"{"message":"The token does not have access to this location."}"#),
    .json(404, "<html>"), .json(404, #"{"message":"Cannot GET /contacts/business/a"}"#), .json(405, "{}"), .json(418, ""),
    .json(422, #"{"message":["no"]}"#), .json(500, ""), .json(501, "{}"), .json(503, "<html>"), .json(599, ""), .json(999, ""),
  ]

  @Test(arguments: broken)
  func `a business that cannot be listed is missing, and other businesses are read`(_ answer: HTTPAnswer) async throws {
    let folder = TestFolder()
    let transport = CompletenessTests.transport { path in
      path == "/contacts/business/a" || path == "/contacts/search" ? answer : nil
    }
    for without in [FetchPlan.WithoutBusiness.ignore, .count] {
      let result = try await CompletenessTests.run(transport, TestFolder(), without: without)
      #expect(result.failure == nil, "\(String(describing: result.failure))")
      let entity = try #require(result.manifest?.entities["contact"])
      #expect(entity.count == 79 && entity.unknown >= 1)
      #expect(result.manifest?.coverage(of: "contact") == nil)
      #expect(result.problems.contains { $0.severity == .error && $0.message.hasPrefix("business a: ") })
    }
    withExtendedLifetime(folder) {}
  }

  @Test(
    arguments: [
      (401, #"{"message":"Invalid JWT"}"#, ExitCode.notAuthorised),
      (401, #"{"message":"Token version expired"}"#, .notAuthorised),
      (401, #"{"message":"The token is not authorized for this scope."}"#, .notAuthorised), (401, "", .notAuthorised),
      (403, #"{"message":"Token expired"}"#, .notAuthorised), (429, "", .tryLater),
    ])
  func `a failure of every request ends the run`(_ status: Int, _ body: String, _ code: ExitCode) async throws {
    let folder = TestFolder()
    let transport = CompletenessTests.transport { $0 == "/contacts/business/b" ? .json(status, body) : nil }
    let result = try await CompletenessTests.run(transport, folder, without: .ignore)
    #expect(result.exitCode == code)
    #expect(result.manifest?.isComplete == false)
  }

  @Test(arguments: ["{", "[]", "<html>", #"{"notes":7}"#, ""], [200, 204, 403, 404, 422, 500])
  func `one contact's notes that cannot be read are missing`(_ body: String, _ status: Int) async throws {
    let folder = TestFolder()
    let transport = QuarantineTests.transport { $0 == "/contacts/c10007/notes" ? .json(status, body) : nil }
    let result = try await QuarantineTests.run(transport, folder)
    #expect(result.failure == nil)
    #expect(result.problems.map(\.record) == ["c10007"] && result.problems.map(\.entity) == ["note"])
    let notes = try #require(result.manifest?.entities["note"])
    #expect(notes.count == 39 && notes.expected == 40)
    #expect(result.manifest?.entities["contact"]?.count == 40)
  }

  @Test(arguments: [403, 404, 302])
  func `a contact that a proxy refuses is missing, not gone`(_ status: Int) async throws {
    let folder = TestFolder()
    let transport = QuarantineTests.transport { $0 == "/contacts/c10007" ? .json(status, "<html>") : nil }
    let result = try await QuarantineTests.run(transport, folder)
    #expect(result.failure == nil)
    let contacts = try #require(result.manifest?.entities["contact"])
    #expect(contacts.count == 39 && contacts.expected == 40 && contacts.gone == 0)
  }

  @Test func `a refusal for every contact ends the run`() async throws {
    let folder = TestFolder()
    let transport = QuarantineTests.transport { path in
      path.hasSuffix("/notes") ? .json(403, #"{"message":"You do not have permission"}"#) : nil
    }
    let result = try await QuarantineTests.run(transport, folder)
    #expect(result.exitCode == .notAuthorised)
    #expect(transport.exchanges.count { $0.path.hasSuffix("/notes") } < 40)
  }

  @Test func `a refusal for all contacts, however few, ends the run`() throws {
    let refusal = GHLFailure(.forbidden, "no")
    var watch = RefusalWatch()
    try watch.take(ContactBundle(refusals: ["note": refusal]))
    #expect(throws: GHLFailure.self) { try watch.end() }
    try watch.take(ContactBundle(answered: ["note"]))
    try watch.end()
    for _ in 0..<4 { try watch.take(ContactBundle(refusals: ["task": refusal])) }
    #expect(throws: GHLFailure.self) { try watch.take(ContactBundle(refusals: ["task": refusal])) }
  }

  @Test func `a failed search leaves the contacts of businesses complete, and the coverage unknown`() async throws {
    let folder = TestFolder()
    let transport = CompletenessTests.transport { path in
      path == "/contacts/search" ? .json(500, "") : nil
    }
    let result = try await CompletenessTests.run(transport, folder, without: .count)
    #expect(result.failure == nil)
    #expect(result.outsideBusinesses == nil)
    #expect(result.manifest?.coverage(of: "contact") == nil)
    #expect(result.problems.contains { $0.message.contains("contacts without a business could not be fetched") })
  }
}
