import CSignals
import Core
import Dispatch
import Glibc

/// SIGINT, SIGTERM and SIGHUP (the terminal was closed): the first one ends the work gracefully, the second one at once.
final class Interruption: Sendable {
  private let isStopped = Locked(false)

  /// From here on, no signal is lost. Call it before anything else in the process.
  static func begin() { _ = descriptor }

  private static let descriptor = waybill_signals_begin(ExitCode.tryLater.rawValue)

  /// The signal that has already arrived.
  static var first: String? {
    let number = waybill_signals_first()
    return number == 0 ? nil : name(of: number)
  }

  /// - Parameter onSignal: called once, on its own thread, also for a signal that arrived earlier.
  init(_ onSignal: @escaping @Sendable (_ name: String) -> Void) {
    let descriptor = Self.descriptor
    guard descriptor >= 0 else { return }
    DispatchQueue(label: "waybill.signals").async { [self] in
      var number: UInt8 = 0
      while read(descriptor, &number, 1) < 0 { guard errno == EINTR else { return } }
      if !isStopped.withLock({ $0 }) { onSignal(Self.name(of: Int32(number))) }
    }
  }

  /// Makes no further calls.
  func stop() { isStopped.withLock { $0 = true } }

  private static func name(of number: Int32) -> String {
    switch number {
    case SIGINT: "SIGINT"
    case SIGTERM: "SIGTERM"
    case SIGHUP: "SIGHUP"
    default: "signal \(number)"
    }
  }
}
