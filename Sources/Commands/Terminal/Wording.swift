import Control
import Core

/// How numbers are written in texts for people.
enum Wording {
  /// `12,345`.
  static func count(_ number: Int) -> String { (number < 0 ? "-" : "") + GroupedDigits.text(number.magnitude) }

  /// `1 error`, `2 errors`.
  static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
    "\(count(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// `812 B`, `1.5 kB`, `283 MB`: in powers of 1000, as `ls --si` prints.
  static func bytes(_ count: Int) -> String {
    var (size, unit) = (Double(count), 0)
    let units = ["B", "kB", "MB", "GB", "TB"]
    while size >= 999.5, unit < units.count - 1 { (size, unit) = (size / 1000, unit + 1) }
    return (unit > 0 && size < 9.95 ? tenths(size) : self.count(Int(size.rounded()))) + " " + units[unit]
  }

  /// `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    if seconds < 9.95 {
      let tenths = Int((seconds * 10).rounded())
      return "\(tenths / 10).\(tenths % 10) s"
    }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min" + (whole % 60 == 0 ? "" : " \(whole % 60) s") }
    return "\(whole / 3600) h" + (whole % 3600 / 60 == 0 ? "" : " \(whole % 3600 / 60) min")
  }

  /// `1,194 requests made (11 retried after a 429, 2 after another failure); 1,997,634 left today`
  static func requests(_ quota: Quota) -> String {
    var text = "\(count(quota.made, "request")) made"
    // One that was refused and not repeated is not a retry.
    let throttled = min(quota.throttled, quota.retried)
    var retries: [String] = []
    if throttled > 0 { retries.append("\(count(throttled)) retried after a 429") }
    if quota.retried > throttled {
      retries.append("\(count(quota.retried - throttled)) \(throttled > 0 ? "" : "retried ")after another failure")
    }
    if quota.throttled > throttled { retries.append("\(count(quota.throttled - throttled)) refused with 429") }
    if !retries.isEmpty { text += " (\(retries.joined(separator: ", ")))" }
    if let left = quota.remaining { text += "; \(count(left)) left today" }
    return text
  }

  /// `a, b and c`.
  static func list(_ words: [String], _ last: String = "and") -> String {
    guard let end = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(last) " + end
  }
}
