package import Core
import GHL

/// What a pipeline's mappings read of one source entity.
package struct EntityNeed: Sendable, Hashable {
  package var entity: String
  /// Top-level members of the record; `custom` stands for custom fields.
  package var fields: Set<String>

  package init(entity: String, fields: Set<String>) {
    self.entity = entity
    self.fields = fields
  }
}

/// The kinds of calls that an extraction makes.
package enum FetchCall: String, Sendable, Hashable, CaseIterable {
  case location
  case customFields = "custom-fields"
  case businesses, users
  /// The contacts of each business.
  case list
  /// Each contact by its id.
  case detail
  case notes, appointments, tasks
  /// The contacts that belong to no business.
  case outside
}

/// Which calls an extraction makes, and why: only what the mappings read is fetched.
package struct FetchPlan: Sendable, Hashable {
  package enum WithoutBusiness: String, Sendable, Hashable, CaseIterable { case count, include, ignore }

  package enum Businesses: Sendable, Hashable {
    case all
    /// By id or by name.
    case some([String])
  }

  package let entities: Set<String>
  package let withoutBusiness: WithoutBusiness
  package let businesses: Businesses
  /// Per call, the fields that need it, as `entity.field`, sorted.
  package let reasons: [FetchCall: [String]]
  /// What cannot be had together, for `check` and `plan`.
  package let warnings: [String]

  package init(
    needs: [EntityNeed], catalog: any SourceCatalog, withoutBusiness: WithoutBusiness = .count, businesses: Businesses = .all
  ) {
    entities = Set(needs.map(\.entity))
    self.withoutBusiness = withoutBusiness
    self.businesses = businesses
    var reasons: [FetchCall: Set<String>] = [:]
    for need in needs {
      let call: FetchCall? =
        switch need.entity {
        case "note": .notes
        case "appointment": .appointments
        case "task": .tasks
        case "user": .users
        case "business": .businesses
        default: nil
        }
      if let call {
        reasons[call, default: []].formUnion(
          need.fields.map { "\(need.entity).\($0)" } + (need.fields.isEmpty ? [need.entity] : []))
      }
      guard need.entity == "contact" else { continue }
      for field in need.fields {
        let call: FetchCall = catalog.origin(of: field, in: "contact") == .detail ? .detail : .list
        reasons[call, default: []].insert("contact.\(field)")
        if field == "custom" { reasons[.customFields, default: []].insert("contact.custom") }
      }
    }
    var warnings: [String] = []
    let lost = needs.filter { $0.entity == "contact" }.flatMap(\.fields).filter { GHLCatalog.listOnlyContactFields.contains($0) }
    if let detail = reasons[.detail], !lost.isEmpty {
      warnings.append(
        "only the list of contacts has \(Set(lost).sorted().joined(separator: ", ")), and \(detail.sorted().joined(separator: ", ")) need each contact by its id, where it is absent: it will be null"
      )
    }
    self.reasons = reasons.mapValues { $0.sorted() }
    self.warnings = warnings
  }

  /// True where the extraction makes this call.
  package func makes(_ call: FetchCall) -> Bool {
    switch call {
    case .location, .customFields, .businesses, .list: true
    case .outside: withoutBusiness != .ignore
    case .users, .detail, .notes, .appointments, .tasks: reasons[call] != nil
    }
  }

  /// Calls made once per contact.
  package var callsPerContact: Int { [FetchCall.detail, .notes, .appointments].count { makes($0) } }
}
