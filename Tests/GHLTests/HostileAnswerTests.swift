import Foundation
import TestSupport
import Testing

@testable import GHL
@testable import HTTP

/// Bytes that are not an answer, or one that no client expects, through the real transport.
@Suite(.serialized) struct HostileAnswerTests {
  static func answer(_ bytes: some Sequence<UInt8>, maxBytes: Int = 1 << 20) async throws -> Result<HTTPAnswer, TransportFailure>
  {
    let server = try #require(RawServer(Array(bytes)))
    // A deadline that only a hang reaches: beside all the other tests, the first request may wait half a minute for a thread.
    let transport = AsyncHTTPTransport(timeout: .seconds(50), connectTimeout: .seconds(50), maxBytes: maxBytes, connections: 2)
    let exchange = HTTPExchange(method: "GET", url: "http://127.0.0.1:\(server.port)/", headers: [], body: nil)
    let result: Result<HTTPAnswer, TransportFailure>
    do throws(TransportFailure) { result = .success(try await transport.send(exchange)) } catch { result = .failure(error) }
    await transport.close()
    server.stop()
    return result
  }

  /// A text too long to print in full.
  struct Sent: Sendable, CustomTestStringConvertible {
    var text: String
    var testDescription: String { String(text.prefix(60)) }
  }

  static let broken: [String] =
    ["000", "001", "050", "099", "100", "101", "150", "199"].map { "HTTP/1.1 \($0) X\r\nContent-Length: 2\r\n\r\n{}" } + [
      "HTTP/1.1 2000 X\r\n\r\n", "HTTP/1.1 -20 X\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "SSH-2.0\r\n", "",
      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n{}",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
      String(repeating: "HTTP/1.1 102 Processing\r\n\r\n", count: 20_000),
      "HTTP/1.1 200 OK\r\n" + String(repeating: "X-A: b\r\n", count: 50_000) + "\r\n",
      "HTTP/1.1 200 OK\r\nX-A: " + String(repeating: "b", count: 3_000_000) + "\r\n\r\n",
    ]

  @Test(.ends(withinMinutes: 5), arguments: broken.map { Sent(text: $0) })
  func `bytes that are not a response are a broken connection`(_ sent: Sent) async throws {
    switch try await Self.answer(sent.text.utf8) {
    case .failure(.broken), .failure(.tooLarge): break
    case let other: Issue.record("\(sent): \(other)")
    }
  }

  @Test(
    .ends(withinMinutes: 5),
    arguments: [
      ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200), ("HTTP/1.1 999 X\r\nContent-Length: 2\r\n\r\n{}", 999),
      ("HTTP/1.1 102 X\r\n\r\nHTTP/1.1 103 X\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200),
      ("HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\n{}", 302),
      ("HTTP/1.1 200 OK\r\nX-RateLimit-Max: \u{FF}\r\n\r\n{}", 200),
    ])
  func `an unusual response is still a response`(_ text: String, _ status: Int) async throws {
    let answer = try await Self.answer(text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }).get()
    #expect(answer.status == status && answer.body == Array("{}".utf8))
  }

  @Test(.ends(withinMinutes: 5), arguments: [true, false])
  func `a body over the limit is not kept`(_ isAnnounced: Bool) async throws {
    let head = "HTTP/1.1 200 OK\r\n" + (isAnnounced ? "Content-Length: 3000000\r\n" : "") + "\r\n"
    let result = try await Self.answer(Array(head.utf8) + [UInt8](repeating: 0x20, count: 3_000_000))
    guard case .failure(.tooLarge(limit: 1_048_576)) = result else {
      Issue.record("\(result)")
      return
    }
  }

  @Test(.ends(withinMinutes: 5)) func `responses that together exceed the budget all arrive`() async throws {
    let size = 3 << 20
    let head = "HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n"
    let server = try #require(RawServer(Array(head.utf8) + [UInt8](repeating: 0x20, count: size)))
    let budget = ByteBudget(limit: 1 << 20)
    let transport = AsyncHTTPTransport(
      timeout: .seconds(30), connectTimeout: .seconds(50), maxBytes: 4 << 20, connections: 8, budget: budget)
    let most = Shared(0)
    let sizes = await withTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let exchange = HTTPExchange(method: "GET", url: "http://127.0.0.1:\(server.port)/", headers: [], body: nil)
          let answer = try? await transport.send(exchange)
          let used = budget.used
          most.change { $0 = max($0, used) }
          return answer?.body.count ?? 0
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    await transport.close()
    server.stop()
    #expect(sizes == Array(repeating: size, count: 8))
    #expect(most.value <= (1 << 20) + size && budget.used == 0)
  }

  /// The body of a 422 answer, and what is shown of it.
  @Test(
    arguments: [
      (#"{"message":[["deep"],"flat",{"message":["in a list"]},{"message":"own"}]}"#, "flat; own"),
      (#"{"error":{"message":["a","b"]}}"#, "a; b"), (#"{"message":{"message":{"message":"x"}}}"#, ""),
      (#"{"message":1e999,"error":null,"error_description":"said"}"#, "said"),
    ])
  func `an error is read however deeply it is nested`(_ body: String, _ shown: String) {
    #expect(ErrorBody(Array(body.utf8)).message == shown)
  }

  @Test func `an error nested a million levels deep is not shown`() {
    let deep = #"{"message":["# + String(repeating: "[", count: 1_000_000) + String(repeating: "]", count: 1_000_000) + "]}"
    #expect(ErrorBody(Array(deep.utf8)).message.isEmpty)
  }

  @Test func `an error of any length is cut`() {
    let error = ErrorBody(
      Array(
        #"{"message":"\#(String(repeating: "é", count: 2_000_000))","traceId":"\#(String(repeating: "t", count: 100_000))"}"#.utf8
      ))
    #expect(error.message.count == 301 && error.traceId?.count == 65)
  }
}
