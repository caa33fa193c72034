import Control
import Core
import FoundationEssentials

/// What is needed to resolve a call that a process left open, besides what the journal knows itself. Kept with the intent, as
/// JSON: a later process may have other requests in its pipeline, but this call is resolved as it was sent.
struct CallContext: Sendable, Codable {
  struct Header: Sendable, Codable {
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
  /// Path and query of the job that carries the call out.
  var job: String?
  /// Where the body has the record, or the list of records; empty: it is the body.
  var under: [String]
  /// The body has a list of records.
  var isBatch: Bool

  var bytes: [UInt8] { (try? JSONEncoder().encode(self)).map { Array($0) } ?? [] }

  /// Nil: another version wrote it, or none is there.
  init?(_ bytes: [UInt8]) {
    guard let found = try? JSONDecoder().decode(CallContext.self, from: Data(bytes)) else { return nil }
    self = found
  }

  init(_ call: HTTPCall, keyHeader: String?, traits: CallFlow.Traits, under: [String], isBatch: Bool) {
    method = call.method
    target = call.target
    headers = call.headers.map { Header(name: $0.name, value: $0.value) }
    self.keyHeader = keyHeader
    self.traits = traits
    self.under = under
    self.isBatch = isBatch
  }

  /// The records in a body, in the order in which they were sent; nil if it cannot be read.
  func records(in body: [UInt8]) -> [JSONValue]? {
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
