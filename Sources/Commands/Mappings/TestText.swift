import Core
import Pipeline
import Workbench

/// What `waybill test` prints for one mapping.
enum TestText {
  /// `mappings/contacts.yaml: 12 passed, 0 failed, 7 of 34 covered`, then what failed.
  ///
  /// - Parameters:
  ///   - listsUncovered: also lists the branches, lookup entries and errors that no test covers.
  ///   - width: cells of the terminal; nil: no limit.
  static func text(of report: MappingTestJob.Report, listsUncovered: Bool, fitting width: Int?) -> String {
    guard !report.results.isEmpty else { return "\(report.file): no tests" }
    let open = report.coverage.filter { !$0.isExercised }
    var text = "\(report.file): \(report.results.count - report.failed) passed, \(report.failed) failed"
    if !report.coverage.isEmpty { text += ", \(report.coverage.count - open.count) of \(report.coverage.count) covered" }
    text += "\n"
    for result in report.results where !result.isPassed {
      let place = "\(SecretShapes.hiddenInPath(result.place.file)):\(result.place.line)"
      text += CellText.message("  failed: \(result.name)  (\(place))", to: width) + "\n"
      for line in result.differences { text += "    \(line)\n" }
    }
    guard listsUncovered else { return text }
    for point in open {
      let place = "\(SecretShapes.hiddenInPath(point.place.file)):\(point.place.line):\(point.place.column)"
      text += CellText.message("  \(place): untested-branch: \(point.text)", to: width) + "\n"
    }
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
