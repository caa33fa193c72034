import Foundation
import Glibc
import TestSupport

/// An HTTP server on loopback that answers each request through a closure, for answers that no honest server gives.
final class AnsweringServer: Sendable {
  struct Request: Sendable {
    var method: String
    /// Path and query.
    var target: String
    /// The value of `Authorization`.
    var authorization: String
    /// The value of `Version`.
    var version: String
    /// From 1, if a test counts them.
    var number = 0
  }

  struct Answer: Sendable {
    var status = 200
    var headers: [(String, String)] = []
    var body = "{}"
  }

  private let listener: LoopbackListener

  var port: Int { listener.port }

  /// Nil if no port is free. Stop it at the end.
  init?(_ answer: @escaping @Sendable (Request) -> Answer) {
    guard let listener = LoopbackListener({ Self.serve($0, answer) }) else { return nil }
    self.listener = listener
  }

  func stop() { listener.stop() }

  /// One request per connection.
  private static func serve(_ connection: Int32, _ answer: (Request) -> Answer) {
    defer { close(connection) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    var head = ""
    while !head.contains("\r\n\r\n") {
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return }
      bytes += chunk[..<count]
      head = String(decoding: bytes, as: UTF8.self)
    }
    let lines = head.components(separatedBy: "\r\n")
    func header(_ name: String) -> String {
      let line = lines.first { $0.lowercased().hasPrefix(name + ":") } ?? ""
      return line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
    }
    let words = lines[0].split(separator: " ").map(String.init)
    let answer = answer(
      Request(
        method: words.first ?? "", target: words.dropFirst().first ?? "", authorization: header("authorization"),
        version: header("version")))
    let headers =
      answer.headers + [
        ("Content-Type", "application/json"), ("Content-Length", String(answer.body.utf8.count)), ("Connection", "close"),
      ]
    let text =
      "HTTP/1.1 \(answer.status) Answer\r\n" + headers.map { "\($0): \($1)\r\n" }.joined() + "\r\n" + answer.body
    _ = send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL))
  }
}
