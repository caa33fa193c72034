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

  /// What it reads, as plans print it.
  package var entity: String {
    switch self {
    case .location: "location"
    case .customFields: "custom-fields"
    case .businesses: "business"
    case .users: "user"
    case .list, .detail, .outside: "contact"
    case .notes: "note"
    case .appointments: "appointment"
    case .tasks: "task"
    }
  }
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
  /// What cannot be fetched together, for `check` and `plan`.
  package var warnings: [String] { [lostFieldsWarning, outsideWarning].compactMap { $0 } }
  /// That `lostFields` will be null.
  package let lostFieldsWarning: String?
  /// That no contacts without a business are read though they were asked for.
  package let outsideWarning: String?
  /// Contact fields that are null in every record: only lists have them, and the contacts are read by their IDs.
  package let lostFields: Set<String>
  /// The contacts of businesses are listed though no mapping reads any: tasks are read of each.
  private var listsContacts = false

  /// - Parameter locationNeeds: settings of mappings that take the location's zone or country: `contacts.settings.timezone`.
  package init(
    needs: [EntityNeed], catalog: any SourceCatalog, withoutBusiness: WithoutBusiness = .count, businesses: Businesses = .all,
    locationNeeds: [String] = []
  ) {
    entities = Set(needs.map(\.entity))
    self.withoutBusiness = withoutBusiness
    self.businesses = businesses
    var reasons: [FetchCall: Set<String>] = locationNeeds.isEmpty ? [:] : [.location: Set(locationNeeds)]
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
      // Users are listed by company, which only the location knows.
      if need.entity == "user" { reasons[.location, default: []].formUnion(reasons[.users] ?? []) }
      guard need.entity == "contact" else { continue }
      for field in need.fields {
        let call: FetchCall = catalog.origin(of: field, in: "contact") == .requestPerRecord ? .detail : .list
        reasons[call, default: []].insert("contact.\(field)")
        if field == "custom" { reasons[.customFields, default: []].insert("contact.custom") }
      }
    }
    let listOnly = needs.filter { $0.entity == "contact" }.flatMap(\.fields).filter {
      GHLCatalog.listOnlyContactFields.contains($0)
    }
    lostFields = reasons[.detail] == nil ? [] : Set(listOnly)
    lostFieldsWarning =
      lostFields.isEmpty
      ? nil
      : "only the list of contacts has \(lostFields.sorted().joined(separator: ", ")), and "
        + "\((reasons[.detail] ?? []).sorted().joined(separator: ", ")) need each contact by its ID, "
        + "which omits them: they will be null"
    outsideWarning =
      withoutBusiness == .include && businesses != .all
      ? "contacts that belong to no business are left out, since only some businesses are read" : nil
    self.reasons = reasons.mapValues { $0.sorted() }
  }

  /// True if the extraction makes this call.
  package func makes(_ call: FetchCall) -> Bool {
    switch call {
    case .location: true
    case .businesses: reasons[.businesses] != nil || reasons[.tasks] != nil || makes(.list)
    // Tasks come by business; those of contacts outside any are read one by one.
    case .list:
      listsContacts || !entities.isDisjoint(with: ["contact", "note", "appointment"])
        || entities.contains("task") && withoutBusiness == .include && businesses == .all
    // If only some businesses are read, the remaining contacts are not necessarily without a business.
    case .outside: withoutBusiness != .ignore && businesses == .all && makes(.list)
    case .customFields, .users, .detail, .notes, .appointments, .tasks: reasons[call] != nil
    }
  }

  /// The same, if tasks cannot be fetched by business.
  var listingContacts: FetchPlan {
    var plan = self
    plan.listsContacts = true
    return plan
  }

  /// Calls made once per contact.
  package var callsPerContact: Int { [FetchCall.detail, .notes, .appointments].count { makes($0) } }
}
