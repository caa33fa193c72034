/// A row of numbers as bars of one cell each: `▁▂▂▅█`. Only beside the numbers themselves, and only on terminals that can show it.
enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// - Parameter numbers: nil: a gap.
  static func text(of numbers: [Int?]) -> String {
    let greatest = numbers.compactMap(\.self).max() ?? 0
    return String(
      numbers.map { number -> Character in
        guard let number else { return " " }
        // Zero has the lowest bar to itself, so that what never occurred differs from what was rare.
        guard number > 0, greatest > 0 else { return bars[0] }
        let share = Double(number) / Double(greatest)
        return bars[min(bars.count - 1, max(1, Int((share * Double(bars.count - 1)).rounded())))]
      })
  }

  /// Whether standard output is a terminal that shows these characters.
  static func isShown(on console: Console, environment: [String: String]) -> Bool {
    guard console.isOutputTerminal, environment["TERM"] != "dumb", (environment["NO_COLOR"] ?? "").isEmpty else { return false }
    // The first that is set counts, as in the C library.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    let name = locale.lowercased()
    return name.contains("utf-8") || name.contains("utf8")
  }
}
