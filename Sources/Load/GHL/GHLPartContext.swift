import Core
import GHL
import HTTP
import Values

/// What the adapters of GHL have in common: what the pipeline file says about the mapping and, once the part is open, the form of its
/// records. Safe to use from many tasks.
final class GHLPartContext: Sendable {
  /// What is known once the part is open.
  struct Opened: Sendable {
    var form: GHLForm
    var journal: any Journal
  }

  let document: GHLDestinationDocument
  let part: GHLPartDocument
  /// The path of the mapping's key, and the paths of all that it writes.
  let key: [String]
  let columns: [[String]]
  private let table: GHLOwners.Table
  private let state = Locked<Opened?>(nil)

  /// - Parameter owners: of the records that the mapping writes.
  init(_ document: GHLDestinationDocument, _ part: GHLPartDocument, _ load: LoadPart, owners table: GHLOwners.Table) {
    (self.document, self.part, self.table) = (document, part, table)
    columns = load.columns.map(\.path)
    key = load.key.first.map { load.columns[$0].path } ?? []
  }

  /// Reads what the location's names mean.
  ///
  /// - Throws: as `ResourceAdapter.open`.
  func open(_ plan: PartPlan, _ engine: HTTPEngine, _ journal: any Journal) async throws {
    if engine.gate.stopped != nil { return }
    let kinds = GHLLocationData.kinds(for: part, columns: columns)
    let data = try await GHLLocationData(kinds, location: document.location) { target in
      let response = try await PatientCall(engine: engine).response(to: try plan.own("GET", target), largeHint: "it is too large")
      {
        OperationFailure($1, "'\(plan.destination)' cannot read its location: \($0)")
      }
      return response.body ?? .null
    }
    let form = try GHLForm(part, of: document, key: key, columns: columns, data)
    state.withLock { $0 = Opened(form: form, journal: journal) }
  }

  /// The owners of the records that all mappings of this kind write.
  func owners(_ plan: PartPlan, _ journal: any Journal) async throws -> GHLOwners {
    let owners = GHLOwners(plan.scope, in: table)
    try await owners.read(journal, plan, document.parts.filter { $0.target == part.target && $0.deletion == nil }.map(\.mapping))
    return owners
  }

  /// Nil: the part is not open, because the destination is not in use.
  var opened: Opened? { state.withLock { $0 } }
  var form: GHLForm? { opened?.form }

  // MARK: Records

  /// A record in its canonical form, or with what prevents that.
  func outgoing(_ record: OutgoingRecord) -> OutgoingRecord {
    guard let form, let json = try? JSONReader.read(record.json) else { return record }
    do throws(GHLForm.Refusal) {
      return record.with(json: try form.outgoing(json).bytes)
    } catch {
      let column = columns.firstIndex { error.field.starts(with: $0, by: { $0.isExactly($1) }) }
      return record.with(json: record.json, fault: PartLoad.Reason(.requestImpossible, error.why, column: column))
    }
  }

  /// The mapping and the field of the contact that a record belongs to.
  var parent: ParentReference? { part.contact.map { ParentReference(mapping: $0.mapping, field: $0.field) } }

  /// GHL's ID of the contact that a record belongs to, and the mapping's key of it.
  func contact(of record: OutgoingRecord) -> (id: Name?, key: Name?) {
    guard let parent else { return (nil, nil) }
    return (record.parents[parent], record.values[parent.field])
  }

  /// The contacts of the records that the mapping loads or, if it deletes those of another one, that the other one loads: it may have
  /// another name for the field.
  var loadedContact: GHLPartDocument.Contact? {
    part.deletion.flatMap { document.part(of: $0.mapping.text)?.contact } ?? part.contact
  }

  /// Whether a record belonged to another contact when it was loaded, as far as the hashes of its fields show: the journal has no values.
  func hasMoved(_ record: OutgoingRecord, known: Accepted) -> Bool {
    guard let field = loadedContact?.field, let parent, let key = record.values[parent.field] else { return false }
    let path = FieldHashes.hash(of: field.text.split(exactly: "."))
    guard let old = FieldHashes.table(known.fields)?[path], !FieldHashes.isMark(old) else { return false }
    // A key may be a number there and a string here.
    let same = [JSONValue.string(key.text).bytes, Array(key.text.utf8)].map { Hash64.of($0.span, seed: path) }
    return old != FieldHashes.table(record.fields)?[path] && !same.contains(old)
  }

  /// The column of the field with the contact's key.
  private var contactColumn: Int? {
    parent.flatMap { parent in columns.firstIndex { Name($0.joined(separator: ".")) == parent.field } }
  }

  /// The warning that the contact that a record belonged to before keeps what the record gave it; nil: the record has not moved.
  func leftBehind(_ what: String, by record: OutgoingRecord, known: Accepted) -> PartLoad.Reason? {
    guard hasMoved(record, known: known) else { return nil }
    return PartLoad.Reason(.notApplied, "the contact that it belonged to before keeps \(what)", column: contactColumn)
  }

  // MARK: Requests

  /// The request of a route, with the body that it takes of a record.
  ///
  /// - Parameters:
  ///   - canonical: nil: the route takes no body.
  ///   - contacts: GHL's IDs of the contacts, of a route for several.
  ///   - omitting: members that are left out.
  ///   - isRepeatable: as of `AdaptedCall`.
  /// - Returns: why there is none, if GHL would refuse the body.
  func call(
    _ route: GHLRoute, of canonical: JSONValue?, contacts: [Name] = [], omitting: Set<Name> = [], isRepeatable: Bool? = nil
  ) -> Result<AdaptedCall, PartLoad.Reason> {
    let request = GHLDestinationDocument.request(route, part)
    guard let canonical else { return .success(AdaptedCall(request, isRepeatable: isRepeatable)) }
    return body(route, of: canonical, contacts: contacts, omitting: omitting).map { body in
      var call = AdaptedCall(request, body: body.bytes, isRepeatable: isRepeatable)
      // Bodies for several contacts are no records.
      if part.target.hasRecords { call.rest = form.flatMap { canonical.rest(besides: $0.canonical(body, sent: canonical)) } }
      return call
    }
  }

  /// The body that a route takes of a record.
  ///
  /// - Parameter omitting: members that are left out.
  /// - Returns: why there is none, if GHL would refuse the body.
  private func body(
    _ route: GHLRoute, of canonical: JSONValue, contacts: [Name], omitting: Set<Name>
  ) -> Result<JSONValue, PartLoad.Reason> {
    guard let body = form?.body(route, of: canonical, contacts: contacts, omitting: omitting) else {
      return .failure(PartLoad.Reason(.requestImpossible, "the record has no form that GHL accepts"))
    }
    if let fault = route.faults(in: body, document.generation).first {
      return .failure(PartLoad.Reason(.requestImpossible, fault))
    }
    return .success(body)
  }

  /// Whether a route can set one of these fields. It cannot set members that it does not accept, channels such as RCS, and files in
  /// custom fields.
  func canSet(_ paths: [[String]], _ record: OutgoingRecord, by route: GHLRoute) -> Bool {
    guard let shape = route.body(in: document.generation), let json = try? JSONReader.read(record.json) else { return false }
    return paths.contains { path in
      guard let name = path.first, let member = shape.member(named: name), canSet(path, of: member) else { return false }
      let value = ResponsePath(path.map { .member(Name($0)) }).value(in: json) ?? .null
      return value != .null || member.isNullable
    }
  }

  /// Whether a member of a body can have the field.
  private func canSet(_ path: [String], of member: GHLBodyShape.Member) -> Bool {
    guard path.count > 1 else { return true }
    switch member.name {
    case GHLFields.customFields: return form?.customFields.isWritable(path[1]) ?? false
    case GHLFields.dndSettings:
      guard case .object(let channels) = member.form else { return true }
      return channels.members.contains { $0.name.lowercased() == path[1].lowercased() }
    default: return true
    }
  }
}
