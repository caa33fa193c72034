import Core
import GHL
import HTTP

/// Everything that is read for one contact: it is written to the files after all contacts before it.
struct ContactBundle: Sendable {
  /// Nil if the contact was refused or is gone.
  var record: RawRecord?
  /// The contact itself was deleted between the list and now.
  var isGone = false
  var notes: [RawRecord] = []
  var appointments: [RawRecord] = []
  var tasks: [RawRecord] = []
  /// What is missing of it; for a contact that is gone, a note of that.
  var problems: [ExtractProblem] = []
  /// Refusals that may apply to every contact, by entity.
  var refusals: [String: GHLFailure] = [:]
  /// Entities for which a response arrived.
  var answered: Set<String> = []
  /// The source did not respond at all, or responded with a server error.
  var outage: GHLFailure?
  /// The memory that it uses until it is written.
  var hold: AnswerHold?

  /// The size of its records.
  var bytes: Int {
    (record?.line.count ?? 0) + [notes, appointments, tasks].joined().reduce(0) { $0 + $1.line.count }
  }

  /// The source did not respond at all: requesting more of the same contact would only wait again.
  var isUnanswered: Bool { outage?.isUnanswered ?? false }
}

/// Reads what the plan needs of one contact.
struct ContactFetch: Sendable {
  let client: GHLClient
  let readsDetail: Bool
  let readsNotes: Bool
  let readsAppointments: Bool
  let readsTasks: Bool

  /// True if a contact needs no call of its own.
  var isListOnly: Bool { !(readsDetail || readsNotes || readsAppointments || readsTasks) }

  /// - Throws: what ends the run.
  func fetch(_ listed: RawRecord) async throws(GHLFailure) -> ContactBundle {
    var bundle = ContactBundle()
    bundle.record = listed
    guard let id = listed.id else { return bundle }
    if readsDetail {
      bundle.record = try await detail(id, &bundle)
      if bundle.isGone { return bundle }
    }
    if readsNotes {
      bundle.notes = try await list(id, "note", &bundle) { () async throws(GHLFailure) in try await client.notes(ofContact: id) }
    }
    if readsAppointments {
      bundle.appointments = try await list(id, "appointment", &bundle) { () async throws(GHLFailure) in
        try await client.appointments(ofContact: id)
      }
    }
    if readsTasks {
      bundle.tasks = try await list(id, "task", &bundle) { () async throws(GHLFailure) in try await client.tasks(ofContact: id) }
    }
    return bundle
  }

  private func detail(_ id: String, _ bundle: inout ContactBundle) async throws(GHLFailure) -> RawRecord? {
    do throws(GHLFailure) {
      let record = try await client.contact(id)
      bundle.answered.insert("contact")
      return record
    } catch {
      guard error.kind == .notFound else {
        try refuse(error, id, "contact", &bundle)
        return nil
      }
      bundle.isGone = true
      bundle.problems = [
        ExtractProblem(
          code: .sourceRefused, severity: .warning, entity: "contact", record: id, location: client.configuration.location,
          message: "the contact was deleted after it was listed and before its details were read", status: error.status,
          traceId: error.traceId)
      ]
      return nil
    }
  }

  /// Only the response for the contact itself can say that it is gone. If one of its lists is refused, that list is
  /// missing.
  private func list(
    _ id: String, _ entity: String, _ bundle: inout ContactBundle, _ call: () async throws(GHLFailure) -> GHLPage
  ) async throws(GHLFailure) -> [RawRecord] {
    if bundle.isUnanswered, let outage = bundle.outage {
      bundle.problems.append(ExtractProblem(outage, entity: entity, record: id, location: client.configuration.location))
      return []
    }
    do throws(GHLFailure) {
      let page = try await call()
      bundle.answered.insert(entity)
      for stray in page.strays {
        bundle.problems.append(
          ExtractProblem(
            stray, entity: entity, record: id, location: client.configuration.location, list: "the \(entity)s of contact \(id)"))
      }
      return page.records
    } catch {
      try refuse(error, id, entity, &bundle)
      return []
    }
  }

  private func refuse(
    _ failure: GHLFailure, _ id: String, _ entity: String, _ bundle: inout ContactBundle
  ) throws(GHLFailure) {
    guard failure.mayConcernOneRecord else { throw failure }
    if failure.endsRun { bundle.refusals[entity] = failure }
    if failure.mayRetry { bundle.outage = failure }
    bundle.problems.append(ExtractProblem(failure, entity: entity, record: id, location: client.configuration.location))
  }
}
