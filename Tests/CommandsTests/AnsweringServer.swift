import Foundation
import Glibc

/// An HTTP server on loopback that answers each request by a closure: for answers that no honest server gives.
final class AnsweringServer: Sendable {
  struct Request: Sendable {
    /// Path and query.
    var target: String
    /// The value of `Authorization`.
    var authorization: String
  }

  struct Answer: Sendable {
    var status = 200
    var headers: [(String, String)] = []
    var body = "{}"
  }

  let port: Int
  private let listener: Int32
  private let answer: @Sendable (Request) -> Answer

  /// Nil where no port is free. Stop it at the end.
  init?(_ answer: @escaping @Sendable (Request) -> Answer) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let port: UInt16? = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        guard bind(listener, pointer, size) == 0, listen(listener, 64) == 0, getsockname(listener, pointer, &size) == 0 else {
          return nil
        }
        return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) }
      }
    }
    guard let port else { return nil }
    self.port = Int(port)
    self.listener = listener
    self.answer = answer
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        Thread.detachNewThread { [self] in serve(connection) }
      }
    }
  }

  func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// One request per connection.
  private func serve(_ connection: Int32) {
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
    let authorization = lines.first { $0.lowercased().hasPrefix("authorization:") }?.dropFirst("authorization:".count) ?? ""
    let target = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? ""
    let answer = answer(Request(target: target, authorization: authorization.trimmingCharacters(in: .whitespaces)))
    let headers =
      answer.headers + [
        ("Content-Type", "application/json"), ("Content-Length", String(answer.body.utf8.count)), ("Connection", "close"),
      ]
    let text =
      "HTTP/1.1 \(answer.status) Answer\r\n" + headers.map { "\($0): \($1)\r\n" }.joined() + "\r\n" + answer.body
    _ = send(connection, text, text.utf8.count, Int32(MSG_NOSIGNAL))
  }
}
