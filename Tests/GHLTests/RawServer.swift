import Foundation
import Synchronization

/// Gives every connection on loopback the same bytes after its request, then closes it.
final class RawServer: Sendable {
  let port: Int
  private let listener: Int32
  private let bytes: [UInt8]
  private let counter = Atomic(0)

  /// Requests that came.
  var requests: Int { counter.load(ordering: .relaxed) }

  init?(_ bytes: [UInt8]) {
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
    self.bytes = bytes
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { return }
        Thread.detachNewThread { [self] in serve(connection) }
      }
    }
  }

  private func serve(_ connection: Int32) {
    // An answer before its request would be a fault of its own.
    var request = [UInt8](repeating: 0, count: 4096)
    if recv(connection, &request, request.count, 0) > 0 { counter.add(1, ordering: .relaxed) }
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(connection, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { break }
      sent += count
    }
    shutdown(connection, Int32(SHUT_WR))
    close(connection)
  }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }
}
