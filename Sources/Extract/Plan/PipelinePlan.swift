package import Core

/// What an extraction would cost: `waybill plan`.
package struct PipelinePlan: Sendable {
  package struct Shard: Sendable, Hashable {
    package var shard: String
    package var location: String
    /// As far as they are known; see `isPartial`.
    package var requests: Int
    package var seconds: Double
    /// Some of the requests are not known, and there may be many of them.
    package var isPartial = false
    /// Whether it fits into the rest of the day's quota; nil: unknown.
    package var fits: Bool?
    package var dailyLimit: Int?
    package var dailyRemaining: Int?
    /// The share of the daily limit that may be used, in percent.
    package var dailyPercent: Double?

    package init(shard: String, location: String, requests: Int, seconds: Double, fits: Bool?, dailyLimit: Int? = nil) {
      self.shard = shard
      self.location = location
      self.requests = requests
      self.seconds = seconds
      self.fits = fits
      self.dailyLimit = dailyLimit
    }

    /// The share of the daily limit that the requests take, in percent; nil: unknown.
    package var quotaShare: Double? {
      if isPartial { return nil }
      return dailyLimit.flatMap { $0 > 0 ? (Double(requests) * 10_000 / Double($0)).rounded() / 100 : nil }
    }
  }

  package enum Basis: String, Sendable, Hashable {
    /// Counted in the newest snapshot.
    case snapshot
    /// Requested from the API, with a few small calls.
    case api
    /// Files are read: no calls are made.
    case files
    /// The number of contacts is unknown.
    case unknown
  }

  package struct Call: Sendable, Hashable {
    package var call: FetchCall
    package var requests: Int
    /// Fields that need it, as `entity.field`.
    package var reasons: [String]

    package init(call: FetchCall, requests: Int, reasons: [String]) {
      self.call = call
      self.requests = requests
      self.reasons = reasons
    }
  }

  /// What a mapping writes into a GHL location.
  package struct Write: Sendable, Hashable {
    package var destination: String
    package var mapping: String
    /// Nil: unknown.
    package var records: Int?
    /// A high estimate, not counting what is sent again; nil: unknown.
    package var requests: Int?

    package init(destination: String, mapping: String, records: Int?, requests: Int?) {
      (self.destination, self.mapping, self.records, self.requests) = (destination, mapping, records, requests)
    }
  }

  /// A destination that is a GHL location.
  package struct Target: Sendable, Hashable {
    package var name: String
    package var location: String
    /// What its token needs.
    package var scopes: [String]

    package init(name: String, location: String, scopes: [String]) {
      (self.name, self.location, self.scopes) = (name, location, scopes)
    }
  }

  package var pipeline: String
  /// One per location: first the one that is read, then those that are written to.
  package var shards: [Shard]
  package var calls: [Call]
  /// What is read instead of making calls.
  package var files: [PlannedFile] = []
  package var contacts: Int
  package var businesses: Int
  package var basis: Basis
  /// `--budget`.
  package var requestBudget: Int?
  package var writes: [Write] = []
  package var targets: [Target] = []
  package var warnings: [String]

  package init(
    pipeline: String, shards: [Shard], calls: [Call], files: [PlannedFile] = [], contacts: Int, businesses: Int, basis: Basis,
    requestBudget: Int? = nil, warnings: [String] = []
  ) {
    self.pipeline = pipeline
    self.shards = shards
    self.calls = calls
    self.files = files
    self.contacts = contacts
    self.businesses = businesses
    self.basis = basis
    self.requestBudget = requestBudget
    self.warnings = warnings
  }

  /// As far as they are known.
  package var requests: Int { shards.map(\.requests).reduce(0, +) }

  /// The location that takes most of its daily limit, or may do so.
  private var tightest: Shard? {
    func rank(_ shard: Shard) -> (Double, Int) {
      (shard.dailyLimit == nil ? -1 : shard.quotaShare ?? .infinity, shard.requests)
    }
    return shards.max { rank($0) < rank($1) }
  }

  /// Requests by source entity.
  package var entities: [(name: String, requests: Int)] {
    var sums: [(name: String, requests: Int)] = []
    for call in calls {
      let name = call.call.entity
      if let index = sums.firstIndex(where: { $0.name == name }) {
        sums[index].requests += call.requests
      } else {
        sums.append((name, call.requests))
      }
    }
    return sums
  }

  /// Each field with the call that it needs: if several, the one with the most requests.
  private var fields: [(field: String, call: Call)] {
    var found: [(field: String, call: Call)] = []
    for call in calls {
      for field in call.reasons {
        if let index = found.firstIndex(where: { $0.field == field }) {
          if found[index].call.requests < call.requests { found[index].call = call }
        } else {
          found.append((field, call))
        }
      }
    }
    return found
  }

  package var json: JSONValue {
    let own = tightest
    return .object([
      .init("pipeline", .string(pipeline)), .init("shards", .array(shards.map(\.json))),
      .init("entities", .object(entities.map { .init($0.name, .object([.init("requests", known($0.requests))])) })),
      .init(
        "fields",
        .object(
          fields.map { field, call in
            .init(
              Self.name(of: field),
              .object([.init("needs", .string(call.call.rawValue)), .init("requests", known(call.requests))]))
          })),
      .init("calls", .object(calls.map { .init($0.call.rawValue, known($0.requests)) })),
      .init(
        "budget",
        .object([
          .init("requests", shards.contains(where: \.isPartial) ? .null : .number(requests)),
          .init("daily_limit", Self.number(own?.dailyLimit)),
          .init("daily_remaining", Self.number(own?.dailyRemaining)), .init("daily_percent", Self.number(own?.dailyPercent)),
          .init("share_percent", Self.number(own?.quotaShare)),
          .init("request_budget", Self.number(requestBudget)),
        ])),
      .init("writes", .array(writes.map(\.json))), .init("destinations", .array(targets.map(\.json))),
      .init("files", .array(files.map(\.json))), .init("contacts", isCounted ? .number(contacts) : .null),
      .init("businesses", isCounted ? .number(businesses) : .null),
      .init("basis", .string(basis.rawValue)),
      .init("warnings", .array(warnings.map { .string($0) })),
    ])
  }

  /// A field of the contact by its bare name, any other with its entity: `dndSettings`, `task.title`.
  private static func name(of field: String) -> String {
    field.hasPrefix("contact.") ? String(field.dropFirst("contact.".count)) : field
  }

  /// Whether the source's contacts have been counted.
  package var isCounted: Bool { basis == .api || basis == .snapshot }

  /// Whether the number of requests is known: files need none.
  private var isKnown: Bool { basis != .unknown }

  private func known(_ count: Int) -> JSONValue { isKnown ? .number(count) : .null }

  fileprivate static func number(_ value: Int?) -> JSONValue { value.map { .number($0) } ?? .null }

  fileprivate static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
}

extension PipelinePlan.Shard {
  var json: JSONValue {
    .object([
      .init("shard", .string(shard)), .init("location", .string(location)),
      .init("requests", isPartial ? .null : .number(requests)),
      .init("seconds", isPartial ? .null : .number(seconds.rounded())), .init("fits", fits.map { .bool($0) } ?? .null),
      .init("daily_limit", PipelinePlan.number(dailyLimit)), .init("daily_remaining", PipelinePlan.number(dailyRemaining)),
      .init("daily_percent", PipelinePlan.number(dailyPercent)),
      .init("share_percent", PipelinePlan.number(quotaShare)),
    ])
  }
}

extension PipelinePlan.Write {
  var json: JSONValue {
    .object([
      .init("destination", .string(destination)), .init("mapping", .string(mapping)),
      .init("records", PipelinePlan.number(records)), .init("requests", PipelinePlan.number(requests)),
    ])
  }
}

extension PipelinePlan.Target {
  var json: JSONValue {
    .object([
      .init("name", .string(name)), .init("location", .string(location)),
      .init("scopes", .array(scopes.map { .string($0) })),
    ])
  }
}
