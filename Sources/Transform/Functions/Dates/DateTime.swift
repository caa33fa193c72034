import Core
import Values

extension FunctionDefinition {
  static let datetime = FunctionDefinition(
    name: "datetime",
    summary: "A date and time (RFC 3339), by the first of `formats` that fits; a time without an offset is in `zone`.",
    parameters: [
      DateFormats.parameter(
        "iso, excel, excel_1904, epoch_s, epoch_ms, or patterns of UTS 35 letters such as \"MM/dd/yyyy HH:mm\"; default iso"),
      Parameter("zone", .text, "an IANA name or `location`; default: `timezone` of the settings"),
      Parameter("gap", .words(words), "a local time that the zone skips; default reject"),
      Parameter("overlap", .words(words), "a local time that occurs twice in the zone; default earlier, with a warning"),
    ],
    input: "string, a number (by `formats`) or datetime", output: "datetime",
    errors: [.dateInvalid, .dateGap, .dateOverlap], formulas: .impossible,
    examples: [
      Example("datetime", #""2021-07-02T05:18:26.704Z""#, gives: #""2021-07-02T05:18:26.704Z""#),
      Example("datetime", #""2024-03-10T12:30:00+05:30""#, gives: #""2024-03-10T12:30:00+05:30""#),
      Example(
        "{datetime: {zone: America/New_York}}", #""2024-07-01 09:00:00""#, gives: #""2024-07-01T09:00:00-04:00""#),
      Example("{datetime: {formats: [epoch_ms]}}", "1625203106704", gives: #""2021-07-02T05:18:26.704Z""#),
      Example("{datetime: {formats: [excel], zone: UTC}}", "44197.75", gives: #""2021-01-01T18:00:00+00:00""#),
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
        .datetime(
          formats: formats, zone: zone ?? request.settings.zone, gap: gap, overlap: overlap,
          countsMilliseconds: request.countsMilliseconds))
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
