import Core
@preconcurrency import Dispatch
import Files
import Glibc
import Pipeline
import Workbench

/// `preview --watch`: a result at the start, and one after each save, until the user quits.
struct PreviewWatch {
  var session: PreviewSession.Options
  var page: PreviewPage
  var isJSON: Bool
  var console: Console
  /// Nil: results are printed one after another.
  var screen: Screen?
  /// Called with each result after it is shown; tests use it to end the watch.
  var onShown: @Sendable (Int) -> Void = { _ in }

  /// Ends when the task is cancelled, or by a key.
  ///
  /// - Throws: `OperationFailure` where files cannot be watched, `Console.OutputClosed`.
  func run() async throws -> Core.ExitCode {
    let wake = try WakePipe()
    // Only a terminal has a size that changes.
    let resize = screen == nil ? nil : Self.resizes { wake.signal() }
    defer {
      resize?.cancel()
      screen?.end()
    }
    return try await withTaskCancellationHandler {
      try await watch(wake)
    } onCancel: {
      wake.signal()
    }
  }

  private func watch(_ wake: WakePipe) async throws -> Core.ExitCode {
    let session = PreviewSession(session)
    let watcher = try FileWatcher()
    // Watched before they are read: no save is missed.
    try watcher.watch(session.files())
    var result = await session.refresh()
    try show(result)
    let inputs = [wake.descriptor] + (screen == nil ? [] : [STDIN_FILENO])
    while !Task.isCancelled {
      switch await watcher.next(for: inputs) {
      case .changed:
        result = await session.refresh()
        if Task.isCancelled { return .done }
        try show(result)
        try watcher.watch(session.files())
      case .readable(wake.descriptor):
        wake.drain()
        if !Task.isCancelled { try draw(result) }
      case .readable:
        if screen?.readsEnd() == true { return .done }
      }
    }
    return .done
  }

  private func show(_ result: PreviewSession.Result) throws {
    if isJSON {
      try console.print(PreviewJSON.json(of: result).text)
    } else if screen != nil {
      try draw(result)
    } else {
      let diagnostics = result.diagnostics.withoutNotes
      if !diagnostics.all.isEmpty { console.show(diagnostics) }
      if let failure = result.failure, !diagnostics.hasErrors { console.fault(failure.description) }
      try console.print((result.number > 1 ? "\n" : "") + page.text(of: result))
    }
    onShown(result.number)
  }

  private func draw(_ result: PreviewSession.Result) throws {
    guard let screen, !isJSON else { return }
    let size = screen.size
    try screen.draw(page.lines(of: result, columns: size.columns, rows: size.rows))
  }

  private static func resizes(_ body: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
    let source = DispatchSource.makeSignalSource(signal: SIGWINCH, queue: DispatchQueue(label: "waybill.window"))
    source.setEventHandler(handler: body)
    source.activate()
    return source
  }
}
