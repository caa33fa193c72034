import Core
import Foundation
import TestSupport
import Testing

@testable import HTTP

/// The real transport against servers on loopback.
@Suite struct AsyncHTTPTransportTests {
  /// Reads requests whole, and responds as told.
  private final class Server: Sendable {
    enum Response: Sendable {
      /// To every request, over one connection.
      case status201
      /// Then nothing more, until the client closes the connection.
      case bytes(String)
      /// A head, then an endless body, as fast as the client reads.
      case endless(String)
    }

    struct Seen: Sendable {
      var connections = 0
      var bodies: [Int] = []
      /// Connections that the client has closed.
      var closed = 0
    }

    private let listener: LoopbackListener
    private let seen: Locked<Seen>
    private let changes: AsyncStream<Void>

    var port: Int { listener.port }
    var now: Seen { seen.withLock { $0 } }

    init?(_ response: Response) {
      let seen = Locked(Seen())
      let (changes, continuation) = AsyncStream.makeStream(of: Void.self)
      let listener = LoopbackListener { connection in
        Self.serve(connection, response) { change in
          seen.withLock { change(&$0) }
          continuation.yield()
        }
      }
      guard let listener else { return nil }
      (self.listener, self.seen, self.changes) = (listener, seen, changes)
    }

    /// Returns when what the server has seen meets the condition.
    func wait(_ isThere: (Seen) -> Bool) async {
      if isThere(now) { return }
      for await _ in changes where isThere(now) { return }
    }

    private static func serve(_ connection: Int32, _ response: Response, _ note: ((inout Seen) -> Void) -> Void) {
      note { $0.connections += 1 }
      while let count = readRequest(connection) {
        note { $0.bodies.append(count) }
        switch response {
        case .status201: write(connection, "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}")
        case .bytes(let text): write(connection, text)
        case .endless(let head):
          write(connection, head)
          while write(connection, String(repeating: " ", count: 65_536)) {}
        }
      }
      close(connection)
      note { $0.closed += 1 }
    }

    @discardableResult
    private static func write(_ connection: Int32, _ text: String) -> Bool {
      let bytes = Array(text.utf8)
      var sent = 0
      while sent < bytes.count {
        let count = bytes.withUnsafeBytes {
          send(connection, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
        }
        guard count > 0 else { return false }
        sent += count
      }
      return true
    }

    /// The length of the request's body; nil: the client has closed the connection.
    private static func readRequest(_ connection: Int32) -> Int? {
      var bytes: [UInt8] = []
      var piece = [UInt8](repeating: 0, count: 65_536)
      while true {
        if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
          let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).lowercased()
          let length = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
          let count = length.flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
          if bytes.count - end.upperBound >= count { return bytes.count - end.upperBound }
        }
        let count = recv(connection, &piece, piece.count, 0)
        guard count > 0 else { return nil }
        bytes += piece[..<count]
      }
    }

    func stop() { listener.stop() }
  }

  private static func transport(maxBytes: Int = 1 << 20, budget: ByteBudget = ByteBudget()) -> AsyncHTTPTransport {
    AsyncHTTPTransport(
      timeout: .seconds(60), connectTimeout: .seconds(5), maxBytes: maxBytes, connections: 1, budget: budget)
  }

  private static func exchange(_ server: Server, body: [UInt8]? = nil) -> HTTPExchange {
    HTTPExchange(method: body == nil ? "GET" : "POST", url: "http://127.0.0.1:\(server.port)/", headers: [], body: body)
  }

  @Test(.ends(withinMinutes: 5)) func `bodies of any size arrive whole, over one connection`() async throws {
    let server = try #require(Server(.status201))
    let transport = Self.transport()
    let sizes = [1, 0, 400, 70_000, 3 << 20, 2]
    for size in sizes {
      let answer = try await transport.send(Self.exchange(server, body: [UInt8](repeating: 32, count: size)))
      #expect(answer.status == 201 && answer.body == Array("{}".utf8))
    }
    #expect(server.now.bodies == sizes && server.now.connections == 1)
    await transport.close()
    server.stop()
  }

  @Test(.ends(withinMinutes: 5)) func `a task that is already cancelled sends nothing`() async throws {
    let server = try #require(Server(.status201))
    let transport = Self.transport()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await transport.send(Self.exchange(server))
    }
    await #expect(throws: TransportFailure.cancelled) { try await task.value }
    #expect(server.now.connections == 0)
    await transport.close()
    server.stop()
  }

  @Test(
    .ends(withinMinutes: 5),
    arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "HTTP/1.1 200 OK\r\n\r\n{"])
  func `a cancelled call ends at once, and its connection is closed`(_ sent: String) async throws {
    let server = try #require(Server(.bytes(sent)))
    let transport = Self.transport()
    let task = Task { try await transport.send(Self.exchange(server, body: [32])) }
    await server.wait { $0.bodies.count == 1 }
    task.cancel()
    await #expect(throws: TransportFailure.cancelled) { try await task.value }
    await server.wait { $0.closed == 1 }
    await transport.close()
    server.stop()
  }

  @Test(
    .ends(withinMinutes: 5),
    arguments: ["HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"])
  func `a body that is too large is not read, and its connection is closed`(_ head: String) async throws {
    let server = try #require(Server(.endless(head)))
    let budget = ByteBudget()
    let transport = Self.transport(maxBytes: 1 << 20, budget: budget)
    await #expect(throws: TransportFailure.tooLarge(limit: 1 << 20)) { try await transport.send(Self.exchange(server)) }
    await server.wait { $0.closed == 1 }
    #expect(budget.used == 0)
    await transport.close()
    server.stop()
  }

  @Test(.ends(withinMinutes: 5)) func `a call that is cancelled while it waits for memory takes none`() async throws {
    let server = try #require(Server(.endless("HTTP/1.1 200 OK\r\n\r\n")))
    let budget = ByteBudget(limit: 0)
    // A lease that overdraws the budget makes the others wait.
    var holder: ByteBudget.Lease? = budget.lease()
    try await holder?.grow(to: ByteBudget.free + 1)
    let transport = Self.transport(maxBytes: 64 << 20, budget: budget)
    let task = Task { try await transport.send(Self.exchange(server)) }
    while budget.waiting == 0 {
      try Task.checkCancellation()
      await Task.yield()
    }
    task.cancel()
    await #expect(throws: TransportFailure.cancelled) { try await task.value }
    await server.wait { $0.closed == 1 }
    withExtendedLifetime(holder) {}
    holder = nil
    #expect(budget.used == 0 && budget.waiting == 0)
    await transport.close()
    server.stop()
  }
}
