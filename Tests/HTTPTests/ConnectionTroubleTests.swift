import Foundation
import Glibc
import TestSupport
import Testing

@testable import HTTP

/// Servers on loopback that refuse, end or misunderstand a connection, each in its own way.
@Suite struct ConnectionTroubleTests {
  private static func failure(of url: String) async -> TransportFailure? {
    let transport = AsyncHTTPTransport(
      timeout: .seconds(600), connectTimeout: .seconds(600), maxBytes: 1 << 20, connections: 1)
    let failure = await #expect(throws: TransportFailure.self) {
      _ = try await transport.send(HTTPExchange(method: "GET", url: url, headers: [], body: nil))
    }
    await transport.close()
    return failure
  }

  /// A server that reads a request and answers with fixed bytes.
  private static func server(_ answer: [UInt8]) throws -> LoopbackListener {
    try #require(
      LoopbackListener { connection in
        var request = [UInt8](repeating: 0, count: 4096)
        _ = recv(connection, &request, request.count, 0)
        if !answer.isEmpty { _ = send(connection, answer, answer.count, Int32(MSG_NOSIGNAL)) }
        close(connection)
      })
  }

  @Test func `a port on which nobody listens`() async throws {
    let listener = try #require(LoopbackListener { close($0) })
    let port = listener.port
    // Bound, so that no other test takes it, but not listening.
    listener.stop()
    var failure = await Self.failure(of: "http://127.0.0.1:\(port)/")
    while case .broken? = failure { failure = await Self.failure(of: "http://127.0.0.1:\(port)/") }
    #expect(failure == .unreachable(ConnectionTrouble("the server refuses the connection on port \(port)")))
  }

  @Test func `a host that does not exist`() async {
    let failure = await Self.failure(of: "https://no-such-host.invalid/")
    // Without a name server, the answer is that none responds.
    guard case .unreachable(let trouble)? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(
      trouble.reason == "the host 'no-such-host.invalid' does not exist"
        || trouble.reason == "the name server does not respond, so the host 'no-such-host.invalid' cannot be found")
    #expect(trouble.remedy?.contains("name servers") == true)
  }

  @Test(arguments: [
    ("", "the server closed the connection before its response was complete"),
    ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", "the server closed the connection before its response was complete"),
    ("SSH-2.0-OpenSSH_9.6\r\n", "the response is not valid HTTP"),
  ])
  func `a connection that ends, or is not HTTP`(answer: String, reason: String) async throws {
    let server = try Self.server(Array(answer.utf8))
    let failure = await Self.failure(of: "http://127.0.0.1:\(server.port)/")
    server.stop()
    #expect(failure == .broken(ConnectionTrouble(reason)))
  }

  @Test(
    arguments: [
      // Plain HTTP on a TLS port.
      (Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8), "the server does not speak TLS on this port"),
      // The alert handshake_failure.
      ([0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28], "the server and Waybill have no TLS version or cipher in common"),
      // The alert protocol_version.
      ([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x46], "the server and Waybill have no TLS version or cipher in common"),
    ] as [([UInt8], String)])
  func `a server without the expected TLS`(answer: [UInt8], reason: String) async throws {
    let server = try Self.server(answer)
    let failure = await Self.failure(of: "https://localhost:\(server.port)/")
    server.stop()
    guard case .unreachable(let trouble)? = failure else {
      Issue.record("\(String(describing: failure))")
      return
    }
    #expect(trouble.reason == reason)
  }

  /// As the TLS library describes its errors.
  @Test(arguments: [
    (
      "NIOSSL.NIOSSLError.handshakeFailed(NIOSSL.BoringSSLError.sslError([Error: 268435581 error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at /build/path/handshake.cc:393]))",
      "the server's certificate is not trusted: it has expired or is not yet valid, or this machine does not know its issuer"
    ),
    (
      "NIOSSLExtraError.failedToValidateHostname: Couldn't find <none> in certificate from peer",
      "the server's certificate is not valid for the host 'api.example'"
    ),
    (
      "NIOSSL.NIOSSLError.handshakeFailed(NIOSSL.BoringSSLError.sslError([Error: 0 error:1000045c:SSL routines:OPENSSL_internal:TLSV1_ALERT_CERTIFICATE_REQUIRED at x.cc:1]))",
      "the server asks for a client certificate, which Waybill does not have"
    ),
    (
      "NIOSSL.NIOSSLError.handshakeFailed(NIOSSL.BoringSSLError.sslError([Error:  EOF during handshake]))",
      "the server closed the connection before the TLS handshake was complete"
    ),
    ("NIOSSL.NIOSSLError.noSuchFilesystemObject", "a secure connection to the server cannot be established"),
  ])
  func `a failed handshake`(description: String, reason: String) {
    #expect(ConnectionTrouble.handshake(description, host: "api.example")?.reason == reason)
  }

  @Test func `other errors are no failed handshake`() {
    #expect(ConnectionTrouble.handshake("NIOCore.IOError: reset", host: "h") == nil)
  }

  @Test(arguments: [
    (ECONNREFUSED, "the server refuses the connection on port 443"), (EHOSTUNREACH, "there is no route to the server"),
    (ENETUNREACH, "the network is unreachable"), (ETIMEDOUT, "the server does not respond on port 443"),
    (EMFILE, "this process has too many files open"), (EACCES, "this machine forbids the connection on port 443"),
  ])
  func `an error number of a socket`(number: Int32, reason: String) {
    #expect(ConnectionTrouble.refusal(number, port: 443)?.reason == reason)
  }
}
