import Core
import Report

/// Anomalies of one run that a data owner must check, each with its location. They are found by comparing the
/// numbers of the page with each other, and with the last comparable run.
///
/// A finding is serious, and keeps the page from being signed, if it says that values are lost or wrong on a large scale, and the last
/// comparable run was not the same. Small ones, and those that were the same last time, are notable.
struct PageFindings {
  typealias Finding = PageVerdict.Finding

  /// Fewer records say little.
  static let fewest = 10
  private static let most = 60

  let run: RunMaterial
  let page: ReportPage
  /// A narrowed run has fewer records than the last one by design.
  let isWhole: Bool

  init(_ run: RunMaterial, _ page: ReportPage) {
    self.run = run
    self.page = page
    isWhole = run.narrowing == nil && run.record.replayOf == nil
  }

  /// Serious ones first.
  var all: [Finding] {
    let found = shiftedColumns + lostValues + hidingDefaults + fallenBusinesses + risenCodes
    return Array((found.filter { $0.weight == .serious } + found.filter { $0.weight == .notable }).prefix(Self.most))
  }

  func finding(
    _ weight: Finding.Weight, _ kind: String, mapping: String?, field: String? = nil, business: String? = nil, _ text: String,
    advice: String, section: String
  ) -> Finding {
    Finding(
      weight: weight, run: run.id, kind: kind, mapping: mapping, field: field, business: business, text: text, advice: advice,
      section: section)
  }

  func place(_ mapping: String, _ field: String) -> String { "\(mapping).\(field)" }
}
