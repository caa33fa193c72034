package import Core
package import Extract
import Report

/// What an extraction would cost: `waybill plan`.
package struct PipelinePlan: Sendable {
  package struct Shard: Sendable, Hashable {
    package var shard: String
    package var location: String
    package var requests: Int
    package var seconds: Double
    /// Whether it fits into the rest of the day's quota; nil: unknown.
    package var fits: Bool?
  }

  package enum Basis: String, Sendable, Hashable {
    /// Counted in the newest snapshot.
    case snapshot
    /// Requested from the API, with a few small calls.
    case api
    /// Files are read: no calls are made.
    case files
    /// Nothing is known: the figures assume no contacts.
    case unknown
  }

  package struct Call: Sendable, Hashable {
    package var call: FetchCall
    package var requests: Int
    /// Fields that need it, as `entity.field`.
    package var reasons: [String]
  }

  package var pipeline: String
  package var shards: [Shard]
  package var calls: [Call]
  package var contacts: Int
  package var businesses: Int
  package var basis: Basis
  package var dailyLimit: Int?
  package var dailyRemaining: Int?
  /// The share of the daily limit that may be used, in percent.
  package var dailyPercent: Double?
  /// `--budget`.
  package var requestBudget: Int?
  package var warnings: [String]

  package var requests: Int { shards.map(\.requests).reduce(0, +) }

  /// The share of the daily limit that the requests take, in percent.
  package var quotaShare: Double? {
    dailyLimit.flatMap { $0 > 0 ? (Double(requests) * 10_000 / Double($0)).rounded() / 100 : nil }
  }

  /// Requests by source entity.
  package var entities: [(name: String, requests: Int)] {
    var sums: [(name: String, requests: Int)] = []
    for call in calls {
      let name =
        switch call.call {
        case .location: "location"
        case .customFields: "custom-fields"
        case .businesses: "business"
        case .users: "user"
        case .list, .detail, .outside: "contact"
        case .notes: "note"
        case .appointments: "appointment"
        case .tasks: "task"
        }
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
    .object([
      .init("pipeline", .string(pipeline)), .init("shards", .array(shards.map(\.json))),
      .init("entities", .object(entities.map { .init($0.name, .object([.init("requests", .number($0.requests))])) })),
      .init(
        "fields",
        .object(
          fields.map { field, call in
            .init(
              Self.name(of: field),
              .object([.init("needs", .string(call.call.rawValue)), .init("requests", .number(call.requests))]))
          })),
      .init("calls", .object(calls.map { .init($0.call.rawValue, .number($0.requests)) })),
      .init(
        "budget",
        .object([
          .init("requests", .number(requests)), .init("daily_limit", SummaryJSON.number(dailyLimit)),
          .init("daily_remaining", SummaryJSON.number(dailyRemaining)), .init("daily_percent", Self.number(dailyPercent)),
          .init("share_percent", Self.number(quotaShare)), .init("request_budget", SummaryJSON.number(requestBudget)),
        ])),
      .init("contacts", .number(contacts)), .init("businesses", .number(businesses)), .init("basis", .string(basis.rawValue)),
      .init("warnings", .array(warnings.map { .string($0) })),
    ])
  }

  /// A field of the contact by its bare name, any other with its entity: `dndSettings`, `task.title`.
  private static func name(of field: String) -> String {
    field.hasPrefix("contact.") ? String(field.dropFirst("contact.".count)) : field
  }

  private static func number(_ value: Double?) -> JSONValue { value.map { .number($0) } ?? .null }
}

extension PipelinePlan.Shard {
  var json: JSONValue {
    .object([
      .init("shard", .string(shard)), .init("location", .string(location)), .init("requests", .number(requests)),
      .init("seconds", .number(seconds.rounded())), .init("fits", fits.map { .bool($0) } ?? .null),
    ])
  }
}
