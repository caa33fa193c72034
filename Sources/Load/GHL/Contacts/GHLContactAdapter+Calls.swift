import Control
import Core
import GHL

/// The requests for contacts.
extension GHLContactAdapter {
  func call(
    _ step: AdapterStep, _ records: [OutgoingRecord], json: [UInt8], known: StoredRecord?
  ) -> Result<AdaptedCall, PartLoad.Reason> {
    guard let record = records.first else { return .failure(PartLoad.Reason(.requestImpossible, "there is no record")) }
    switch step {
    case .delete: return context.call(.deleteContact, of: nil)
    case .update: return changed(record, json)
    case .create, .batch: return created(record, json)
    }
  }

  private func created(_ record: OutgoingRecord, _ json: [UInt8]) -> Result<AdaptedCall, PartLoad.Reason> {
    let identifiers = GHLPartDocument.Identifier.allCases.filter { Self.identifier($0, of: record) != nil }
    let isSearched = findings.withLock { $0.searched.contains(record.key) }
    // A lookup has just shown that no contact has it.
    let isExact =
      !isSearched && identifiers.contains { context.part.match.contains($0) && ($0 == .email || Self.hasCountryCode(record)) }
    // An upsert with an e-mail address changes contacts that no lookup shows: those that have it as an additional address, and
    // would lose their primary one. An upsert with an address that is not looked up would change any contact.
    let upserts =
      context.part.write == .upsert && isExact && identifiers == [.phone] && [nil, .update].contains(context.part.existing)
    return call(upserts ? .upsertContact : .createContact, json, omitting: []).map { call in
      var call = call
      // Looking an address up is exact. The search may be late.
      call.absencesRequired = isExact ? 1 : 2
      return call
    }
  }

  /// GHL completes a phone number without a country code by its own rules.
  private static func hasCountryCode(_ record: OutgoingRecord) -> Bool { identifier(.phone, of: record)?.hasPrefix("+") ?? false }

  private func changed(_ record: OutgoingRecord, _ json: [UInt8]) -> Result<AdaptedCall, PartLoad.Reason> {
    var omitted: Set<Name> = []
    if findings.withLock({ $0.additional.contains(record.key) }) { omitted.insert("email") }
    // A change replaces all tags.
    if !context.part.replacesTags { omitted.insert("tags") }
    return call(.updateContact, json, omitting: omitted)
  }

  private func call(_ route: GHLRoute, _ json: [UInt8], omitting: Set<Name>) -> Result<AdaptedCall, PartLoad.Reason> {
    guard let canonical = try? JSONReader.read(json) else {
      return .failure(PartLoad.Reason(.requestImpossible, "the record is not valid JSON"))
    }
    return context.call(route, of: canonical, omitting: omitting)
  }

  func canResend(_ record: OutgoingRecord, _ paths: [[String]]) -> Bool {
    var open = paths
    if findings.withLock({ $0.additional.contains(record.key) }) { open.removeAll { $0.isExactly(["email"]) } }
    if !context.part.replacesTags { open.removeAll { $0.first.isExactly("tags") } }
    // GHL never stores such a number as it was sent.
    if !Self.hasCountryCode(record) { open.removeAll { $0.isExactly(["phone"]) } }
    return context.canSet(open, record, by: .updateContact)
  }

  /// A contact that GHL had before may have the address as an additional one, and so may one that has not taken it.
  func readsBefore(_ record: OutgoingRecord, known: Accepted) -> Bool {
    guard Self.identifier(.email, of: record) != nil, !findings.withLock({ $0.seen.contains(record.key) }) else { return false }
    // It was there before, or a call has found it and nothing was written since.
    guard let fields = FieldHashes.table(known.fields) else { return true }
    return fields[FieldHashes.hash(of: ["email"])].map(FieldHashes.isMark) ?? false
  }
}
