import Foundation
import Glibc

/// Listens on a free port of this machine and runs each connection on its own thread, for servers that misbehave on
/// purpose.
package final class LoopbackListener: Sendable {
  package let port: Int
  private let listener: Int32

  /// `serve` owns the connection and closes it. Nil if no port is free.
  package init?(_ serve: @escaping @Sendable (_ connection: Int32) -> Void) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
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
    guard let port else {
      close(listener)
      return nil
    }
    self.port = Int(port)
    self.listener = listener
    Thread.detachNewThread {
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0 else { break }
        Thread.detachNewThread { serve(connection) }
      }
      close(listener)
    }
  }

  /// Accepts no further connections; those in progress continue.
  package func stop() { shutdown(listener, Int32(SHUT_RDWR)) }
}
