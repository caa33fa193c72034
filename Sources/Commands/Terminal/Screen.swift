import Glibc

/// The terminal as one page that is redrawn, with keys read one by one. The previous content comes back when it ends.
final class Screen {
  private let write: @Sendable (String) throws -> Void
  private var before = termios()
  private var isOpen = false

  /// Whether standard input and output are a terminal that can be drawn on.
  static func isAvailable(environment: [String: String]) -> Bool {
    isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
  }

  /// - Throws: what `write` throws.
  init(_ write: @escaping @Sendable (String) throws -> Void) throws {
    self.write = write
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return }
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    isOpen = true
    try write("\u{1B}[?1049h\u{1B}[?25l")
  }

  deinit { end() }

  func end() {
    guard isOpen else { return }
    isOpen = false
    try? write("\u{1B}[?25h\u{1B}[?1049l")
    tcsetattr(STDIN_FILENO, TCSANOW, &before)
  }

  /// Columns and rows.
  static var size: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }

  /// In one write that overwrites each line, so that nothing flickers.
  func draw(_ lines: [String]) throws {
    try write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
  }

  /// The keys that have been pressed; `quit` if the terminal is gone.
  func readKeys() -> [PageKey] {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = read(STDIN_FILENO, &bytes, bytes.count)
    if count < 0 { return errno == EINTR || errno == EAGAIN ? [] : [.quit] }
    return count == 0 ? [.quit] : PageKey.all(in: Array(bytes.prefix(count)))
  }
}
