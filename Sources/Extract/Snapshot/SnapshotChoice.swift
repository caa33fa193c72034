package import Core

/// Which snapshot an ID or `latest` stands for: the compiler and the run get the same answer.
package struct SnapshotChoice: Sendable {
  package var reader: SnapshotReader
  /// An ID, or `latest`.
  package var id: String
  /// Nil: any location, or the first snapshot with the ID.
  package var location: String?
  /// The folder of the chosen snapshot; nil if none has been chosen.
  private var folder: String?
  /// What the pipeline always reads; nil if that is everything.
  package var selection: SnapshotFit.Selection?
  /// What to do if it does not have what the mappings read.
  package var advice = "run without \(CommandOption.snapshot)"
  /// Whether the pipeline may treat it as complete.
  private let isWhole: @Sendable (SnapshotManifest) -> Bool

  package init(
    _ reader: SnapshotReader, id: String, location: String?, selection: SnapshotFit.Selection? = nil,
    isWhole: @escaping @Sendable (SnapshotManifest) -> Bool
  ) {
    self.reader = reader
    self.id = id
    self.location = location
    self.selection = selection
    self.isWhole = isWhole
  }

  /// This choice, fixed to a snapshot that was chosen before, since a newer one may have appeared. Unchanged if it is nil.
  package func pinned(to snapshot: Snapshot?) -> SnapshotChoice {
    var choice = self
    choice.folder = snapshot?.folder
    return choice
  }

  /// The snapshot, verified to be complete and to have what the mappings read, according to its manifest.
  ///
  /// - Throws: `OperationFailure`.
  package func fitting(_ needs: [EntityNeed]) throws(OperationFailure) -> Snapshot {
    let snapshot = try snapshot(for: needs)
    guard snapshot.manifest.isComplete else {
      let why = snapshot.manifest.failure.map { " (\($0))" } ?? ""
      throw OperationFailure(.inputMissing, "snapshot \(snapshot.id) is not complete\(why): run `waybill extract` again")
    }
    try SnapshotFit.check(snapshot, needs, selection: selection, advice: advice)
    return snapshot
  }

  /// The same, verified to be undamaged: every file is read.
  ///
  /// - Throws: `OperationFailure`.
  package func verified(for needs: [EntityNeed]) throws(OperationFailure) -> Snapshot {
    let snapshot = try fitting(needs)
    try snapshot.verify()
    return snapshot
  }

  /// - Throws: `OperationFailure` if there is none.
  package func snapshot(for needs: [EntityNeed]) throws(OperationFailure) -> Snapshot {
    if let folder { return try reader.open(folder) }
    if id == "latest" { return try latest(needs) }
    if let location { return try reader.snapshot(id, location: location) }
    guard let part = reader.parts(of: id).first else { throw reader.failures(of: id).first ?? missing(id) }
    return part
  }

  /// The newest complete one that has what the mappings read: snapshots extracted for other mappings are skipped. If none has
  /// everything, the newest, which then does not fit.
  private func latest(_ needs: [EntityNeed]) throws(OperationFailure) -> Snapshot {
    // A snapshot that this version cannot read may be the newest: using an older one instead would be silently wrong.
    if let newer = reader.unreadable.first(where: { $0.code == .newerFormat }) { throw newer }
    var newest: Snapshot?
    for snapshot in reader.parts(ofLocation: location) where isWhole(snapshot.manifest) {
      newest = newest ?? snapshot
      let isThere = needs.allSatisfy { snapshot.records(of: $0.entity) != nil }
      if isThere, (try? SnapshotFit.check(snapshot, needs, selection: selection, advice: advice)) != nil { return snapshot }
    }
    guard let newest else {
      let whose = location.map { " of location \($0)" } ?? ""
      throw missing("none\(whose) is complete; name a narrowed one by its ID")
    }
    return newest
  }

  private func missing(_ what: String) -> OperationFailure {
    OperationFailure(.inputMissing, "there is no snapshot (\(what)) in \(reader.root): run `waybill extract` first")
  }
}
