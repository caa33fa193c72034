import Core
import Files
import Glibc
import Report

/// Where a command writes: results to standard output, everything else to standard error.
///
/// Commands take it from their context; tests hand in one that keeps what is written.
struct Console: Sendable {
  /// The reader of standard output has gone (`waybill ledger | head`): nothing is left to do, and nothing is wrong.
  struct OutputClosed: Error {}

  var writeOutput: @Sendable (String) throws -> Void
  var writeError: @Sendable (String) -> Void
  /// The unguarded writer behind `paint`; nil: `writeOutput`, as before a guard is installed.
  private var paintOutput: (@Sendable (String) throws -> Void)?
  private var paintError: (@Sendable (String) -> Void)?
  var isErrorTerminal: Bool
  var isOutputTerminal = false
  /// Colors for standard error.
  var hasColour: Bool
  /// Columns of the terminal.
  var width: @Sendable () -> Int
  var isQuiet = false
  /// `--log-format json`: notes are JSON lines.
  var logsJSON = false

  init(
    writeOutput: @escaping @Sendable (String) throws -> Void, writeError: @escaping @Sendable (String) -> Void,
    isErrorTerminal: Bool, isOutputTerminal: Bool = false, hasColour: Bool, width: @escaping @Sendable () -> Int
  ) {
    self.writeOutput = writeOutput
    self.writeError = writeError
    self.isErrorTerminal = isErrorTerminal
    self.isOutputTerminal = isOutputTerminal
    self.hasColour = hasColour
    self.width = width
  }

  /// The process's own streams.
  static func standard(environment: [String: String]) -> Console {
    let isTerminal = isatty(2) == 1
    let noColour = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return Console(
      writeOutput: { try Self.write($0, to: 1) }, writeError: { try? Self.write($0, to: 2) }, isErrorTerminal: isTerminal,
      isOutputTerminal: isatty(1) == 1, hasColour: isTerminal && !noColour,
      width: { Self.terminalWidth(environment: environment) })
  }

  /// The same console with a guard in front of everything it writes: secrets that the process knows are removed, and on a
  /// terminal nothing from the data can act on it. Standard error is for people wherever it goes. Standard output keeps its
  /// bytes when it is a file or a pipe, because other programs read it.
  func guarded(_ redactor: Redactor = .process) -> Console {
    var console = self
    let (writeOutput, writeError) = (writeOutput, writeError)
    console.paintOutput = { try writeOutput(redactor.redacted($0)) }
    console.paintError = { writeError(redactor.redacted($0)) }
    if isOutputTerminal {
      console.writeOutput = { try writeOutput(VisibleText.escapedLines(redactor.redacted($0))) }
    } else {
      console.writeOutput = { try writeOutput(redactor.redacted($0)) }
    }
    console.writeError = { writeError(VisibleText.escapedLines(redactor.redacted($0))) }
    return console
  }

  /// Writes text with our own escape sequences to standard output; the caller has already escaped everything else in it.
  func paint(_ text: String) throws { try (paintOutput ?? writeOutput)(text) }

  /// Like `paint`, but to standard error.
  func paintingError(_ text: String) { (paintError ?? writeError)(text) }

  // MARK: Results

  /// Lines for standard output, for people, or JSON. If the reader has gone (`waybill run | head -1`), they are lost, but
  /// the command's effect and exit code stand. Commands with long output use `writeOutput`, and stop there.
  func print(_ text: String) throws {
    let text = VisibleText.escapedLines(text)
    do { try writeOutput(text.hasSuffix("\n") ? text : text + "\n") } catch is OutputClosed {}
  }

  /// Shows the result of finished work and returns the work's exit code. If standard output cannot be written, that is
  /// reported, and it determines the exit code if everything else succeeded.
  func settle(_ code: ExitCode, _ show: () throws -> Void) rethrows -> ExitCode {
    do { try show() } catch let failure as OperationFailure {
      fault(failure.description)
      return code == .done ? failure.exitCode : code
    }
    return code
  }

  /// The cells that a line of standard output has; nil if it is not a terminal: other programs get every line whole.
  var lineWidth: Int? { isOutputTerminal ? width() : nil }

  /// The same for standard error.
  var errorWidth: Int? { isErrorTerminal ? width() : nil }

  /// Reference texts with columns: on a terminal, their sentences are wrapped between words.
  func printProse(_ text: String) throws { try print(lineWidth.map { CellText.prose(text, to: $0) } ?? text) }

  /// One JSON document.
  func print(_ value: JSONValue) throws { try print(value.prettyText) }

  // MARK: Messages

  /// An informational line, omitted with `--quiet`. Always one line, like `fault`; only a terminal's width breaks it.
  func note(_ message: String) { noteText(fitted(VisibleText.escaped(message))) }

  /// The same, and a command to copy: on a line of its own, which is never wrapped.
  func note(_ message: String, command: String) {
    let (message, command) = (VisibleText.escaped(message), VisibleText.escaped(command))
    noteText(logsJSON ? "\(message) \(command)" : "\(fitted(message))\n  \(command)")
  }

  /// The same in several lines of our own.
  func noteText(_ text: String) {
    guard !isQuiet else { return }
    say(text, level: "info")
  }

  /// What a question on the terminal is about: shown even with `--quiet`, because the answer depends on it.
  func prompt(_ line: String) { writeError(VisibleText.escaped(line) + "\n") }

  /// A message about a fault: `waybill: what happened: where; what to do`. Always one line: names of files and messages of
  /// servers may contain line breaks.
  func fault(_ message: String) { say(fitted("waybill: " + VisibleText.escaped(message)), level: "error") }

  /// A fault in several lines of our own.
  func faultText(_ text: String) { say("waybill: " + text, level: "error") }

  func warn(_ message: String) { say(fitted("waybill: warning: " + VisibleText.escaped(message)), level: "warning") }

  /// Wrapped between words if standard error is a terminal.
  private func fitted(_ message: String) -> String { logsJSON ? message : CellText.message(message, to: errorWidth) }

  /// Requested output that is not the result itself.
  private func tell(_ text: String) { paintingError(text.hasSuffix("\n") ? text : text + "\n") }

  /// Diagnostics with their frames; with `--log-format json` a line of JSON for each.
  func show(_ diagnostics: Diagnostics) {
    guard !diagnostics.all.isEmpty else { return }
    let (shown, rest) = DiagnosticText.shown(diagnostics)
    defer { if let rest { say(rest, level: "warning") } }
    guard logsJSON else { return tell(DiagnosticText.text(of: shown, hasColour: hasColour, fitting: errorWidth)) }
    for diagnostic in shown.sorted {
      let level = diagnostic.severity == .note ? "info" : diagnostic.severity.rawValue
      say(
        diagnostic.message, level: level,
        SummaryJSON.members(of: diagnostic, file: diagnostics.shownPath(diagnostic.place.file)))
    }
  }

  /// A message with its own frame, about text that is not in a file: an expression on the command line.
  func show(_ text: String, _ severity: Severity) {
    guard logsJSON else { return tell(VisibleText.escapedLines(text)) }
    say(text, level: severity == .note ? "info" : severity.rawValue)
  }

  private func say(_ message: String, level: String, _ more: [JSONValue.Member] = []) {
    guard logsJSON else { return writeError(message + "\n") }
    let line = JSONValue.object(
      [.init("time", .string(Timestamp.now())), .init("level", .string(level)), .init("message", .string(message))] + more)
    writeError(line.text + "\n")
  }

  // MARK: Streams

  private static func write(_ text: String, to descriptor: Int32) throws {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&poller, 1, 1000)
      case EPIPE: throw OutputClosed()
      default:
        let reason = SystemReason(errno, .writing)
        throw OperationFailure(.cannotWrite, "standard output cannot be written: \(reason.text): \(reason.remedy)")
      }
    }
  }

  /// `COLUMNS`, or what the terminal reports; 80 if neither is known.
  private static func terminalWidth(environment: [String: String]) -> Int {
    if let columns = environment["COLUMNS"].flatMap({ Int($0) }), (1...10_000).contains(columns) { return columns }
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      var size = winsize()
      if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
    }
    return 80
  }
}
