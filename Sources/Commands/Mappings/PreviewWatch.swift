import Core
@preconcurrency import Dispatch
import Files
import Glibc
import Pipeline
import Workbench

/// `preview --watch`: a result at the start, and one after each save, until the user quits. Also the page of a single result that
/// is longer than the terminal.
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
  func run() async throws -> Core.ExitCode { try await run(nil) }

  /// Shows one result until the user quits.
  func show(_ result: PreviewSession.Result) async throws -> Core.ExitCode { try await run(result) }

  private func run(_ single: PreviewSession.Result?) async throws -> Core.ExitCode {
    let wake = try WakePipe()
    // Only a terminal has a size that changes.
    let resize = screen == nil ? nil : Self.resizes { wake.signal() }
    defer {
      resize?.cancel()
      screen?.end()
    }
    return try await withTaskCancellationHandler {
      try await watch(wake, single)
    } onCancel: {
      wake.signal()
    }
  }

  private func watch(_ wake: WakePipe, _ single: PreviewSession.Result?) async throws -> Core.ExitCode {
    let session = PreviewSession(session)
    let watcher = try FileWatcher(watchesFiles: single == nil)
    // Watched before they are read: no save is missed.
    if single == nil { try watcher.watch(session.files()) }
    var result = if let single { single } else { await session.refresh() }
    var scroll = PageScroll()
    try present(result, scroll)
    let inputs = [wake.descriptor] + (screen == nil ? [] : [STDIN_FILENO])
    while !Task.isCancelled {
      switch await watcher.next(for: inputs) {
      case .changed:
        let last = result
        result = await session.refresh()
        if Task.isCancelled { return .done }
        // Other records are read from their beginning.
        if !Self.showsSame(last, result) { scroll.reset() }
        try present(result, scroll)
        try watcher.watch(session.files())
      case .readable(wake.descriptor):
        wake.drain()
        if !Task.isCancelled { try draw(result, scroll) }
      case .readable:
        guard let screen else { return .done }
        let keys = screen.readKeys()
        if keys.contains(.quit) { return .done }
        let size = Screen.size
        let lines = page.content(of: result, columns: size.columns).count
        for key in keys { scroll.apply(key, lines: lines, room: PreviewPage.room(size.rows)) }
        if !keys.isEmpty { try draw(result, scroll) }
      }
    }
    return .done
  }

  private static func showsSame(_ one: PreviewSession.Result, _ other: PreviewSession.Result) -> Bool {
    one.failure == nil && other.failure == nil
      && one.items.map { [$0.item.line, $0.item.fields.count] } == other.items.map { [$0.item.line, $0.item.fields.count] }
  }

  private func present(_ result: PreviewSession.Result, _ scroll: PageScroll) throws {
    if isJSON {
      try console.writeOutput(PreviewJSON.json(of: result).text + "\n")
    } else if screen != nil {
      try draw(result, scroll)
    } else {
      let diagnostics = result.diagnostics.withoutNotes
      if !diagnostics.all.isEmpty { console.show(diagnostics) }
      if let failure = result.failure, !diagnostics.hasErrors { console.fault(failure.description) }
      try console.writeOutput(VisibleText.escapedLines((result.number > 1 ? "\n" : "") + page.text(of: result)))
    }
    onShown(result.number)
  }

  private func draw(_ result: PreviewSession.Result, _ scroll: PageScroll) throws {
    guard let screen, !isJSON else { return }
    let size = Screen.size
    try screen.draw(page.lines(of: result, columns: size.columns, rows: size.rows, scroll: scroll))
  }

  private static func resizes(_ body: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
    let source = DispatchSource.makeSignalSource(signal: SIGWINCH, queue: DispatchQueue(label: "waybill.window"))
    source.setEventHandler(handler: body)
    source.activate()
    return source
  }
}
