import Core
package import HTTP

/// An `http` destination, as a pipeline file describes it.
package struct HTTPDocument: Sendable {
  package var address: ServerAddress
  /// Which part of the system at the address is written, if it has several: a location of GHL.
  package var tenant: String?
  package var authorization: HTTPAuthorization?
  /// Used in place of the secret of `authorization` if that is refused.
  package var fallback: SecretReference?
  /// Sent with every request.
  package var headers: [HeaderTemplate] = []
  /// Calls in a second; nil: as many as the destination takes.
  package var perSecond: Double?
  /// Calls at the same time, at most.
  package var concurrent = 8
  /// How long a response may take.
  package var timeout: Duration = .seconds(30)
  /// The longest time that a call may run at the destination after its connection is lost.
  package var longestCall: Duration = .seconds(60)
  /// A file with certificates to trust besides those of the system (PEM).
  package var certificates: String?
  package var idempotency: IdempotencyDocument?
  package var responses: ResponseRules
  /// What is asked before a run, to find out whether the credentials suffice; nil: nothing.
  var proof: (any DestinationProof)?
  /// By the name of the mapping, in the order of the file.
  package var resources: [ResourceDocument] = []

  package init(address: ServerAddress, responses: ResponseRules) {
    self.address = address
    self.responses = responses
  }

  /// Where the IDs in a journal are valid. Two documents with the same identity write to the same records.
  package var identity: String { address.text + tenantSuffix }

  /// What in a pipeline file decides about `identity`, for messages: `base_url is`.
  var identityKeys: String { tenant == nil ? "base_url is" : "base_url and location are" }

  var tenantSuffix: String { tenant.map { ", location \($0)" } ?? "" }

  package func resource(of mapping: String) -> ResourceDocument? { resources.first { $0.mapping.isExactly(mapping) } }
}

/// How requests are authorized.
package enum HTTPAuthorization: Sendable, Hashable {
  case bearer(SecretReference)
  case basic(user: String, password: SecretReference)
  /// A header of the API's own: `X-API-Key`.
  case header(name: String, SecretReference)
  /// A parameter of the query. It is in every address, so it must never be shown.
  case query(name: String, SecretReference)

  package var secret: SecretReference {
    switch self {
    case .bearer(let secret), .basic(_, let secret), .header(_, let secret), .query(_, let secret): secret
    }
  }
}

/// Idempotency keys: the destination recognizes a repeated call by the value of a header.
package struct IdempotencyDocument: Sendable, Hashable {
  package var header: String
  /// How long the destination remembers a key, from its first use.
  package var lifetime: Duration

  package init(header: String, lifetime: Duration = .seconds(86_400)) {
    self.header = header
    self.lifetime = lifetime
  }
}
