import Control
import Core
import FoundationEssentials
import Records
import State

/// What the last `waybill reconcile` of a run found, as far as gates ask; nothing if it was not made.
struct Reconciliation {
  private(set) var comparisons: [RunPart: GateJudge.Comparison] = [:]

  init(in folder: RunFolder) {
    guard let bytes = FileManager.default.contents(atPath: "\(folder.path)/reconcile.json"),
      let json = try? JSONReader.read(Array(bytes))
    else { return }
    for part in json["parts"]?.arrayValue ?? [] { add(part) }
    // A destination that could not be read was not compared.
    for part in (json["failed"]?.arrayValue ?? []) + (json["not_loaded"]?.arrayValue ?? []) {
      guard let name = Self.name(of: part) else { continue }
      comparisons[name, default: .init(loaded: 0, differences: 0, totals: 0)].isComplete = false
    }
  }

  /// Several locations of a part add up.
  private mutating func add(_ part: JSONValue) {
    guard let name = Self.name(of: part) else { return }
    func count(_ names: String...) -> Int { names.map { part[$0]?.intValue ?? 0 }.reduce(0, +) }
    var found = comparisons[name] ?? .init(loaded: 0, differences: 0, totals: 0)
    found.loaded += count("loaded")
    found.differences += count("missing", "extra", "different", "duplicate", "without_key")
    let totals = (part["totals"]?.arrayValue ?? []) + (part["dates"]?.arrayValue ?? [])
    found.totals += totals.count { $0["equal"]?.boolValue == false }
    if let loaded = part["digest"]?["loaded"]?.stringValue, let stored = part["digest"]?["stored"]?.stringValue,
      !loaded.isEmpty, !stored.isEmpty, loaded != stored
    {
      found.totals += 1
    }
    let isWhole = part["interruption"]?.stringValue == nil && count("not_read", "changed_while_read", "uncertain") == 0
    if !(part["complete"]?.boolValue ?? isWhole) { found.isComplete = false }
    comparisons[name] = found
  }

  private static func name(of part: JSONValue) -> RunPart? {
    guard let destination = part["destination"]?.stringValue, let mapping = part["mapping"]?.stringValue else { return nil }
    return RunPart(mapping: Name(mapping), destination: Name(destination))
  }
}
