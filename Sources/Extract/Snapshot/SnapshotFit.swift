package import Core
import GHL

/// Compares what mappings read with what a snapshot's extraction fetched: a field whose call was never made would be null
/// in every record.
package enum SnapshotFit {
  /// The contacts that a pipeline always reads.
  package struct Selection: Sendable, Hashable {
    /// IDs or names; nil: all.
    package var businesses: [String]?
    package var withoutBusiness: FetchPlan.WithoutBusiness

    package init(businesses: [String]?, withoutBusiness: FetchPlan.WithoutBusiness) {
      self.businesses = businesses
      self.withoutBusiness = withoutBusiness
    }
  }

  /// The calls that fetch data for mappings; the others are made for every plan.
  private static let checked: [FetchCall] = [.list, .detail, .notes, .appointments, .tasks, .users]

  /// Copied files and manifests of older versions do not record their calls, so they pass.
  ///
  /// - Parameter advice: what to do instead of reading the snapshot.
  /// - Throws: `OperationFailure` with the exit code `inputMissing`.
  package static func check(
    _ snapshot: Snapshot, _ needs: [EntityNeed], selection: Selection? = nil,
    advice: String = "run without \(CommandOption.snapshot)"
  ) throws(OperationFailure) {
    if let selection, !LeftOut.entities.isDisjoint(with: needs.map(\.entity)) {
      try check(snapshot.manifest, selection, advice)
    }
    guard let calls = snapshot.manifest.calls else { return }
    let plan = FetchPlan(needs: needs, catalog: SourceCatalogs.ghl())
    for call in checked where plan.makes(call) && !calls.contains(call.rawValue) {
      throw lacks(what(call), plan.reasons[call], snapshot, advice)
    }
    if let reasons = plan.reasons[.customFields], snapshot.manifest.customFields == nil {
      throw lacks("custom field definitions", reasons, snapshot, advice)
    }
    // The contact details in the snapshot lack the list's own members.
    let listed = (plan.reasons[.list] ?? []).filter {
      GHLCatalog.listOnlyContactFields.contains(String($0.dropFirst("contact.".count)))
    }
    if !plan.makes(.detail), calls.contains(FetchCall.detail.rawValue), !listed.isEmpty {
      throw lacks("contact list data (only contact details)", listed, snapshot, advice)
    }
  }

  /// Records that the pipeline excludes must not be published, and those that it includes must be present. Narrowing on
  /// request is a separate matter: the run is then narrowed as well.
  private static func check(
    _ manifest: SnapshotManifest, _ selection: Selection, _ advice: String
  ) throws(OperationFailure) {
    if manifest.businesses == nil, let wanted = selection.businesses {
      throw OperationFailure(
        .inputMissing,
        "snapshot \(manifest.id) has the contacts of all businesses, but the pipeline reads only those of "
          + "\(wanted.joined(separator: ", ")): \(advice)")
    }
    // If only some businesses are read, contacts without a business are not needed.
    guard manifest.businesses == nil, manifest.calls != nil, let made = manifest.withoutBusiness else { return }
    let include = FetchPlan.WithoutBusiness.include
    guard (made == include.rawValue) != (selection.withoutBusiness == include) else { return }
    throw OperationFailure(
      .inputMissing,
      "snapshot \(manifest.id) was made with without_business: \(made), but the pipeline has "
        + "\(selection.withoutBusiness.rawValue): \(advice)")
  }

  private static func what(_ call: FetchCall) -> String {
    switch call {
    case .detail: "contact details"
    case .list, .outside: "contacts"
    case .customFields: "custom field definitions"
    case .location, .businesses, .users, .notes, .appointments, .tasks: call.rawValue
    }
  }

  private static func lacks(_ what: String, _ reasons: [String]?, _ snapshot: Snapshot, _ advice: String) -> OperationFailure {
    let names = reasons ?? []
    let fields = names.isEmpty ? "the mappings" : names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    let verb = names.count > 1 || names.isEmpty ? "need" : "needs"
    return OperationFailure(
      .inputMissing, "snapshot \(snapshot.id) has no \(what), which \(fields) \(verb): \(advice)")
  }
}
