import Control
import Core
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import GHL
@testable import HTTP

/// Servers that hold a connection and do not come to an end.
@Suite struct SilentServerTests {
  /// Sends a head and then a byte of its endless body now and then, on loopback, until it is stopped.
  final class DrippingServer: Sendable {
    private final class Flag: Sendable {
      let isSet = Atomic(false)
    }

    private let listener: LoopbackListener
    private let stopped: Flag

    var port: Int { listener.port }

    init?() {
      let stopped = Flag()
      guard let listener = LoopbackListener({ Self.serve($0, until: stopped) }) else { return nil }
      self.listener = listener
      self.stopped = stopped
    }

    private static func serve(_ connection: Int32, until stopped: Flag) {
      let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n{"
      // An answer before its request would be a fault of its own.
      var request = [UInt8](repeating: 0, count: 4096)
      _ = recv(connection, &request, request.count, 0)
      _ = send(connection, head, head.utf8.count, Int32(MSG_NOSIGNAL))
      while !stopped.isSet.load(ordering: .relaxed), send(connection, " ", 1, Int32(MSG_NOSIGNAL)) == 1 { usleep(20_000) }
      close(connection)
    }

    func stop() {
      stopped.isSet.store(true, ordering: .relaxed)
      listener.stop()
    }
  }

  @Test("the deadline covers the body as well", .ends(withinMinutes: 5))
  func drip() async throws {
    let server = try #require(DrippingServer())
    let transport = AsyncHTTPTransport(
      timeout: .milliseconds(300), connectTimeout: .seconds(5), maxBytes: 1 << 20, connections: 1)
    let failure = await #expect(throws: TransportFailure.self) {
      _ = try await transport.send(HTTPExchange(method: "GET", url: "http://127.0.0.1:\(server.port)/", headers: [], body: nil))
    }
    server.stop()
    await transport.close()
    guard case .timedOut = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
  }

  @Test("20 attempts in a row over two minutes are an outage; fewer, or in a moment, are not")
  func attempts() {
    let watch = OutageWatch()
    func moment(_ seconds: Int) -> Moment { Moment(.seconds(seconds)) }
    #expect((0..<40).allSatisfy { _ in !watch.unanswered(at: moment(0)) })
    #expect(!watch.unanswered(at: moment(119)))
    #expect(watch.unanswered(at: moment(120)))
    watch.answered()
    #expect((0..<19).allSatisfy { !watch.unanswered(at: moment(200 + 30 * $0)) })
    #expect(watch.unanswered(at: moment(2_000)))
  }

  @Test("a source that never responds is given up for all requests")
  func down() async throws {
    let transport = ScriptedTransport { _, _ in .failure(.unreachable(ConnectionTrouble("refused"))) }
    let client = try GHLClient.scripted(retry: RetryPolicy(maxAttempts: 1), transport)
    var kinds: [GHLFailure.Kind] = []
    for number in 0..<20 {
      do throws(GHLFailure) { _ = try await client.contact("c\(number)") } catch {
        kinds.append(error.kind)
        #expect(error.endsRun == (number == 19))
        #expect(error.operationFailure.exitCode == .unreachable)
      }
    }
    #expect(kinds == Array(repeating: .unreachable, count: 19) + [.down])
  }

  @Test("a firewall's text is not quoted")
  func blocked() async throws {
    let client = try GHLClient.scripted(
      ScriptedTransport { _, _ in .success(.json(403, "<html>203.0.113.7 was blocked</html>")) })
    let failure = await #expect(throws: GHLFailure.self) { _ = try await client.contact("a") }
    #expect(failure?.description.contains("203.0.113.7") == false)
    #expect(failure?.description.contains("location") == false)
  }
}
