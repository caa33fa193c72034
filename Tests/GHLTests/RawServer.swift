import Foundation
import Synchronization
import TestSupport

/// Sends the same bytes to every connection on loopback after its request, then closes it.
final class RawServer: Sendable {
  private let listener: LoopbackListener
  private let counter: Counter

  private final class Counter: Sendable {
    let value = Atomic(0)
  }

  var port: Int { listener.port }

  /// Requests received.
  var requests: Int { counter.value.load(ordering: .relaxed) }

  init?(_ bytes: [UInt8]) {
    let counter = Counter()
    guard let listener = LoopbackListener({ Self.serve($0, bytes, counter) }) else { return nil }
    self.listener = listener
    self.counter = counter
  }

  private static func serve(_ connection: Int32, _ bytes: [UInt8], _ counter: Counter) {
    // An answer before its request would be a separate fault.
    var request = [UInt8](repeating: 0, count: 4096)
    if recv(connection, &request, request.count, 0) > 0 { counter.value.add(1, ordering: .relaxed) }
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

  func stop() { listener.stop() }
}
