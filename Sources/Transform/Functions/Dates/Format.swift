import Core
import Values

extension FunctionDefinition {
  static let format = FunctionDefinition(
    name: "format",
    summary: "A date, or a date and time, as text in the form of a pattern.",
    parameters: [
      Parameter(
        "pattern", .text, isRequired: true, isPositional: true, "UTS 35 letters, as `date` reads them: \"dd.MM.yyyy HH:mm\""),
      Parameter("zone", .text, "the zone of the text, an IANA name or `location`; default: the value's own offset"),
    ],
    input: "datetime or date", output: "string", errors: [.dateInvalid],
    examples: [
      Example(#"{format: "MM/dd/yyyy"}"#, after: "date", #""1990-09-25""#, gives: #""09/25/1990""#),
      Example(
        #"{format: {pattern: "EEE, d MMM yyyy h:mm a", zone: America/New_York}}"#, after: "datetime", #""2024-03-10T12:30:00Z""#,
        gives: #""Sun, 10 Mar 2024 8:30 AM""#),
      Example(
        #"{format: {pattern: "yyyy-MM-dd'T'HH:mmXXX", zone: Asia/Tokyo}}"#, after: "datetime", #""2024-12-31T23:30:00Z""#,
        gives: #""2025-01-01T08:30+09:00""#),
      Example(
        #"{format: {pattern: yyyy, zone: Asia/Tokyo}}"#, after: "datetime", #""9999-12-31T23:00:00Z""#, raises: .dateInvalid),
    ],
    bind: { request in
      let letters = request.text("pattern") ?? ""
      var issues: [BindIssue] = []
      let pattern = pattern(letters, &issues)
      let zone = request.text("zone").map { $0 == "location" ? ZoneChoice.location : .named($0) }
      if case .named(let name)? = zone, let issue = issue(withZone: name) { issues.append(issue) }
      if request.input == .date {
        if pattern?.hasTime == true {
          issues.append(
            BindIssue(
              .badArgument, parameter: "pattern", "a date has no time of day, but the pattern '\(letters)' needs one",
              hint: "use datetime instead of date, or remove the hours"))
        }
        if zone != nil {
          issues.append(
            BindIssue(.badArgument, parameter: "zone", "a date has no zone", hint: "remove 'zone', or use datetime"))
        }
      }
      return request.bind(
        "format", takes: [.datetime, .date], gives: .string, issues: issues,
        facts: ResultFacts(longest: { _ in pattern?.longestText }), .format(pattern: letters, zone: zone))
    })

  private static func pattern(_ letters: String, _ issues: inout [BindIssue]) -> DatePattern? {
    do throws(DatePatternFailure) {
      return try DatePattern(letters, isWritten: true)
    } catch {
      if let issue = DateFormats.foreign(letters, "pattern", of: "format") {
        issues.append(issue)
        return nil
      }
      issues.append(
        BindIssue(
          .badArgument, parameter: "pattern", "the pattern '\(letters)' of format: \(error.message)", hint: error.hint))
      return nil
    }
  }
}
