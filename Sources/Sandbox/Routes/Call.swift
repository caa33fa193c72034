import Core

/// A request that has passed all checks except those of its own route.
struct Call: Sendable {
  var route: Route
  /// The values of the path's variables, in order.
  var values: [String]
  var query: QueryItems
  var body: [UInt8]
  var generation: Generation
  var faults: RequestFaults

  /// The body as a JSON object.
  func object() throws(Refusal) -> JSONValue {
    guard !body.isEmpty else { return .object([]) }
    let value: JSONValue
    do { value = try JSONReader.read(body) } catch { throw .badRequest("Unexpected token in JSON: \(error)") }
    guard case .object = value else { throw .unprocessable(["the body must be an object"]) }
    return value
  }

  /// A whole number of the query; the default when it is left out.
  func number(_ name: String, default usual: Int, from least: Int) throws(Refusal) -> Int {
    guard let text = query[name], !text.isEmpty else { return usual }
    guard let value = Int(text), value >= least else {
      throw .unprocessable([name + " must be a number string, not less than " + String(least)])
    }
    return min(value, Self.most)
  }

  /// Clamps a number from the client, because it is used in additions and multiplications.
  static let most = 1_000_000_000
}

extension LocationState {
  func answer(_ call: Call) throws(Refusal) -> SandboxAnswer {
    switch call.route {
    case .contact: try contact(call)
    case .contactTasks: try contactTasks(call)
    case .contactTask: try contactTask(call)
    case .contactNotes: try contactNotes(call)
    case .contactNote: try contactNote(call)
    case .contactAppointments: try contactAppointments(call)
    case .contactList: try contactList(call)
    case .contactSearch: try contactSearch(call)
    case .duplicateSearch: try duplicateSearch(call)
    case .businessContacts: try businessContacts(call)
    case .businesses: try businesses(call)
    case .business: try business(call)
    case .location: location()
    case .customFields: try customFields(call)
    case .tags: tags()
    case .taskSearch: try taskSearch(call)
    case .users: try users(call)
    case .calendarEvents: try calendarEvents(call)
    case .calendarEvent: try calendarEvent(call)
    case .createContact: try write(call, createContact)
    case .updateContact: try write(call, updateContact)
    case .deleteContact: try write(call, deleteContact)
    case .upsertContact: try write(call, upsertContact)
    case .addFollowers: try write(call, addFollowers)
    case .removeFollowers: try write(call, removeFollowers)
    case .addToCampaign, .removeFromCampaign, .removeFromCampaigns, .removeFromCampaignsV3, .addToWorkflow, .removeFromWorkflow:
      try write(call, enroll)
    case .bulkBusiness: try write(call, bulkBusiness)
    case .bulkTags: try write(call, bulkTags)
    case .createBusiness: try write(call, createBusiness)
    case .updateBusiness: try write(call, updateBusiness)
    case .deleteBusiness: try write(call, deleteBusiness)
    case .createTask: try write(call, taskWrites.create)
    case .updateTask, .completeTask: try write(call, taskWrites.update)
    case .deleteTask: try write(call, taskWrites.delete)
    case .createNote: try write(call, noteWrites.create)
    case .updateNote: try write(call, noteWrites.update)
    case .deleteNote: try write(call, noteWrites.delete)
    case .addTags: try write(call, addTags)
    case .removeTags: try write(call, removeTags)
    }
  }

  /// `limit` may be 100 at most: more is refused, or taken for 100 with the switch.
  func pageSize(_ limit: Int, most: Int = 100, name: String = "limit") throws(Refusal) -> Int {
    guard limit > most else { return limit }
    guard options.faults.switches.contains(.clampLimit) else {
      throw .unprocessable([name + " must not be greater than " + String(most)])
    }
    return most
  }

  /// Offsets end at 10,000 records (`facts.md` 1.3; assumed for `skip` in 1.2).
  ///
  /// - Returns: True if the page is beyond the wall and must be empty.
  func isBehindWall(_ offset: Int, _ size: Int) throws(Refusal) -> Bool {
    guard offset + size > Self.wall, !options.faults.switches.contains(.noWall) else { return false }
    guard options.faults.switches.contains(.emptyWall) else {
      throw .badRequest("Result window is too large, from + size must be less than or equal to: [10000]")
    }
    return true
  }

  static var wall: Int { 10_000 }
}
