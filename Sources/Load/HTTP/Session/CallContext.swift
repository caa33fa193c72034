import Control
import Core
import FoundationEssentials

/// What is needed to resolve a call that a process left open, besides what the journal knows itself. Kept with the intent, as
/// JSON: a later process may have other requests in its pipeline, but this call is resolved as it was sent.
struct CallContext: Sendable, Decodable {
  struct Header: Sendable, Decodable {
    var name: String
    var value: String
  }

  var method: String
  /// Path and query.
  var target: String
  /// Without credentials and without the idempotency key.
  var headers: [Header]
  /// The header that has the idempotency key; nil: the destination has none.
  var keyHeader: String?
  var traits: CallFlow.Traits
  /// The address of the job that carries out the call. Earlier versions stored its path and query, relative to the base URL.
  var job: String?
  /// Where the body has the record, or the list of records; empty: it is the body.
  var under: [String]
  /// The body has a list of records.
  var isBatch: Bool
  /// Where the response to a batch has the result of each record; nil if another version wrote this context.
  var results: Results?
  /// A response has confirmed the call, although lookups do not show its record: nothing is sent again. Nil: false.
  var isConfirmed: Bool?
  /// The fields of each record that requests name, and their values, if the body may lack them. Nil: it has them.
  var values: [[Header]]?
  /// What the record has besides the body, as JSON. Nil: nothing.
  var rest: String?
  /// The call is one of `waybill undo`. Nil: it is one of a load.
  var undo: Undo?

  struct Undo: Sendable, Decodable {
    /// It removes the record, and has no body. Otherwise it puts back what was there.
    var isDelete: Bool
    /// The fields of the record that requests name, and their values: a body that puts back a record may lack them.
    var values: [Header]
    /// The members that the destination sets itself, so that they say nothing about whether the call was carried out.
    var managed: [String]

    init(isDelete: Bool, values: [Name: Name], managed: Set<Name> = []) {
      self.isDelete = isDelete
      self.managed = managed.sorted().map(\.text)
      self.values = CallContext.headers(values)
    }

    var names: [Name: Name] { CallContext.names(values) }
  }

  static func headers(_ values: [Name: Name]) -> [Header] {
    values.sorted { $0.key < $1.key }.map { Header(name: $0.key.text, value: $0.value.text) }
  }

  static func names(_ values: [Header]) -> [Name: Name] { Dictionary(values.map { (Name($0.name), Name($0.value)) }) { $1 } }

  /// `BatchResults`, with its paths as text.
  struct Results: Sendable, Hashable, Decodable {
    var list, key, status, remoteID, entityTag, record, body: String?

    init(_ results: BatchResults) {
      (list, key, status) = (results.list?.text, results.key?.text, results.status?.text)
      (remoteID, entityTag) = (results.remoteID?.text, results.entityTag?.text)
      (record, body) = (results.record?.text, results.body?.text)
    }

    var paths: BatchResults {
      func path(_ text: String?) -> ResponsePath? { text.flatMap { $0.isEmpty ? ResponsePath([]) : ResponsePath($0) } }
      var results = BatchResults()
      (results.list, results.key, results.status) = (path(list), path(key), path(status))
      (results.remoteID, results.entityTag) = (path(remoteID), path(entityTag))
      (results.record, results.body) = (path(record), path(body))
      return results
    }

    fileprivate var members: [(name: StaticString, path: String?)] {
      [
        (#""list":"#, list), (#""key":"#, key), (#""status":"#, status), (#""remoteID":"#, remoteID),
        (#""entityTag":"#, entityTag), (#""record":"#, record), (#""body":"#, body),
      ]
    }
  }

  /// The JSON that `init(from:)` reads. Every call writes it, and a general encoder would take as long as the rest of the call.
  var bytes: [UInt8] {
    var out = JSONBytes()
    out.add(#"{"method":"#, method)
    out.add(#","target":"#, target)
    if let keyHeader { out.add(#","keyHeader":"#, keyHeader) }
    if let job { out.add(#","job":"#, job) }
    out.add(#","headers":["#)
    out.add(headers)
    out.add(#"],"under":["#)
    for (index, name) in under.enumerated() { out.add(index == 0 ? "" : ",", name) }
    out.add(#"],"isBatch":"#, isBatch)
    if let results {
      out.add(#","results":{"#)
      var isFirst = true
      for (name, path) in results.members {
        guard let path else { continue }
        if !isFirst { out.add(",") }
        out.add(name, path)
        isFirst = false
      }
      out.add("}")
    }
    if let isConfirmed { out.add(#","isConfirmed":"#, isConfirmed) }
    if let values {
      out.add(#","values":["#)
      for (index, own) in values.enumerated() {
        out.add(index == 0 ? "[" : ",[")
        out.add(own)
        out.add("]")
      }
      out.add("]")
    }
    if let rest { out.add(#","rest":"#, rest) }
    if let undo {
      out.add(#","undo":{"isDelete":"#, undo.isDelete)
      out.add(#","values":["#)
      out.add(undo.values)
      out.add(#"],"managed":["#)
      for (index, name) in undo.managed.enumerated() { out.add(index == 0 ? "" : ",", name) }
      out.add("]}")
    }
    out.add(traits)
    out.add("}")
    return out.bytes
  }

  /// Nil: another version wrote it, or none is there.
  init?(_ bytes: [UInt8]) {
    guard let found = try? JSONDecoder().decode(CallContext.self, from: Data(bytes)) else { return nil }
    self = found
  }

  init(
    _ call: HTTPCall, keyHeader: String?, traits: CallFlow.Traits, under: [String], isBatch: Bool, results: Results? = nil
  ) {
    method = call.method
    target = call.target
    headers = call.headers.map { Header(name: $0.name, value: $0.value) }
    self.keyHeader = keyHeader
    self.traits = traits
    self.under = under
    self.isBatch = isBatch
    self.results = results
  }

  /// The records of a call, in the order in which they were sent; nil if its body cannot be read.
  ///
  /// - Parameter adapter: of the part: it knows what a body means.
  func records(in request: IntentRequest, _ adapter: (any ResourceAdapter)?) -> [JSONValue]? {
    if undo?.isDelete == true { return request.records.map { _ in .object([]) } }
    if let adapter {
      let sent = adapter.sent(
        in: request.body.isEmpty ? nil : try? JSONReader.read(request.body), target: request.target,
        keys: request.records.map { $0.key ?? "" }, values: request.records.indices.map { named(at: $0) ?? [:] })
      guard let rest = rest.flatMap({ try? JSONReader.read(Array($0.utf8)) }) else { return sent }
      return sent?.map { $0.merging(rest) }
    }
    return records(in: request.body)
  }

  /// The fields of a record that requests name, if the body may lack them. Nil: it has them.
  func named(at index: Int) -> [Name: Name]? {
    undo?.names ?? values.flatMap { $0.indices.contains(index) ? Self.names($0[index]) : nil }
  }

  private func records(in body: [UInt8]) -> [JSONValue]? {
    guard let body = try? JSONReader.read(body),
      let content = ResponsePath(under.map { .member(Name($0)) }).value(in: body)
    else { return nil }
    return isBatch ? content.arrayValue : [content]
  }

  /// The call, as it was sent or is to be sent.
  ///
  /// - Parameters:
  ///   - body: empty: the call has none.
  ///   - key: the idempotency key.
  func call(_ body: [UInt8], key: String) -> HTTPCall {
    var call = HTTPCall(
      method: method, target: target, headers: headers.map { ($0.name, $0.value) }, body: body.isEmpty ? nil : body)
    if let keyHeader {
      call.headers.removeAll { $0.name.lowercased() == keyHeader.lowercased() }
      call.headers.append((keyHeader, key))
    }
    return call
  }
}

/// Writes JSON piece by piece.
private struct JSONBytes {
  private(set) var bytes: [UInt8] = []

  init() { bytes.reserveCapacity(512) }

  mutating func add(_ json: StaticString) { json.withUTF8Buffer { bytes += $0 } }

  mutating func add(_ before: StaticString, _ text: String) {
    add(before)
    JSONValue.write(text, to: &bytes)
  }

  mutating func add(_ before: StaticString, _ value: Bool) {
    add(before)
    add(value ? "true" : "false")
  }

  mutating func add(_ before: StaticString, _ number: Int) { add(before, Int64(number)) }

  mutating func add(_ before: StaticString, _ number: Int64) {
    add(before)
    if number < 0 { add("-") }
    add(number.magnitude)
  }

  /// Writes the digits without allocating a `String`.
  mutating func add(_ number: UInt64) {
    let start = bytes.count
    var rest = number
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  /// The upper and lower halves of the attoseconds.
  mutating func add(_ before: StaticString, _ time: Duration) {
    add(before)
    add("[", Int64(truncatingIfNeeded: time.attoseconds >> 64))
    add(",")
    add(UInt64(truncatingIfNeeded: time.attoseconds))
    add("]")
  }

  mutating func add(_ headers: [CallContext.Header]) {
    for (index, header) in headers.enumerated() {
      add(index == 0 ? #"{"name":"# : #",{"name":"#, header.name)
      add(#","value":"#, header.value)
      add("}")
    }
  }

  mutating func add(_ traits: CallFlow.Traits) {
    add(#","traits":{"isCreate":"#, traits.isCreate)
    add(#","hasIdempotencyKeys":"#, traits.hasIdempotencyKeys)
    add(#","canFind":"#, traits.canFind)
    add(#","isRepeatable":"#, traits.isRepeatable)
    add(#","records":"#, traits.records)
    add(#","isAtomic":"#, traits.isAtomic)
    add(#","longestCall":"#, traits.longestCall)
    add(#","longestJob":"#, traits.longestJob)
    add(#","keyLifetime":"#, traits.keyLifetime)
    add(#","absencesRequired":"#, traits.absencesRequired)
    add("}")
  }
}
