package import Core
import Files

/// What `waybill reconcile` has found, `reconcile.json` in the folder of the run that was compared.
package struct ReconcileDocument: Sendable {
  /// One mapping at one destination.
  package struct Part: Sendable {
    package var destination: String
    package var mapping: String
    /// Nil: all parts are of the same one.
    package var location: String?
    /// When it was compared. RFC 3339, UTC; empty: an earlier version did not record it.
    package var time: String
    /// The runs whose records were compared, oldest first.
    package var runs: [String]
    /// How the destination was read.
    package var readBy: String
    package var isEqual: Bool
    /// All fields of all records were compared, and nothing may have been sent beside them.
    package var isComplete: Bool
    /// What was compared is exactly what `totals.json` of the run counts, so that the hash totals must be the same.
    package var isComparableWithTotals: Bool
    /// Whether the kept records are still those that `totals.json` counts; nil: that is not known.
    package var matchesTotals: Bool?
    package var missing: Int
    /// Nil: extra records could not be seen.
    package var extra: Int?
    package var different: Int
    package var duplicate: Int
    package var withoutKey: Int
    /// Fields that the destination's list does not show.
    package var notShown: [String]
    package var loaded: RecordFigures
    package var stored: RecordFigures
    /// Sums, dates and hash totals that differ, those that are hidden as well.
    package var unequalTotals: Int
    /// The number of different records by field, most first.
    package var fields: [(field: String, different: Int)]
    package var differenceCount: Int
    /// The first ones, as lines of `differences.ndjson`, masked.
    package var differences: [JSONValue]
  }

  /// A part that could not be compared.
  package struct Failure: Sendable {
    package var destination: String
    package var mapping: String
    package var location: String?
    package var exitCode: Int
    package var message: String
  }

  package var run: String
  package var pipeline: String
  /// Of the last comparison. RFC 3339, UTC; empty: an earlier version did not record it.
  package var time: String
  package var isEqual: Bool
  package var isComplete: Bool
  package var parts: [Part]
  package var failures: [Failure]
  /// Parts that no run has loaded as a whole.
  package var notLoaded: [(destination: String, mapping: String)]

  package static let version = 1

  package func part(of mapping: String, at destination: String) -> Part? {
    parts.first { $0.mapping.isExactly(mapping) && $0.destination.isExactly(destination) }
  }

  /// Nil if there is no file: the run has not been compared with its destinations.
  ///
  /// - Throws: `OperationFailure`: `damaged` if it cannot be read, `newerFormat` if a newer version wrote it.
  package static func read(_ path: String) throws(OperationFailure) -> ReconcileDocument? {
    guard let json = try RunDocument.json(at: path, version: version) else { return nil }
    guard let document = ReconcileDocument(json) else { throw RunDocument.damaged(path) }
    return document
  }

  package init?(_ json: JSONValue) {
    guard let run = json["run"]?.stringValue, let isEqual = json["equal"]?.boolValue, let parts = json["parts"]?.arrayValue else {
      return nil
    }
    self.run = run
    self.isEqual = isEqual
    pipeline = json["pipeline"]?.stringValue ?? ""
    time = json["time"]?.stringValue ?? ""
    isComplete = json["complete"]?.boolValue ?? false
    self.parts = parts.compactMap { Part($0) }
    failures = (json["failed"]?.arrayValue ?? []).compactMap { Failure($0) }
    notLoaded = (json["not_loaded"]?.arrayValue ?? []).compactMap { part in
      guard let destination = part["destination"]?.stringValue, let mapping = part["mapping"]?.stringValue else { return nil }
      return (destination, mapping)
    }
    guard self.parts.count == parts.count else { return nil }
  }
}

extension ReconcileDocument.Part {
  fileprivate init?(_ json: JSONValue) {
    guard let destination = json["destination"]?.stringValue, let mapping = json["mapping"]?.stringValue,
      json["loaded"]?.intValue != nil, json["stored"]?.intValue != nil
    else { return nil }
    func count(_ name: String) -> Int { json[name]?.intValue ?? 0 }
    self.destination = destination
    self.mapping = mapping
    location = json["location"]?.stringValue
    time = json["time"]?.stringValue ?? ""
    runs = (json["runs"]?.arrayValue ?? []).compactMap(\.stringValue)
    readBy = json["by"]?.stringValue ?? ""
    (missing, extra, different) = (count("missing"), json["extra"]?.intValue, count("different"))
    (duplicate, withoutKey) = (count("duplicate"), count("without_key"))
    isEqual =
      json["equal"]?.boolValue ?? (missing + (extra ?? 0) + different + duplicate + count("not_read") == 0)
    isComplete = json["complete"]?.boolValue ?? false
    isComparableWithTotals = json["comparable_with_totals"]?.boolValue ?? false
    matchesTotals = json["matches_totals"]?.boolValue
    notShown = (json["not_shown"]?.arrayValue ?? []).compactMap(\.stringValue)
    loaded = RecordFigures(json, side: "loaded")
    stored = RecordFigures(json, side: "stored")
    let totals = (json["totals"]?.arrayValue ?? []) + (json["dates"]?.arrayValue ?? [])
    unequalTotals = totals.count { $0["equal"]?.boolValue == false }
    if let one = loaded.digest, let other = stored.digest, one != other { unequalTotals += 1 }
    fields = (json["fields"]?.arrayValue ?? []).compactMap { field in
      guard let name = field["field"]?.stringValue, let different = field["different"]?.intValue else { return nil }
      return (name, different)
    }
    differenceCount = count("difference_count")
    differences = json["differences"]?.arrayValue ?? []
  }
}

extension ReconcileDocument.Failure {
  fileprivate init?(_ json: JSONValue) {
    guard let destination = json["destination"]?.stringValue, let mapping = json["mapping"]?.stringValue else { return nil }
    self.destination = destination
    self.mapping = mapping
    location = json["location"]?.stringValue
    exitCode = json["exit_code"]?.intValue ?? 0
    message = json["message"]?.stringValue ?? ""
  }
}
