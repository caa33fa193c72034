import Control
import Core
import GHL

/// Tasks and notes: records of their own that belong to a contact of another mapping.
///
/// GHL gives them IDs, which the journal keeps; the contact's ID is a part of their digest, so that children of a contact that was
/// created again are created again. Children of one contact are never in flight together: GHL has no key of ours, and two notes with
/// the same text are told apart only by which of them is already known.
final class GHLChildAdapter: ResourceAdapter {
  let context: GHLPartContext
  let lists = GHLChildLists()
  /// Which of GHL's IDs belong to which of our keys.
  let owners = Locked<GHLOwners?>(nil)

  /// The routes of tasks, or of notes.
  struct Routes: Sendable {
    /// The members of responses with the contact's list, and with one record.
    var collection: String
    var single: String
    var list: GHLRoute
    var read: GHLRoute
    var create: GHLRoute
    var update: GHLRoute

    static let tasks = Routes(
      collection: "tasks", single: "task", list: .tasks, read: .task, create: .createTask, update: .updateTask)
    static let notes = Routes(
      collection: "notes", single: "note", list: .notes, read: .note, create: .createNote, update: .updateNote)
  }

  let routes: Routes

  init(_ context: GHLPartContext) {
    self.context = context
    routes = context.part.target == .tasks ? .tasks : .notes
  }

  func open(_ plan: PartPlan, _ engine: HTTPEngine, _ journal: any Journal) async throws {
    let read = try await context.owners(plan, journal)
    owners.withLock { $0 = read }
    try await context.open(plan, engine, journal)
  }

  // MARK: Records

  func outgoing(_ record: OutgoingRecord) -> OutgoingRecord { context.outgoing(record) }

  func identities(of record: OutgoingRecord) -> [Name] { context.contact(of: record).key.map { [Name("contact:\($0)")] } ?? [] }

  func stored(in response: ReadResponse, of record: OutgoingRecord, known: Accepted?) -> StoredRecord? {
    guard let child = response.body?[routes.single], child.objectValue != nil else { return nil }
    return stored(child, of: record)
  }

  /// A record as GHL shows it.
  func stored(_ child: JSONValue, of record: OutgoingRecord) -> StoredRecord {
    let id = child["id"]?.stringValue.map { Name($0) }
    if let id { _ = owners.withLock { $0?.claim(id, for: record.key) } }
    lists.forget(record.key)
    return StoredRecord(remoteID: id, record: canonical(child, of: record))
  }

  func canonical(_ child: JSONValue, of record: OutgoingRecord) -> JSONValue? {
    context.form?.canonical(
      child, sent: try? JSONReader.read(record.json), key: record.key, contact: context.contact(of: record).key)
  }

  func sent(in body: JSONValue?, target: String, keys: [Name], values: [[Name: Name]]) -> [JSONValue]? {
    guard let body, let key = keys.first, keys.count == 1, let form = context.form else { return nil }
    let contact = context.parent.flatMap { values.first?[$0.field] }
    return [form.canonical(body, key: key, contact: contact)]
  }

  /// The value with the IDs of similar children that the contact had before a record was created.
  static let before: Name = "\u{1}before"

  func memory(of record: OutgoingRecord) -> [Name: Name] {
    guard let before = lists.before(record.key) else { return [:] }
    return [Self.before: Name(before.map(\.text).sorted().joined(separator: " "))]
  }

  // MARK: Requests

  func call(
    _ step: AdapterStep, _ records: [OutgoingRecord], json: [UInt8], known: StoredRecord?
  ) -> Result<AdaptedCall, PartLoad.Reason> {
    let canonical = try? JSONReader.read(json)
    switch step {
    case .create, .batch: return context.call(routes.create, of: canonical)
    case .update(let accepted):
      let changesStatus = routes.single == "task" && records.first.map { onlyStatus(of: $0, accepted) } ?? false
      return context.call(changesStatus ? .completeTask : routes.update, of: canonical)
    case .delete: return context.call(routes.single == "task" ? .deleteTask : .deleteNote, of: nil)
    }
  }

  /// Whether `completed` is all that has changed since GHL accepted the task.
  private func onlyStatus(of record: OutgoingRecord, _ accepted: Accepted?) -> Bool {
    guard let accepted, accepted.digest != nil, let changes = FieldHashes.changes(from: accepted.fields, to: record.fields) else {
      return false
    }
    let status = FieldHashes.hash(of: ["completed"])
    return !changes.isEmpty && changes.allSatisfy { $0.path == status && $0.new != nil }
  }

  /// None of its fields has changed, so its contact is another one, created after the old one was removed: the child is not there.
  func readsBefore(_ record: OutgoingRecord, known: Accepted) -> Bool {
    known.digest != nil && (FieldHashes.changes(from: known.fields, to: record.fields)?.isEmpty ?? false)
  }

  /// GHL has no route that moves a child, so the other contact would get a second one.
  func refusal(of record: OutgoingRecord, known: Accepted) -> PartLoad.Reason? {
    if let loaded = context.loadedContact, let own = context.part.contact, own.mapping != loaded.mapping {
      let why = "it belongs to a contact of '\(loaded.mapping)', and `contact` names the mapping '\(own.mapping)'"
      return PartLoad.Reason(.requestImpossible, why)
    }
    guard context.hasMoved(record, known: known) else { return nil }
    let name = routes.single
    let why =
      "GHL has it at another contact, and cannot move a \(name): delete it with a `delete` mapping that names the old contact; the next run creates it at the new one"
    return PartLoad.Reason(.requestImpossible, why)
  }

  func hasParent(
    _ record: OutgoingRecord, after response: ReadResponse?, _ lookup: RecordLookup
  ) async throws -> Result<Bool, RecordLookup.Trouble> { try await context.hasContact(record, after: response, lookup) }

  func canResend(_ record: OutgoingRecord, _ paths: [[String]]) -> Bool { context.canSet(paths, record, by: routes.update) }
}
