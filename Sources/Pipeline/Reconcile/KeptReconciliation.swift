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
    let json = report.json
    guard report.isNarrowed, case .object(var members) = json, let old = earlier else { return json }
    let lists = ["parts", "failed", "not_loaded"].map { ($0, joined(json, old, $0)) }
    let (parts, failed, notLoaded) = (lists[0].1, lists[1].1, lists[2].1)
    func isTrue(_ name: String) -> Bool { failed.isEmpty && parts.allSatisfy { $0[name]?.boolValue ?? false } }
    for index in members.indices {
      let name = members[index].name
      if let list = lists.first(where: { $0.0 == name }) { members[index].value = .array(list.1) }
      if name == "equal" { members[index].value = .bool(isTrue("equal")) }
      if name == "complete" { members[index].value = .bool(notLoaded.isEmpty && isTrue("complete")) }
    }
    return .object(members)
  }

  /// The members of a list, and those of the earlier result that this comparison says nothing about.
  private func joined(_ json: JSONValue, _ old: JSONValue, _ name: String) -> [JSONValue] {
    let new = ["parts", "failed", "not_loaded"].flatMap { json[$0]?.arrayValue ?? [] }
    let others = (old[name]?.arrayValue ?? []).filter { part in !new.contains { Self.isSame($0, part) } }
    return ((json[name]?.arrayValue ?? []) + others).sorted { Self.place($0).lexicographicallyPrecedes(Self.place($1)) }
  }

  /// Nil if there is none, or what is there does not say when each part was compared. What cannot be read any more is replaced.
  private var earlier: JSONValue? {
    guard case .success(let bytes) = SmallFile.bytes(of: folder.reconciliation), let old = try? JSONReader.read(bytes),
      (try? ReconcileDocument.read(folder.reconciliation)) != nil
    else { return nil }
    return (old["parts"]?.arrayValue ?? []).allSatisfy { $0["time"] != nil } ? old : nil
  }

  /// Present only if there are several locations.
  private static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
    let (first, second) = (place(one), place(other))
    return first[..<2] == second[..<2] && (first[2] == second[2] || first[2] == "" || second[2] == "")
  }

  private static func place(_ part: JSONValue) -> [Name] {
    ["destination", "mapping", "location"].map { Name(part[$0]?.stringValue ?? "") }
  }
}
