package import GHL

/// The fields of target records that GHL's routes accept.
package enum GHLFields {
  /// The field of a mapping `to: business`: an ID or a name.
  package static let business = "business"
  package static let customFields = "customFields"
  package static let dndSettings = "dndSettings"
  /// Fields that name a user, by ID or by e-mail address.
  package static let users = ["assignedTo", "userId"]
  /// Members of bodies that belong to the route itself: no field may set them.
  private static let ours = ["locationId", "createNewIfDuplicateAllowed"]

  /// The names of fields that a mapping can write, in the order of the documents: those that a route for new records takes, or one
  /// for existing ones.
  package static func names(of target: GHLPartDocument.Target, _ generation: GHLVersions.Generation = .dated) -> [String] {
    switch target {
    case .tags: ["tags"]
    case .business: [business]
    case .contacts, .tasks, .notes:
      (shape(ofNew: target, generation)?.members ?? []).map(\.name).filter { !ours.contains($0) }
    }
  }

  /// Fields that only new records get: an update leaves them out.
  package static func onlyNew(_ target: GHLPartDocument.Target) -> [String] {
    guard let changed = shape(ofChanged: target, .dated) else { return [] }
    return names(of: target).filter { changed.member(named: $0) == nil }
  }

  /// Fields that a new record requires.
  package static func required(_ target: GHLPartDocument.Target) -> [String] {
    switch target {
    case .tags: ["tags"]
    case .business: [business]
    case .contacts: []
    case .tasks, .notes: (shape(ofNew: target, .dated)?.members ?? []).filter(\.isRequired).map(\.name)
    }
  }

  private static func shape(ofNew target: GHLPartDocument.Target, _ generation: GHLVersions.Generation) -> GHLBodyShape? {
    switch target {
    case .contacts: GHLRoute.createContact.body(in: generation)
    case .tasks: GHLRoute.createTask.body(in: generation)
    case .notes: GHLRoute.createNote.body(in: generation)
    case .tags, .business: nil
    }
  }

  private static func shape(ofChanged target: GHLPartDocument.Target, _ generation: GHLVersions.Generation) -> GHLBodyShape? {
    switch target {
    case .contacts: GHLRoute.updateContact.body(in: generation)
    case .tasks: GHLRoute.updateTask.body(in: generation)
    case .notes: GHLRoute.updateNote.body(in: generation)
    case .tags, .business: nil
    }
  }
}
