package import Core
import Extract
package import Files
import FoundationEssentials
import Mapping
import Report
import Transform

/// Runs the tests inside a mapping and finds out what of the mapping they exercise.
package struct MappingTestJob {
  /// One test that ran.
  package struct Result: Sendable, Hashable {
    package var name: String
    package var place: SourcePlace
    /// What is not as expected; empty: passed. Lines for people; values are the test's own and shown as they are.
    package var differences: [String]
    package var isPassed: Bool { differences.isEmpty }
  }

  package struct Report: Sendable {
    package var mapping = ""
    package var file: String
    package var results: [Result] = []
    package var coverage: [CoveragePoint] = []
    package var diagnostics = Diagnostics()
    package var failure: OperationFailure?

    package var failed: Int { results.count { !$0.isPassed } }
  }

  /// What a test puts in the place of the mapping's own: tests of the same share a program.
  private struct Surroundings: Hashable {
    var overrides: MappingOverrides
    var now: String?
  }

  private let now = Date().ISO8601Format()
  private let file: String
  private let catalog: any SourceCatalog
  private let customFields: [CustomFieldDefinition]?
  private let boundary: FileBoundary?

  /// - Parameters:
  ///   - catalog: what the mapping reads; nil: GHL.
  ///   - boundary: the boundary for files that the mapping refers to; nil: around the mapping.
  package init(
    file: String, catalog: (any SourceCatalog)? = nil, customFields: [CustomFieldDefinition]? = nil,
    boundary: FileBoundary? = nil
  ) {
    self.file = file
    self.catalog = catalog ?? SourceCatalogs.ghl(customFields: customFields)
    self.boundary = boundary
    self.customFields = customFields
  }

  /// Never throws.
  package func run() -> Report {
    var report = Report(file: file)
    do { try run(&report) } catch { report.failure = OperationFailure(error) }
    return report
  }

  private func run(_ report: inout Report) throws {
    let compilation = compile()
    report.diagnostics = compilation.diagnostics
    guard let model = compilation.model else { return }
    report.mapping = model.name
    var records: [Surroundings: TestRecord] = [:]
    var coverage = TestCoverage(model, lookupPlaces: compilation.lookupPlaces)
    for test in compilation.tests {
      let record: TestRecord
      let surroundings = Surroundings(overrides: test.overrides, now: test.now)
      if let known = records[surroundings] {
        record = known
      } else {
        guard let program = try program(compilation, test.overrides, now: test.now, &report) else { return }
        record = TestRecord(program)
        records[surroundings] = record
      }
      let result = record.run(test.given)
      coverage.add(result.raised, in: record.program)
      report.results.append(.init(name: test.name, place: test.place, differences: Self.differences(test, result)))
    }
    for (surroundings, record) in records {
      let replaced = Set(names: (surroundings.overrides.lookups?.entries ?? []).map(\.key))
      coverage.add(marks: record.coverage, of: record.program, replaced: replaced)
    }
    report.coverage = coverage.points
  }

  private func compile(_ overrides: MappingOverrides = .init()) -> MappingCompilation {
    MappingCompiler.compile(
      path: file, catalog: catalog,
      options: .init(customFields: customFields, overrides: overrides, boundary: boundary))
  }

  /// Without definitions, custom fields are read from the record's `custom`; the location's time zone is that of the test's
  /// settings, or UTC.
  private func program(
    _ compilation: MappingCompilation, _ overrides: MappingOverrides, now: String?, _ report: inout Report
  ) throws -> Program? {
    let own = overrides.isEmpty ? compilation : compile(overrides)
    if !overrides.isEmpty { report.diagnostics.merge(own.diagnostics) }
    guard let model = own.model else { return nil }
    var zone = "UTC"
    if overrides.settings?["timezone"] != nil, case .named(let name)? = model.settings.zone { zone = name }
    // A snapshot's own entities are not available: a test provides entries under `lookups`.
    var tables: [EntityLookup: LookupTable] = [:]
    for lookup in model.lookups { if let entity = lookup.entity { tables[entity] = lookup } }
    return try Program(
      model,
      context: .init(locationZone: zone, customFields: own.customFields, entityTables: tables, now: now ?? self.now))
  }

  // MARK: what was expected

  private static func differences(_ test: MappingTest, _ result: TestRecord.Result) -> [String] {
    var lines: [String] = []
    switch test.expectation {
    case .records(let expected, let isExact):
      let isOrdinary = result.outcomes.allSatisfy { $0 == .written }
      if !isOrdinary || expected.count != result.records.count {
        lines.append(ending(of: result, instead: expected.count == 1 ? "a record" : "\(expected.count) records"))
      } else {
        for (number, pair) in zip(expected, result.records).enumerated() {
          let prefix = expected.count == 1 ? "" : "record \(number + 1): "
          for difference in RecordDifference.all(pair.0.record, pair.1, isExact: isExact) {
            lines.append("\(prefix)\(difference.path)")
            lines.append("  expected  \(difference.expected ?? "nothing")")
            lines.append("  got       \(difference.actual ?? "nothing")")
            if let expected = difference.expected, let actual = difference.actual,
              let words = NearestName.difference(expected, actual)
            {
              lines.append("  ('here' is what was expected: \(words))")
            }
          }
        }
      }
    case .accepted:
      if !result.outcomes.allSatisfy({ $0 == .written }) { lines.append(ending(of: result, instead: "a record")) }
    case .rejected(let codes):
      guard result.outcomes.contains(.rejected) else {
        lines.append(ending(of: result, instead: "a rejection"))
        break
      }
      if !codes.isEmpty { lines += difference(codes, result.codes(.error), "error") }
    case .filtered:
      if result.outcomes.isEmpty || !result.outcomes.allSatisfy({ $0 == .filtered }) {
        lines.append(ending(of: result, instead: "a record that is left out by `where`"))
      }
    }
    if let warnings = test.warnings { lines += difference(warnings, result.codes(.warning), "warning") }
    return lines
  }

  private static func difference(_ expected: [MappingTest.Code], _ actual: [String], _ kind: String) -> [String] {
    let wanted = Set(expected.map(\.slug))
    return wanted.subtracting(actual).sorted().map { "expected the \(kind) \($0), which was not reported" }
      + Set(actual).subtracting(wanted).sorted().map { "got the \(kind) \($0), which was not expected" }
  }

  private static func ending(of result: TestRecord.Result, instead: String) -> String {
    if result.outcomes.contains(.rejected) {
      let why = result.problems.filter { $0.severity == .error }.map { "\($0.code) (\($0.message))" }
      return "expected \(instead), but it was rejected: \(why.joined(separator: "; "))"
    }
    if result.outcomes.contains(.filtered) { return "expected \(instead), but `where` left it out" }
    if result.records.count == 1, let record = result.records.first { return "expected \(instead), but it became \(record.text)" }
    return "expected \(instead), but it became \(result.records.count) records"
  }
}

extension TestRecord.Result {
  func codes(_ severity: Severity) -> [String] {
    problems.filter { $0.severity == severity }.map(\.code)
  }
}
