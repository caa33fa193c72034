import Core
import GHL

/// All that is read of one contact, in one piece: it lands in the files when those before it have.
struct ContactBundle: Sendable {
  /// Nil where the contact was refused or is gone.
  var record: RawRecord?
  var isGone = false
  var notes: [RawRecord] = []
  var appointments: [RawRecord] = []
  var tasks: [RawRecord] = []
  var problems: [ExtractProblem] = []
  /// The source did not answer at all, or with an error of its own.
  var outage: GHLFailure?
}

/// Reads what the plan wants of one contact.
struct ContactFetch: Sendable {
  let client: GHLClient
  let readsDetail: Bool
  let readsNotes: Bool
  let readsAppointments: Bool
  let readsTasks: Bool

  /// True where a contact costs no call of its own.
  var isListOnly: Bool { !(readsDetail || readsNotes || readsAppointments || readsTasks) }

  /// - Throws: what ends the run.
  func fetch(_ listed: RawRecord) async throws(GHLFailure) -> ContactBundle {
    var bundle = ContactBundle()
    guard let id = listed.id else {
      bundle.record = listed
      return bundle
    }
    bundle.record = listed
    if readsDetail {
      bundle.record = nil
      let found = try await attempt(id, "contact", &bundle) { () async throws(GHLFailure) in
        try await client.contact(id).map { [$0] } ?? []
      }
      bundle.record = found.first
      if bundle.isGone { return bundle }
    }
    if readsNotes {
      bundle.notes = try await attempt(id, "note", &bundle) { () async throws(GHLFailure) in try await client.notes(ofContact: id)
      }
    }
    if readsAppointments, !bundle.isGone {
      bundle.appointments = try await attempt(id, "appointment", &bundle) { () async throws(GHLFailure) in
        try await client.appointments(ofContact: id)
      }
    }
    if readsTasks, !bundle.isGone {
      bundle.tasks = try await attempt(id, "task", &bundle) { () async throws(GHLFailure) in try await client.tasks(ofContact: id)
      }
    }
    return bundle
  }

  private func attempt(
    _ id: String, _ entity: String, _ bundle: inout ContactBundle, _ call: () async throws(GHLFailure) -> [RawRecord]
  ) async throws(GHLFailure) -> [RawRecord] {
    do throws(GHLFailure) {
      return try await call()
    } catch {
      if error.endsRun { throw error }
      if error.kind == .notFound {
        // It was deleted between the list and now.
        bundle.isGone = true
        return []
      }
      if error.mayRetry { bundle.outage = error }
      bundle.problems.append(
        ExtractProblem(error, entity: entity, record: id, location: client.configuration.location))
      return []
    }
  }
}
