import Core

/// The gates of a summary for people: what one entry is about, its figures, its verdict.
enum GateText {
  /// `complete email`, `warnings phone-invalid`
  static func name(_ gate: JSONValue) -> String {
    let subject = gate["field"]?.stringValue ?? gate["code"]?.stringValue
    return (gate["gate"]?.stringValue ?? "") + (subject.map { " \($0)" } ?? "")
  }

  /// `contacts at app`; a gate without a mapping is about all of the run.
  static func place(_ gate: JSONValue) -> String {
    (gate["mapping"]?.stringValue ?? "all") + (gate["destination"]?.stringValue.map { " at \($0)" } ?? "")
  }

  /// `2 %`, `10`, `26 h`
  static func amount(_ value: JSONValue?, _ unit: JSONValue?) -> String {
    switch unit?.stringValue {
    case "percent": return number(value) + " %"
    case "seconds":
      guard let seconds = value?.doubleValue else { return number(value) }
      return (seconds < 0 ? "-" : "") + Wording.duration(abs(seconds))
    default: return number(value)
    }
  }

  private static func number(_ value: JSONValue?) -> String {
    guard let number = value?.intValue else { return LedgerPrinter.text(value) }
    return number < 0 ? "-" + Wording.count(-number) : Wording.count(number)
  }

  /// The limit with its side: `>= 95 %`
  static func limit(_ gate: JSONValue) -> String {
    let isMaximum = gate["bound"]?.stringValue.map { $0 == "max" } ?? (gate["gate"]?.stringValue == "rejected")
    return (isMaximum ? "<= " : ">= ") + amount(gate["limit"], gate["unit"])
  }

  static func verdict(_ gate: JSONValue) -> String {
    if gate["judged"]?.boolValue == false { return isReduced(gate) ? "not enforced" : "not judged" }
    if gate["passed"]?.boolValue == true { return "passed" }
    if gate["accepted"]?.boolValue == true { return "failed (accepted)" }
    return gate["severity"]?.stringValue == "warning" ? "failed (warning)" : "FAILED"
  }

  /// The run had only some of the records.
  private static func isReduced(_ gate: JSONValue) -> Bool {
    guard let reason = gate["reason"]?.stringValue else { return true }
    return reason.contains("narrowed") || reason.contains("replay")
  }
}
