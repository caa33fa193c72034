import Core
@preconcurrency import Dispatch
import Glibc

/// SIGINT, SIGTERM and SIGHUP (a terminal that is closed): the first ends the work in an orderly way, the second at once.
final class Interruption: Sendable {
  private let sources: [any DispatchSourceSignal]

  /// - Parameter onSignal: called once, from a thread of its own.
  init(_ onSignal: @escaping @Sendable (_ name: String) -> Void) {
    // A reader of our output that goes away is an error of a write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    let queue = DispatchQueue(label: "waybill.signals")
    let counter = Counter()
    sources = [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM"), (SIGHUP, "SIGHUP")].filter { !Self.isIgnored($0.0) }.map {
      number, name in
      // The source hears the signal only where the process does not act on it.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler {
        if counter.next() == 1 { onSignal(name) } else { _exit(Core.ExitCode.tryLater.rawValue) }
      }
      source.activate()
      return source
    }
  }

  /// `nohup` asks for it.
  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard number == SIGHUP, sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1  // SIG_IGN
  }

  func stop() {
    for source in sources { source.cancel() }
  }

  /// Used on the one queue only.
  private final class Counter: @unchecked Sendable {
    private var count = 0

    func next() -> Int {
      count += 1
      return count
    }
  }
}
