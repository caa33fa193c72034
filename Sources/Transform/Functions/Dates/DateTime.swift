import Core
import Values

extension FunctionDefinition {
  static let datetime = FunctionDefinition(
    name: "datetime",
    summary: "A date and time (RFC 3339), by the first of `formats` that fits; a time without an offset is in `zone`.",
    parameters: [
      DateFormats.parameter(
        "iso, epoch_ms, epoch_s, or patterns of UTS 35 letters such as \"MM/dd/yyyy HH:mm\"; default iso"),
      Parameter("zone", .text, "an IANA name or `location`; default: `timezone` of the settings"),
      Parameter("gap", .words(words), "a local time that the zone skips; default reject"),
      Parameter("overlap", .words(words), "a local time that occurs twice in the zone; default earlier, with a warning"),
    ],
    input: "string, integer (its digits by `formats`; without them milliseconds since 1970) or datetime", output: "datetime",
    errors: [.dateInvalid, .dateGap, .dateOverlap], formulas: .impossible,
    examples: [
      Example("datetime", #""2021-07-02T05:18:26.704Z""#, gives: #""2021-07-02T05:18:26.704Z""#),
      Example("datetime", #""2024-03-10T12:30:00+05:30""#, gives: #""2024-03-10T12:30:00+05:30""#),
      Example(
        "{datetime: {zone: America/New_York}}", #""2024-07-01 09:00:00""#, gives: #""2024-07-01T09:00:00-04:00""#),
      Example("datetime", "1625203106704", gives: #""2021-07-02T05:18:26.704Z""#),
      Example("{datetime: {zone: America/New_York}}", #""2024-03-10 02:30:00""#, raises: .dateGap),
      Example("datetime", #""yesterday""#, raises: .dateInvalid),
    ],
    bind: { request in
      let (formats, formatIssues) = DateFormats.read(request, of: "datetime")
      var issues = formatIssues
      let zone = request.text("zone").map { $0 == "location" ? ZoneChoice.location : .named($0) }
      if case .named(let name)? = zone, let issue = issue(withZone: name) { issues.append(issue) }
      let gap = request.text("gap").flatMap(FunctionCall.Disambiguation.init) ?? .reject
      let overlap = request.text("overlap").flatMap(FunctionCall.Disambiguation.init)
      return request.bind(
        "datetime", takes: DateFormats.input + [.datetime], gives: .datetime, issues: issues,
        .datetime(formats: formats, zone: zone ?? request.settings.zone, gap: gap, overlap: overlap))
    })

  static func issue(withZone name: String) -> BindIssue? {
    do throws(TimeZoneFailure) {
      _ = try TimeZoneRules.load(name)
      return nil
    } catch {
      return BindIssue(.badArgument, parameter: "zone", error.message, hint: error.hint)
    }
  }

  private static let words = FunctionCall.Disambiguation.allCases.map(\.rawValue)
}
