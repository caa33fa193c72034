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
    let isSearched = findings.withLock { $0.searched.contains(record.key) }
    let hasIdentifier = GHLPartDocument.Identifier.allCases.contains { Self.identifier($0, of: record) != nil }
    // An upsert would change the contact of another record that has the same address.
    let upserts = context.part.write == .upsert && hasIdentifier && !isSearched && !context.part.match.isEmpty
    return call(upserts ? .upsertContact : .createContact, json, omitting: []).map { call in
      var call = call
      call.isRepeatable = upserts
      // Looking an address up is exact. The search may be late.
      call.absencesRequired = hasIdentifier && !isSearched && !context.part.match.isEmpty ? 1 : 2
      return call
    }
  }

  private func changed(_ record: OutgoingRecord, _ json: [UInt8]) -> Result<AdaptedCall, PartLoad.Reason> {
    var omitted: Set<Name> = []
    if findings.withLock({ $0.additional.contains(record.key) }) { omitted.insert("email") }
    // A change replaces all tags.
    if !context.part.replacesTags { omitted.insert("tags") }
    return call(.updateContact, json, omitting: omitted)
  }

  private func call(_ route: GHLRoute, _ json: [UInt8], omitting: Set<Name>) -> Result<AdaptedCall, PartLoad.Reason> {
    guard let canonical = try? JSONReader.read(json), let body = context.form?.body(route, of: canonical, omitting: omitting)
    else {
      return .failure(PartLoad.Reason(.requestImpossible, "the record has no form that GHL takes"))
    }
    if let fault = route.faults(in: body, context.document.generation).first {
      return .failure(PartLoad.Reason(.requestImpossible, fault))
    }
    return .success(AdaptedCall(GHLDestinationDocument.request(route, context.part), body: body.bytes))
  }

  func canResend(_ record: OutgoingRecord, _ paths: [[String]]) -> Bool {
    var open = paths
    if findings.withLock({ $0.additional.contains(record.key) }) { open.removeAll { $0.isExactly(["email"]) } }
    if !context.part.replacesTags { open.removeAll { $0.first.isExactly("tags") } }
    return context.canSet(open, record, by: .updateContact)
  }

  /// A contact that GHL had before may have the address as an additional one, and so may one that has not taken it.
  func readsBefore(_ record: OutgoingRecord, known: Accepted) -> Bool {
    guard Self.identifier(.email, of: record) != nil, !findings.withLock({ $0.seen.contains(record.key) }) else { return false }
    if FieldHashes.isOfOthers(known.fields) || known.fields == FieldHashes.adopted { return true }
    return FieldHashes.table(known.fields)?[FieldHashes.hash(of: ["email"])].map(FieldHashes.isMark) ?? false
  }
}
