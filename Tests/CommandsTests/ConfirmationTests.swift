import Core
import Testing

@testable import Commands

/// Requests of `ghl` that change data.
@Suite struct ConfirmationTests {
  /// Answers everything, and keeps what it was asked.
  private final class Server: Sendable {
    let requests = Locked<[String]>([])
    let server: AnsweringServer

    init?() {
      let requests = requests
      guard
        let server = AnsweringServer({ request in
          requests.withLock { $0.append("\(request.method) \(request.target)") }
          return .init(body: #"{"contact":{"id":"abc","name":"Ada Lovelace"}}"#)
        })
      else { return nil }
      self.server = server
    }

    var environment: [String: String] {
      ["GHL_BASE_URL": "http://127.0.0.1:\(server.port)", "GHL_TOKEN": "pit-1", "GHL_LOCATION": "loc"]
    }

    /// - Parameter answer: what is typed; the outer nil: there is no terminal.
    func run(_ words: [String], answer: String??) async -> Ended {
      let captured = Captured()
      var surroundings = Surroundings(console: captured.console(isTerminal: answer != nil), environment: environment)
      if let answer {
        surroundings.confirmation = Confirmation { question in
          captured.console().writeError(question + "\n")
          return answer
        }
      }
      let code = await CommandEntry.run(["ghl"] + words + ["--project", "/nowhere"], in: surroundings)
      server.stop()
      return Ended(code: code, output: captured.output, error: captured.error)
    }
  }

  private static let writes = [
    ["DELETE", "/contacts/abc"], ["delete", "/contacts/abc"], ["POST", "/contacts/", "--body", #"{"locationId": "{location}"}"#],
    ["PUT", "/contacts/abc", "--body", #"{"name": "x"}"#], ["DELETE", "/contacts/abc/tags", "--body", #"{"tags": ["a"]}"#],
  ]

  @Test(arguments: writes) func `without a terminal, a write is refused`(words: [String]) async throws {
    let server = try #require(Server())
    let ended = await server.run(words, answer: nil)
    #expect(ended.code == .usage)
    #expect(ended.error.contains("and there is no terminal to confirm it on: pass --yes to send it"), "\(ended.error)")
    #expect(server.requests.withLock { $0 } == [])
  }

  @Test(arguments: writes) func `--yes sends a write without asking`(words: [String]) async throws {
    for answer in [String??.none, .some("n")] {
      let server = try #require(Server())
      let ended = await server.run(words + ["--yes"], answer: answer)
      #expect(ended.code == .done, "\(ended.error)")
      #expect(server.requests.withLock { $0 } == ["\(words[0].uppercased()) \(words[1])"])
    }
  }

  @Test(arguments: ["y", "Y", "yes", " YES "]) func `a yes sends it`(answer: String) async throws {
    let server = try #require(Server())
    let ended = await server.run(Self.writes[0], answer: answer)
    #expect(ended.code == .done, "\(ended.error)")
    #expect(server.requests.withLock { $0 } == ["GET /contacts/abc", "DELETE /contacts/abc"])
  }

  @Test(arguments: ["", "n", "no", "yep", "yes please", nil] as [String?])
  func `anything else does not`(answer: String?) async throws {
    let server = try #require(Server())
    let ended = await server.run(Self.writes[0], answer: .some(answer))
    #expect(ended.code == .tryLater)
    #expect(ended.error.hasSuffix("waybill: not confirmed: nothing was changed\n"), "\(ended.error)")
    #expect(server.requests.withLock { $0 } == ["GET /contacts/abc"])
  }

  @Test func `what would be sent is shown`() async throws {
    let server = try #require(Server())
    let ended = await server.run(Self.writes[2] + ["--quiet"], answer: "n")
    #expect(
      ended.error == """
        POST http://127.0.0.1:\(server.server.port)/contacts/
        location: loc
        {
          "locationId": "loc"
        }
        This changes data in GHL. Send it? [y/N] \n\
        waybill: not confirmed: nothing was changed\n
        """)
  }

  @Test func `a contact that would be deleted is named`() async throws {
    let server = try #require(Server())
    let ended = await server.run(Self.writes[0], answer: "n")
    #expect(
      ended.error == """
        DELETE http://127.0.0.1:\(server.server.port)/contacts/abc
        location: loc
        contact: Ada Lovelace
        This changes data in GHL. Send it? [y/N] \n\
        waybill: not confirmed: nothing was changed\n
        """)
  }

  @Test(arguments: [
    ["GET", "/contacts/abc"], ["POST", "/contacts/search", "--body", #"{"locationId": "loc", "pageLimit": 1}"#],
    ["POST", "/locations/loc/tasks/search", "--body", "{}"],
  ])
  func `reads do not ask`(words: [String]) async throws {
    let server = try #require(Server())
    let ended = await server.run(words, answer: nil)
    #expect(!ended.error.contains("--yes"))
    #expect(server.requests.withLock { !$0.isEmpty })
  }
}
