import Core

extension FunctionDefinition {
  static let epoch = FunctionDefinition(
    name: "epoch",
    summary: "A time as a whole number of seconds or milliseconds since 1970 in UTC, rounded down; of a date, its midnight.",
    parameters: [
      Parameter(
        "unit", .words(["s", "ms", "seconds", "milliseconds"]), isPositional: true,
        "s (or seconds), ms (or milliseconds); default s")
    ],
    input: "datetime or date", output: "integer", formulas: .impossible,
    examples: [
      Example("{epoch: ms}", after: "datetime", #""2021-07-02T05:18:26.704Z""#, gives: "1625203106704"),
      Example("{epoch: {unit: s}}", after: "datetime", #""2021-07-02T05:18:26.704Z""#, gives: "1625203106"),
      Example("epoch", after: "date", #""1969-12-31""#, gives: "-86400"),
    ],
    bind: { request in
      let isMilliseconds = request.text("unit").map { $0 == "ms" || $0 == "milliseconds" } ?? false
      return request.bind("epoch", takes: [.datetime, .date], gives: .integer, .epoch(isMilliseconds: isMilliseconds))
    })
}
