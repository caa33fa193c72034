import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// One request on one loopback connection, read until the server closes it: what really comes over the wire.
enum PlainClient {
  struct Failure: Error { var call: String }

  static func send(port: Int, _ request: String) async throws -> String {
    try await withCheckedThrowingContinuation { continuation in
      // A thread of its own: blocked threads of the shared pool would be missing to the server.
      Thread.detachNewThread { continuation.resume(with: Result { try exchange(port: port, request) }) }
    }
  }

  static func get(port: Int, _ target: String, token: String, version: String = "v3") async throws -> String {
    try await send(
      port: port,
      "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\nVersion: \(version)\r\nConnection: close\r\n\r\n"
    )
  }

  private static func exchange(port: Int, _ request: String) throws -> String {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { throw Failure(call: "socket") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    guard connected == 0 else { throw Failure(call: "connect") }
    let bytes = Array(request.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure(call: "write") }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      answer += buffer[..<count]
    }
    return String(decoding: answer, as: UTF8.self)
  }
}
