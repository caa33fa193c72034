import Core
import Files
import Report
import State

/// The result of a comparison as it is kept in the run's folder, `reconcile.json`.
///
/// A comparison of one record is not kept. Parts that were not selected this time keep what an earlier comparison of the run has found,
/// each with its own time.
struct KeptReconciliation {
  private let report: ReconcileReport
  private let folder: RunFolder

  init(_ report: ReconcileReport, in folder: RunFolder) {
    self.report = report
    self.folder = folder
  }

  /// - Throws: `OperationFailure`.
  func write() throws {
    guard !report.isOfOneRecord else { return }
    let json = json
    let file = try OutputFile(path: folder.reconciliation, mode: 0o600)
    try file.write(json.prettyText)
    try file.commit()
  }

  private var json: JSONValue {
    let earlier = earlierParts
    guard case .object(var members) = report.json, !earlier.isEmpty else { return report.json }
    let new = report.json["parts"]?.arrayValue ?? []
    let parts = (new + earlier).sorted { Self.place($0).lexicographicallyPrecedes(Self.place($1)) }
    func isTrue(_ name: String) -> Bool { parts.allSatisfy { $0[name]?.boolValue ?? false } }
    for index in members.indices {
      switch members[index].name {
      case "parts": members[index].value = .array(parts)
      case "equal": members[index].value = .bool(report.failures.isEmpty && isTrue("equal"))
      case "complete": members[index].value = .bool(report.failures.isEmpty && report.missing.isEmpty && isTrue("complete"))
      default: continue
      }
    }
    return .object(members)
  }

  /// Those that this comparison says nothing about. What cannot be read any more is replaced.
  private var earlierParts: [JSONValue] {
    guard report.isNarrowed, case .success(let bytes) = SmallFile.bytes(of: folder.reconciliation), let old = try? JSONReader.read(bytes),
      (try? ReconcileDocument.read(folder.reconciliation)) != nil
    else { return [] }
    let failed = report.json["failed"]?.arrayValue ?? []
    let new = (report.json["parts"]?.arrayValue ?? []) + failed
    return (old["parts"]?.arrayValue ?? []).filter { part in
      // Earlier versions did not record when.
      part["time"] != nil && !new.contains { Self.isSame($0, part) }
    }
  }

  /// A location is only there where several are told apart.
  private static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
    let (first, second) = (place(one), place(other))
    return first[..<2] == second[..<2] && (first[2] == second[2] || first[2] == "" || second[2] == "")
  }

  private static func place(_ part: JSONValue) -> [Name] {
    ["destination", "mapping", "location"].map { Name(part[$0]?.stringValue ?? "") }
  }
}
