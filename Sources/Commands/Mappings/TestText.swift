import Core
import Pipeline
import Workbench

/// What `waybill test` prints for one mapping.
enum TestText {
  /// How many untested points are listed per mapping; `--json` lists all.
  private static let most = 40

  static func text(of report: MappingTestJob.Report, withCoverage: Bool) -> String {
    guard !report.results.isEmpty else { return "\(report.file): no tests" }
    var text = "\(report.file): \(report.results.count - report.failed) passed, \(report.failed) failed\n"
    for result in report.results where !result.isPassed {
      text += "  failed: \(result.name)  (\(SecretShapes.hiddenInPath(result.place.file)):\(result.place.line))\n"
      for line in result.differences { text += "    \(line)\n" }
    }
    guard withCoverage, !report.coverage.isEmpty else { return text }
    let open = report.coverage.filter { !$0.isExercised }
    text += "  coverage: \(report.coverage.count - open.count) of \(report.coverage.count) branches, entries and errors\n"
    for point in open.prefix(most) {
      text +=
        "    \(SecretShapes.hiddenInPath(point.place.file)):\(point.place.line):\(point.place.column): untested-branch: \(point.text)\n"
    }
    if open.count > most { text += "    and \(open.count - most) more (--json lists them)\n" }
    return text
  }

  static func json(of report: MappingTestJob.Report) -> JSONValue {
    func place(_ place: SourcePlace) -> [JSONValue.Member] {
      [
        .init("file", .string(SecretShapes.hiddenInPath(place.file))), .init("line", .number(place.line)),
        .init("column", .number(place.column)),
      ]
    }
    return .object([
      .init("mapping", .string(report.mapping)), .init("file", .string(report.file)),
      .init("passed", .number(report.results.count - report.failed)), .init("failed", .number(report.failed)),
      .init(
        "tests",
        .array(
          report.results.map { result in
            .object(
              [
                .init("name", .string(result.name)), .init("passed", .bool(result.isPassed)),
                .init("differences", .array(result.differences.map { .string($0) })),
              ] + place(result.place))
          })),
      .init(
        "coverage",
        .array(
          report.coverage.map { point in
            .object([.init("branch", .string(point.text)), .init("exercised", .bool(point.isExercised))] + place(point.place))
          })),
    ])
  }
}
