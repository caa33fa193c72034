import Control
import Core
import HTTP
import Records

/// Looks a record up by its key at the destination.
struct RecordLookup: Sendable {
  let plan: PartPlan
  let engine: HTTPEngine
  /// As of `HTTPCall`.
  let isOptional: Bool
  /// Whether the bytes of a record are needed, because it may have to be put back.
  let keepsBytes: Bool

  init(plan: PartPlan, engine: HTTPEngine, isOptional: Bool = false, keepsBytes: Bool? = nil) {
    self.plan = plan
    self.engine = engine
    self.isOptional = isOptional
    self.keepsBytes = keepsBytes ?? (plan.resource.before != nil)
  }

  enum Result: Sendable {
    case absent
    case found(StoredRecord)
    case failed(CallFlow.ReadFailure, retryAfter: Duration?, String)
    /// - Parameter credentials: the generation of those that were refused.
    case unauthorized(String, credentials: Int)
    case cancelled
    case stopped(OperationFailure)
    /// What was found does not show which record is meant: the record fails, and nothing is sent for it.
    case undecided(PartLoad.Reason)
  }

  /// Why a lookup has no answer.
  struct Trouble: Error {
    var result: Result
    /// No lookup of this record can succeed, however often it is tried; the destination itself works.
    var isAboutRecord = false
  }

  /// The record with the key; several of them are a failure.
  ///
  /// - Throws: what the journal throws.
  func find(_ record: OutgoingRecord) async throws -> Result {
    switch try await all(record) {
    case .failure(let trouble): return trouble.result
    case .success(let found) where found.count > 1:
      return .failed(.other, retryAfter: nil, "the destination has \(found.count) records with this key")
    case .success(let found): return found.first.map { .found($0) } ?? .absent
    }
  }

  /// Every record with the key.
  ///
  /// - Throws: what the journal throws.
  func all(_ record: OutgoingRecord) async throws -> Swift.Result<[StoredRecord], Trouble> {
    func failed(_ why: String, isAboutRecord: Bool = false) -> Swift.Result<[StoredRecord], Trouble> {
      .failure(Trouble(result: .failed(.other, retryAfter: nil, why), isAboutRecord: isAboutRecord))
    }
    guard let find = plan.resource.find else { return failed("the pipeline has no `find`") }
    if let adapter = plan.adapter { return try await adapter.find(record, self).map { $0.map(withBytes) } }
    var call: HTTPCall
    do { call = try plan.call(find.request, for: record, known: nil, body: nil) } catch {
      return failed("the record's values do not form a valid `find` request", isAboutRecord: true)
    }
    call.keepsContent = keepsBytes
    return try await response(to: call).flatMap { response in
      guard response.kind == .gone else { return stored(response, find, key: record.key) }
      // Of a list, it says that the address is wrong, not that the record is absent.
      return find.items == nil ? .success([]) : .failure(Trouble(result: .failed(.other, retryAfter: nil, response.summary)))
    }
  }

  /// Makes one call.
  ///
  /// - Returns: a response that was accepted, or one that says that what the call names does not exist (`.gone`).
  /// - Throws: what the journal throws.
  func response(to call: HTTPCall) async throws -> Swift.Result<ReadResponse, Trouble> {
    func failed(_ why: String) -> Swift.Result<ReadResponse, Trouble> {
      .failure(Trouble(result: .failed(.other, retryAfter: nil, why)))
    }
    var call = call
    call.isOptional = isOptional
    switch try await engine.call(call) {
    case nil, .cancelled: return .failure(Trouble(result: .cancelled))
    case .stopped(let failure): return .failure(Trouble(result: .stopped(failure)))
    case .notSent(let why), .noResponse(let why): return failed(why)
    case .response(let response, let retryAfter, let credentials):
      switch response.kind {
      case .accepted, .gone: return .success(response)
      case .unauthorized: return .failure(Trouble(result: .unauthorized(response.detail, credentials: credentials)))
      case .forbidden: return .failure(Trouble(result: .failed(.forbidden, retryAfter: retryAfter, response.detail)))
      default:
        return .failure(
          Trouble(
            result: .failed(.other, retryAfter: retryAfter, response.summary), isAboutRecord: response.isAboutRecord))
      }
    }
  }

  private func stored(
    _ response: ReadResponse, _ find: FindDocument, key: Name
  ) -> Swift.Result<[StoredRecord], Trouble> {
    func failed(_ why: String, isAboutRecord: Bool = false) -> Swift.Result<[StoredRecord], Trouble> {
      .failure(Trouble(result: .failed(.other, retryAfter: nil, why), isAboutRecord: isAboutRecord))
    }
    guard let body = response.body else { return failed("the response to `find` is not JSON") }
    if find.items == nil, let list = body.arrayValue { return stored(list, key, response) { $0 } }
    guard let items = find.items else {
      guard let stored = plan.stored(in: body, headers: response.headers), plan.key(of: stored.record) == key else {
        // An API that ignores case shows another record.
        return failed(
          "the response to `find` has no '\(plan.keyPath.text)' with the record's key", isAboutRecord: body.objectValue != nil)
      }
      return kept(stored, response) { [path = plan.resource.record] in path.map($0.value(at:)) ?? $0 }.map { [$0] }
    }
    guard let list = items.value(in: body)?.arrayValue else {
      return failed("the response to `find` has no list at '\(items.text)'")
    }
    return stored(list, key, response) { $0.value(at: items) }
  }

  /// - Parameter cut: finds the list in the response.
  private func stored(
    _ list: [JSONValue], _ key: Name, _ response: ReadResponse, _ cut: (JSONSlice) -> JSONSlice?
  ) -> Swift.Result<[StoredRecord], Trouble> {
    let own = list.indices.filter { plan.key(of: list[$0]) == key }
    if own.isEmpty, !list.isEmpty {
      // A filter that the destination ignores would make every record look absent.
      let why = "`find` returned \(list.count) records, and none of them has the key: the request does not filter by it"
      return .failure(Trouble(result: .failed(.other, retryAfter: nil, why), isAboutRecord: true))
    }
    var found: [StoredRecord] = []
    for index in own {
      let record = kept(plan.stored(item: list[index]), response) { slice in
        let elements = cut(slice)?.elements ?? []
        return index < elements.count ? elements[index] : nil
      }
      switch record {
      case .success(let record): found.append(record)
      case .failure(let trouble): return .failure(trouble)
      }
    }
    return .success(found)
  }

  /// A record in its canonical form, with the bytes of that form if they are to be kept.
  private func withBytes(_ stored: StoredRecord) -> StoredRecord {
    guard keepsBytes, let record = stored.record else { return stored }
    var stored = stored
    stored.raw = Array(record.text.utf8)
    return stored
  }

  /// With the record's bytes, if they are to be kept.
  private func kept(
    _ stored: StoredRecord, _ response: ReadResponse, _ cut: (JSONSlice) -> JSONSlice?
  ) -> Swift.Result<StoredRecord, Trouble> {
    guard keepsBytes, let record = stored.record else { return .success(stored) }
    var stored = stored
    stored.raw = StoredBytes.bytes(of: record, in: response.content, cut)
    guard stored.raw != nil else {
      let why = "the record in the response to `find` has a member twice, so it cannot be saved"
      return .failure(Trouble(result: .failed(.other, retryAfter: nil, why)))
    }
    return .success(stored)
  }
}

extension PartPlan {
  /// The key of a record as the destination has it; nil if it has none there.
  func key(of record: JSONValue?) -> Name? {
    switch record.flatMap({ keyPath.value(in: $0) }) {
    case .string(let text)?: Name(text)
    case .number(let digits)?: Name(digits)
    default: nil
    }
  }

  /// A record in a list, which has no envelope of its own: where a single record is at `data` and its ID at `data.id`, the item's ID
  /// is at `id`.
  func stored(item: JSONValue) -> StoredRecord {
    func text(_ place: ResponsePlace?) -> Name? {
      guard let path = place?.path else { return nil }
      let prefix = resource.record?.steps ?? []
      let isInside = path.steps.count > prefix.count && path.steps.starts(with: prefix)
      let own = isInside ? ResponsePath(Array(path.steps.dropFirst(prefix.count))) : path
      return own.value(in: item)?.idText.map { Name($0) }
    }
    return StoredRecord(remoteID: text(resource.remoteID), entityTag: text(resource.entityTag), record: item)
  }

  /// The record in a response of its own; nil if there is none.
  func stored(in body: JSONValue?, headers: [String: String]) -> StoredRecord? {
    let record = body.flatMap { body in resource.record.map { $0.value(in: body) } ?? body }
    let remoteID = resource.remoteID.flatMap { $0.id(headers: headers, body: body) }
    let tag = (resource.entityTag ?? .header("etag")).text(headers: headers, body: body)
    guard record != nil || remoteID != nil || tag != nil else { return nil }
    return StoredRecord(
      remoteID: remoteID.map { Name($0) }, entityTag: tag.map { Name($0) }, record: record?.objectValue == nil ? nil : record)
  }
}

extension ResponsePlace {
  /// The ID there: of an address in a header, as in `Location`, the last segment of its path.
  func id(headers: [String: String], body: JSONValue?) -> String? {
    if case .headerOrBody(let name, let path) = self {
      return Self.header(name).id(headers: headers, body: nil) ?? Self.body(path).id(headers: headers, body: body)
    }
    guard let text = text(headers: headers, body: body) else { return nil }
    guard case .header = self, text.contains("/") else { return text }
    let path = text.prefix { $0 != "?" && $0 != "#" }
    return path.split(separator: "/").last.flatMap { PercentEncoding.decoded($0) }
  }
}
