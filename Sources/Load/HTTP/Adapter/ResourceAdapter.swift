import Control
import Core

/// What an API does that the block `http` cannot describe: lookups by content, bodies that are not the record, responses that have a
/// meaning of their own.
///
/// The session, the journal, the call flow, dry runs, `--apply`, verify, reconcile and undo are those of `http`; they ask the adapter
/// where a resource has one, and work as usual where it has none. One adapter serves one part. Safe to use from many tasks.
///
/// **The canonical form.** A record is compared, hashed field by field and shown in one form only: a JSON object with the target
/// fields of the mapping at the paths of its columns, as the mapping writes them, the key among them. The adapter makes it from
/// what the mapping writes (`outgoing`), a body that an earlier process sent (`sent`) and what the API shows (`find`, `stored`),
/// and makes bodies from it (`call`). Whatever the API does not show is missing there; whatever it adds may be left out.
///
///     mapping    {"id":"7","email":"Ann@x.io","customFields":{"tier":"gold"},"assignedTo":"eva@x.io"}
///     body       {"email":"ann@x.io","customFields":[{"id":"f1","field_value":"gold"}],"assignedTo":"u9"}
///     canonical  {"id":"7","email":"ann@x.io","customFields":{"tier":"gold"},"assignedTo":"eva@x.io"}
///
/// **The order of calls.** `open` comes before everything else except for `lookupFields`. If the destination is not in use, `open` may
/// return without having read anything; nothing is sent then.
protocol ResourceAdapter: Sendable {
  /// Target fields whose values `find` and `call` need, besides those that requests name: `OutgoingRecord.values` has those that the
  /// mapping writes, as text. They outlive the process with an open call.
  var lookupFields: [Name] { get }

  /// Reads what is needed to understand names: definitions of fields, users. Called once, before any other call of the part.
  ///
  /// - Throws: `OperationFailure` with the code `configuration` if the mapping names what the destination does not have, so that the
  ///   part ends before its first record; what stops the destination.
  func open(_ plan: PartPlan, _ engine: HTTPEngine, _ journal: any Journal) async throws

  /// A record in its canonical form. If it cannot be sent, `fault` has the reason: the record fails, and nothing is sent for it.
  func outgoing(_ record: OutgoingRecord) -> OutgoingRecord

  /// Whether nothing is to be sent for a record, whatever the destination has: a list of tags to add that is empty. It counts as
  /// unchanged.
  func isVoid(_ record: OutgoingRecord) -> Bool

  /// Why a record that is there cannot be written or removed as the mapping asks; nil: it can. The record fails, and nothing is sent.
  func refusal(of record: OutgoingRecord, known: Accepted) -> PartLoad.Reason?

  /// What a write of a record that is there does not do although the record asks for it, known before it is sent. The ledger gets it as
  /// a warning.
  func warning(about record: OutgoingRecord, known: Accepted) -> PartLoad.Reason?

  /// Whether a record that a lookup does not show can be created. False: what it belongs to is gone, so it fails.
  var createsAbsent: Bool { get }

  /// Whether the destination still has what a record belongs to: its contact. Called when the destination refuses a write, or has
  /// nothing under the record's ID.
  ///
  /// - Parameter response: the refusal.
  /// - Throws: what the journal throws.
  func hasParent(
    _ record: OutgoingRecord, after response: ReadResponse?, _ lookup: RecordLookup
  ) async throws -> Result<Bool, RecordLookup.Trouble>

  /// What records have in common that must not be in flight together, besides the key: of two records with the same e-mail address,
  /// one waits for the other. Prefixed with their kind, such as `email:`.
  func identities(of record: OutgoingRecord) -> [Name]

  /// Those of `identities` that a record reserves as long as the result of a call that may have created it is unknown: otherwise,
  /// another record would find what that call has created, and take it over.
  func identitiesHeld(by record: OutgoingRecord) -> [Name]

  /// What two records with a common identity have in common, for people: `the same e-mail address`.
  func title(of identity: Name) -> String

  /// Whether it knows which of the destination's IDs belong to which records, and says of a response that it is about another one
  /// (`StoredRecord.isOfAnother`).
  var keepsOwners: Bool { get }

  /// What is lost if another scope loads to the same address, for people; nil: nothing. Keys mean nothing to an API that does not
  /// have them.
  func effect(of other: JournalScope, on own: JournalScope) -> String?

  /// The records at the destination that are this one, in canonical form with its key: usually none or one. `RecordLookup.find`
  /// treats several as a failure. It is up to the adapter to read what the journal knows about the record.
  ///
  /// `record.since` is the time of the intent if the record may have been created by an open call; nil: it is looked up before
  /// anything is sent for it, or after it is known to be there.
  ///
  /// - Throws: what the journal throws.
  func find(_ record: OutgoingRecord, _ lookup: RecordLookup) async throws -> Result<[StoredRecord], RecordLookup.Trouble>

  /// What `find` needs to tell whether a create of the record was carried out, besides the record itself: kept with the call, so that
  /// a later process has it in `OutgoingRecord.values`.
  func memory(of record: OutgoingRecord) -> [Name: Name]

  /// Whether a record must be looked up before an update of it is sent.
  func readsBefore(_ record: OutgoingRecord, known: Accepted) -> Bool

  /// The request for a record, or for a group of a batch, in place of those of the resource.
  ///
  /// - Parameters:
  ///   - json: the canonical record as it is to be sent; of a batch, see `records`. Empty for `delete`.
  ///   - known: what the destination has.
  func call(
    _ step: AdapterStep, _ records: [OutgoingRecord], json: [UInt8], known: StoredRecord?
  ) -> Result<AdaptedCall, PartLoad.Reason>

  /// Whether an update of a record can set one of these fields, which the destination did not apply.
  func canResend(_ record: OutgoingRecord, _ fields: [[String]]) -> Bool

  /// What the destination has after a call about one record that it accepted, in canonical form with the key; nil if the response
  /// does not say.
  func stored(in response: ReadResponse, of record: OutgoingRecord, known: Accepted?) -> StoredRecord?

  /// Why a record fails whose call conflicts with another record; nil: it is looked up, and `conflict` of the resource decides.
  func conflict(_ response: ReadResponse, _ record: OutgoingRecord, isUpdate: Bool) -> PartLoad.Reason?

  /// The canonical records of a body that an earlier process sent, in the order of `keys`; nil if it cannot be read.
  ///
  /// - Parameters:
  ///   - target: method and address of the call: `POST /contacts/`.
  ///   - values: `OutgoingRecord.values` of each.
  func sent(in body: JSONValue?, target: String, keys: [Name], values: [[Name: Name]]) -> [JSONValue]?

  /// The IDs of parents that an open call names, by mapping and key. A parent may have been removed since, or created again, and the
  /// journal does not know then where the call was sent.
  ///
  /// - Parameters:
  ///   - target: path and query of the call.
  ///   - values: `OutgoingRecord.values` of each of its records.
  func parentIDs(inCallTo target: String, _ body: JSONValue?, _ values: [[Name: Name]]) -> [Name: [Name: Accepted]]

  /// The records of a batch that may share a call, by their indices. A batch with a single group is sent as it is.
  func groups(_ records: [OutgoingRecord]) -> [[Int]]

  /// The response to a batch in the form that the resource's `batch.results` describes.
  func results(_ response: ReadResponse, of records: [OutgoingRecord]) -> JSONValue?
}

/// What a call is for.
enum AdapterStep: Sendable {
  case create, delete
  /// - Parameter accepted: what the journal knows; nil: what is there is not what it knows.
  case update(Accepted?)
  case batch(isCreate: Bool)
}

/// A request as an adapter makes it.
struct AdaptedCall: Sendable {
  /// Its placeholders are filled in as usual.
  var request: RequestDocument
  /// Nil: it has none.
  var body: [UInt8]?
  /// Making the call twice has the same effect as making it once. Nil: as its method says.
  var isRepeatable: Bool?
  /// As in `CallFlow.Traits`.
  var absencesRequired = 2
  /// What the record has, and the body lacks, because the API does not accept it. Nil: nothing.
  var rest: JSONValue?

  init(_ request: RequestDocument, body: [UInt8]? = nil, isRepeatable: Bool? = nil, absencesRequired: Int = 2) {
    self.request = request
    self.body = body
    self.isRepeatable = isRepeatable
    self.absencesRequired = absencesRequired
  }
}

/// Describes an adapter in a document, and makes one for each part.
protocol AdapterDocument: Sendable {
  func adapter(of part: LoadPart) -> any ResourceAdapter
}

extension ResourceAdapter {
  var lookupFields: [Name] { [] }
  func open(_ plan: PartPlan, _ engine: HTTPEngine, _ journal: any Journal) async throws {}
  func outgoing(_ record: OutgoingRecord) -> OutgoingRecord { record }
  func identities(of record: OutgoingRecord) -> [Name] { [] }
  func memory(of record: OutgoingRecord) -> [Name: Name] { [:] }
  func identitiesHeld(by record: OutgoingRecord) -> [Name] { [] }
  func title(of identity: Name) -> String { "the same identity" }
  func readsBefore(_ record: OutgoingRecord, known: Accepted) -> Bool { false }
  var keepsOwners: Bool { false }
  func effect(of other: JournalScope, on own: JournalScope) -> String? { nil }
  func isVoid(_ record: OutgoingRecord) -> Bool { false }
  func refusal(of record: OutgoingRecord, known: Accepted) -> PartLoad.Reason? { nil }
  func warning(about record: OutgoingRecord, known: Accepted) -> PartLoad.Reason? { nil }
  var createsAbsent: Bool { true }
  func hasParent(
    _ record: OutgoingRecord, after response: ReadResponse?, _ lookup: RecordLookup
  ) async throws -> Result<Bool, RecordLookup.Trouble> { .success(true) }
  func canResend(_ record: OutgoingRecord, _ fields: [[String]]) -> Bool { true }
  func conflict(_ response: ReadResponse, _ record: OutgoingRecord, isUpdate: Bool) -> PartLoad.Reason? { nil }
  func parentIDs(inCallTo target: String, _ body: JSONValue?, _ values: [[Name: Name]]) -> [Name: [Name: Accepted]] { [:] }
  func groups(_ records: [OutgoingRecord]) -> [[Int]] { [Array(records.indices)] }
  func results(_ response: ReadResponse, of records: [OutgoingRecord]) -> JSONValue? { response.body }
}
