import Control
import Core
import Crypto
import FoundationEssentials
import HTTP
import Values

/// What a part loads and with which requests: everything about it that does not change while it runs.
final class PartPlan: Sendable {
  let destination: String
  let scope: JournalScope
  let run: String
  let date: String
  let resource: ResourceDocument
  let document: HTTPDocument
  /// Where the destination's records have the key.
  let keyPath: ResponsePath
  /// The parents that its requests name.
  let parents: [ParentReference]
  /// Whether records refer to others of the same mapping.
  let hasParentsOfItsOwn: Bool
  /// The fields that its requests name, each with its column.
  let fields: [(name: Name, column: Int)]
  let columns: [LoadColumn]
  /// Compares records as sent with records as stored.
  let comparison: RecordComparison
  /// Whether each ID identifies a single record, and only the session can notice that two records have one.
  let watchesIDs: Bool
  /// Whether an existing record keeps the fields that `update` leaves out, and those that a batch leaves out.
  let updateKeeps: Bool
  let batchKeeps: Bool
  /// Whether the requests of a mapping name the IDs of this one's records.
  let isParent: Bool
  /// What a dry run predicted, if the load applies it.
  let applied: (any AppliedPlan)?
  /// The unchanged records that are read back; nil: none.
  let sample: VerifySample?
  /// The written records that are read back; nil: as `readsBack` of the resource says.
  let readBack: VerifySample?
  /// What the API does that requests cannot describe; nil: nothing.
  let adapter: (any ResourceAdapter)?

  /// - Throws: `OperationFailure` with the code `configuration` if the requests do not fit the part.
  init(_ part: LoadPart, destination: String, _ document: HTTPDocument) throws(OperationFailure) {
    guard let resource = document.resource(of: part.mapping) else {
      throw OperationFailure(.configuration, "'\(destination)' has no requests for '\(part.mapping)': add it under `mappings`")
    }
    guard let first = part.key.first else {
      throw OperationFailure(
        .configuration, "'\(part.mapping)' has no target key, which '\(destination)' needs to identify its records")
    }
    self.destination = destination
    self.resource = resource
    self.document = document
    columns = part.columns
    comparison = RecordComparison(resource.normalizes)
    updateKeeps = resource.update.map { resource.updateStyle(of: $0) == .merge } ?? false
    batchKeeps = resource.batch.map { resource.updateStyle(of: $0.request) == .merge } ?? false
    scope = JournalScope(
      pipeline: part.pipeline, destination: destination, mapping: resource.deletion?.mapping.text ?? part.mapping,
      location: part.location)
    (run, date) = (part.run, part.date)
    applied = part.applied
    let day = CivilDate(part.date).daysSinceEpoch
    sample = resource.verify.map { VerifySample(hundredths: $0.share, day: day) }
    readBack = resource.readBack.map { VerifySample(hundredths: $0.share, day: day) }
    isParent = document.resources.contains { $0.needs.contains(Name(part.mapping)) }
    keyPath = resource.key ?? ResponsePath(part.columns[first].path.map { .member(Name($0)) })
    var parents: [ParentReference] = []
    var names: [Name] = []
    for placeholder in resource.placeholders {
      switch placeholder {
      case .parentID(let mapping, let field):
        let reference = ParentReference(mapping: mapping, field: field)
        if !parents.contains(reference) { parents.append(reference) }
        names.append(field)
      case .field(let name): names.append(name)
      default: continue
      }
    }
    let adapter = resource.adapter?.adapter(of: part)
    self.adapter = adapter
    watchesIDs = resource.hasUniqueIDs && adapter?.keepsOwners != true
    // Those that the mapping does not write have no value.
    names += (adapter?.lookupFields ?? []).filter { field in
      part.columns.contains { Name($0.path.joined(separator: ".")) == field }
    }
    self.parents = parents
    hasParentsOfItsOwn = parents.contains { $0.mapping.text.isExactly(part.mapping) }
    var fields: [(name: Name, column: Int)] = []
    for name in names where !fields.contains(where: { $0.name == name }) {
      guard let column = part.columns.firstIndex(where: { Name($0.path.joined(separator: ".")) == name }) else {
        throw OperationFailure(
          .configuration, "a request of '\(destination)' for '\(part.mapping)' names the field '\(name)', which is not written")
      }
      fields.append((name, column))
    }
    self.fields = fields
  }

  /// The journal's scope of a mapping that the same pipeline loads into the same destination.
  func scope(of mapping: Name) -> JournalScope {
    JournalScope(
      pipeline: scope.pipeline, destination: scope.destination, mapping: mapping.text, location: scope.location)
  }

  /// For people and for the lease: what records are created at.
  var address: String {
    // Whoever removes records must not do so while they are loaded.
    address(of: resource.deletion.flatMap { document.resource(of: $0.mapping.text) } ?? resource)
  }

  private func address(of resource: ResourceDocument) -> String {
    let template = (resource.create ?? resource.batch?.request ?? resource.update)?.template
    return document.address.text + (template?.target.text ?? "") + document.tenantSuffix
  }

  /// The lease of what the part is loaded into.
  var lease: Name { Name("load \(address) \(scope.location)") }

  /// The lease of what another mapping is loaded into; nil: it is not loaded here.
  func lease(of mapping: Name) -> Name? {
    document.resource(of: mapping.text).map { Name("load \(address(of: $0)) \(scope.location)") }
  }

  /// Digests of records, which also depend on the requests that would send them: a pipeline that sends them in another way sends
  /// them again.
  var digests: RecordDigest { digests(of: columns) }

  func digests(of columns: [LoadColumn]) -> RecordDigest {
    RecordDigest(columns, nulls: resource.body.nulls, fingerprint: Array(fingerprint.utf8))
  }

  /// Of all that would have to be the same for the destination to refuse a record again: the record, how it is sent, and the rules by
  /// which the response was a refusal.
  func refusalDigest(of record: OutgoingRecord) -> [UInt8] {
    Array(SHA256.hash(data: record.digest + Array(document.responses.text.utf8)))
  }

  /// Those that are the same in each run.
  private func constantHeaders(of request: RequestDocument?) -> [JSONValue] {
    let changing: Set<RequestPlaceholder> = [.entityTag, .run, .date]
    return (document.headers + (request?.headers ?? [])).filter { changing.isDisjoint(with: $0.value.placeholders) }.map {
      .string("\($0.name.lowercased()): \($0.value.text)")
    }
  }

  private var fingerprint: String {
    let requests = [resource.create, resource.update, resource.batch?.request].map { request in
      guard let template = request?.template else { return JSONValue.null }
      return .array([.string(template.method), .string(template.target.text)] + constantHeaders(of: request))
    }
    let body = resource.body
    return JSONValue.array(
      requests + [
        .array(body.under.map { .string($0.text) }), .object(body.envelope), .string(resource.batch?.items ?? ""),
        .string(resource.updateStyle.rawValue),
      ]
    ).text
  }

  // MARK: Requests

  /// A request's header overrides the destination's.
  private func headers(of request: RequestDocument) -> [HeaderTemplate] {
    if request.headers.isEmpty { return document.headers }
    let own = Set(request.headers.map { $0.name.lowercased() })
    return document.headers.filter { !own.contains($0.name.lowercased()) } + request.headers
  }

  /// Why a record has no request.
  enum Refusal: Error {
    case request(RequestTemplate.Refusal)
    case header(HeaderTemplate.Refusal)
  }

  /// - Parameter known: what the destination has of the record.
  func call(
    _ request: RequestDocument, for record: OutgoingRecord?, known: StoredRecord?, body: [UInt8]?, page: String? = nil
  ) throws(Refusal) -> HTTPCall {
    func value(_ placeholder: RequestPlaceholder) -> Name? {
      switch placeholder {
      case .key: record?.key
      case .remoteID: known?.remoteID
      case .entityTag: known?.entityTag
      case .parentID(let mapping, let field): record?.parents[ParentReference(mapping: mapping, field: field)]
      case .field(let name): record?.values[name]
      case .page, .cursor: page.map { Name($0) }
      case .location, .mapping, .run, .date: constant(placeholder)
      }
    }
    let target: String
    do { target = try request.template.target(value) } catch { throw .request(error) }
    return HTTPCall(
      method: request.template.method, target: target, headers: try fill(headers(of: request), value), body: body)
  }

  /// A request of the adapter's own, with the headers of every request.
  ///
  /// - Parameter target: path and query below the base URL, encoded.
  func own(_ method: String, _ target: String, body: [UInt8]? = nil) throws(Refusal) -> HTTPCall {
    HTTPCall(method: method, target: target, headers: try fill(document.headers, constant), body: body)
  }

  /// The request that polls a job.
  ///
  /// - Parameter target: path and query at the destination's origin.
  func poll(_ target: String) throws(Refusal) -> HTTPCall {
    var call = HTTPCall(method: "GET", target: target, headers: try fill(document.headers, constant))
    call.isBelowOrigin = true
    return call
  }

  /// The value of a placeholder that is the same for all records.
  private func constant(_ placeholder: RequestPlaceholder) -> Name? {
    switch placeholder {
    case .location: Name(scope.location)
    case .mapping: Name(scope.mapping)
    case .run: Name(run)
    case .date: Name(date)
    default: nil
    }
  }

  private func fill(
    _ headers: [HeaderTemplate], _ value: (RequestPlaceholder) -> Name?
  ) throws(Refusal) -> [(name: String, value: String)] {
    var filled: [(name: String, value: String)] = []
    for header in headers {
      do { filled.append((header.name, try header.text(value))) } catch { throw .header(error) }
    }
    return filled
  }

  /// The value of the header that tells the destination that a call is the same as an earlier one: a hash of the destination,
  /// the request, and the records with their digests and epochs.
  func idempotencyKey(
    _ request: RequestDocument, _ records: some Collection<(key: Name, digest: [UInt8], epoch: Int)>
  ) -> String {
    // Hashed in one piece, because each update of the hash has a fixed cost.
    var bytes: [UInt8] = []
    bytes.reserveCapacity(128 * records.count + 384)
    func add(_ text: some Collection<UInt8>) {
      withUnsafeBytes(of: UInt64(text.count).littleEndian) { bytes += $0 }
      bytes += text
    }
    for text in [document.identity, scope.mapping, scope.location, request.template.method, request.template.target.text] {
      add(text.utf8)
    }
    for record in records {
      add(record.key.text.utf8)
      add(record.digest)
      add(String(record.epoch).utf8)
    }
    return Hexadecimal.text(of: SHA256.hash(data: bytes))
  }

  /// Whether the destination had the record before Waybill wrote it, and `conflict` decides what becomes of such records.
  func mayBelongToOthers(_ known: Accepted) -> Bool {
    resource.conflict.keepsOthers && known.isPresent && FieldHashes.isOfOthers(known.fields)
  }

  /// Whether a record for which nothing is sent is read back.
  func isSampled(_ key: Name) -> Bool { sample?.contains(keyHash: Hash64.of(key)) ?? false }

  /// Whether a record that was written is looked up.
  ///
  /// - Parameter isShown: the response includes the record.
  func readsBack(_ key: Name, isShown: Bool) -> Bool {
    readBack.map { $0.contains(keyHash: Hash64.of(key)) } ?? (resource.readsBack && !isShown)
  }

  /// Whether an update of a record can set one of these fields, which the destination did not apply.
  func canResend(_ record: OutgoingRecord, _ fields: [[String]]) -> Bool {
    guard resource.update != nil else { return false }
    return adapter?.canResend(record, fields) ?? true
  }

  /// Whether a record is sent again if it is not as it was loaded. A load that applies a dry run sends nothing that was not predicted.
  var resendsDrifted: Bool { resource.verify?.then == .resend && applied == nil }

  // MARK: Fields that an update leaves out

  /// The columns of fields that the destination has accepted with a value, and that the record leaves out.
  func omitted(by record: OutgoingRecord, known: Accepted?) -> [Int] {
    guard let known, known.isPresent else { return [] }
    return FieldHashes.omitted(from: known.fields, in: record.fields, columns: columns)
  }

  func hasValue(at column: Int, in record: JSONValue) -> Bool {
    ResponsePath(columns[column].path.map { .member(Name($0)) }).value(in: record) ?? .null != .null
  }

  /// The same call under another key.
  static func idempotencyKey(after key: String, epoch: Int) -> String {
    Hexadecimal.text(of: SHA256.hash(data: Array("\(key) \(epoch)".utf8)))
  }

  /// What a call can rely on, as an adapter or the pipeline makes it.
  func traits(isCreate: Bool, _ call: AdaptedCall, records: Int, isAtomic: Bool) -> CallFlow.Traits {
    var traits = traits(isCreate: isCreate, call.request, records: records, isAtomic: isAtomic)
    traits.isRepeatable = call.isRepeatable ?? traits.isRepeatable
    traits.absencesRequired = call.absencesRequired
    return traits
  }

  /// What a call can rely on.
  func traits(isCreate: Bool, _ request: RequestDocument, records: Int, isAtomic: Bool) -> CallFlow.Traits {
    let method = request.template.method
    let isRepeatable = method == "PUT" || method == "PATCH" && resource.updateStyle == .merge
    return CallFlow.Traits(
      isCreate: isCreate, hasIdempotencyKeys: document.idempotency != nil, canFind: resource.find != nil,
      isRepeatable: isRepeatable && !request.isConditional, records: records, isAtomic: isAtomic,
      longestCall: document.longestCall,
      longestJob: resource.job?.longest ?? .seconds(3_600),
      keyLifetime: document.idempotency?.lifetime ?? .zero)
  }
}

extension ResourceDocument {
  /// The mappings whose remote IDs its requests name, each once.
  package var parents: [String] {
    var parents: [Name] = []
    for case .parentID(let mapping, _) in placeholders where !parents.contains(mapping) { parents.append(mapping) }
    return parents.map(\.text)
  }

  /// Whether requests use IDs that stand for one record each. If requests name a parent in addition to the ID, as in
  /// `PUT /contacts/{remote_id(contacts, contactId)}/notes/{remote_id}`, an ID may be unique only within that parent.
  fileprivate var hasUniqueIDs: Bool {
    let byID = [update, delete].compactMap(\.self).filter { $0.names(.remoteID) }
    return !byID.isEmpty && byID.allSatisfy { !$0.namesParent }
  }

  private var requests: [RequestDocument] {
    [create, update, delete, find?.request, batch?.request].compactMap(\.self)
  }

  /// In its requests and their headers, without those of `list`.
  var placeholders: [RequestPlaceholder] {
    requests.flatMap { $0.template.target.placeholders + $0.headers.flatMap(\.value.placeholders) }
  }
}

extension RequestDocument {
  var namesParent: Bool {
    (template.target.placeholders + headers.flatMap(\.value.placeholders)).contains {
      if case .parentID = $0 { true } else { false }
    }
  }

  func names(_ placeholder: RequestPlaceholder) -> Bool {
    template.target.placeholders.contains(placeholder) || headers.contains { $0.value.placeholders.contains(placeholder) }
  }
}

extension CivilDate {
  /// - Parameter date: `yyyy-MM-dd`, as of `LoadPart`.
  fileprivate init(_ date: String) {
    let parts = date.split(separator: "-").map { Int($0) ?? 1 } + [1, 1, 1]
    self.init(year: parts[0], month: parts[1], day: parts[2])
  }
}
