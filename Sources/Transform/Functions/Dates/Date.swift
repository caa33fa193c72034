import Core

extension FunctionDefinition {
  static let date = FunctionDefinition(
    name: "date",
    summary: "A date, by the first of `formats` that fits; of a date and time, the date as written.",
    parameters: [
      DateFormats.parameter(
        "iso, excel, excel_1904, epoch_s, epoch_ms, or patterns of UTS 35 letters such as \"MM/dd/yyyy\"; default iso")
    ],
    input: "string, a number (by `formats`), date or datetime", output: "date",
    errors: [.dateInvalid], formulas: .impossible,
    examples: [
      Example("date", #""1990-09-25""#, gives: #""1990-09-25""#),
      Example("date", #""2024-03-10T23:30:00-08:00""#, gives: #""2024-03-10""#),
      Example(#"{date: {formats: [iso, "MM/dd/yyyy"]}}"#, #""09/25/1990""#, gives: #""1990-09-25""#),
      Example("{date: {formats: [epoch_ms]}}", "654220800000", gives: #""1990-09-25""#),
      Example("{date: {formats: [excel]}}", "33141", gives: #""1990-09-25""#),
      Example(#"{date: {formats: ["yyyyMMdd"]}}"#, "19900925", gives: #""1990-09-25""#),
      Example("date", #""1990-02-30""#, raises: .dateInvalid),
      Example("date", "33141", raises: .dateInvalid),
    ],
    bind: { request in
      let (formats, issues) = DateFormats.read(request, of: "date")
      return request.bind(
        "date", takes: DateFormats.input + [.date, .datetime], gives: .date, issues: issues,
        facts: ResultFacts(longest: { _ in 10 }), .date(formats: formats, countsMilliseconds: request.countsMilliseconds))
    })
}
