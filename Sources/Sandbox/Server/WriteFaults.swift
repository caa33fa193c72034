import Core

/// Faults of writes: the response does not say what happened, or somebody else deletes the record first.
extension FaultPlan.Fault {
  /// Whether it is drawn for a request.
  ///
  /// - Parameter route: nil if the request has none.
  func applies(to route: Route?) -> Bool {
    switch self {
    // Drawn for each contact.
    case .refuseContacts: false
    case .createdAnyway: route?.createsRecord == true
    case .discarded: route?.membersThatAreKept != nil
    case .timeoutAfter, .errorAfter: route?.isWrite == true
    case .gone: route?.isWrite == true && route?.rawValue.contains("{contactId}") == true
    case .bulkError: route?.rawValue.contains("/bulk/") == true
    default: true
    }
  }
}

extension Route {
  fileprivate var isWrite: Bool { scope.hasSuffix(".write") }

  /// Whether a call creates a contact, a task or a note.
  fileprivate var createsRecord: Bool {
    switch self {
    case .createContact, .upsertContact, .createTask, .createNote: true
    default: false
    }
  }

  /// The members of the body that `discard` leaves alone: required ones, and those by which GHL finds a contact. nil if the
  /// fault leaves the whole body alone.
  var membersThatAreKept: Set<String>? {
    switch self {
    case .createContact, .updateContact, .upsertContact: ["locationId", "email", "phone", "createNewIfDuplicateAllowed"]
    case .createTask: ["title", "dueDate", "completed"]
    case .createNote: ["body"]
    case .updateTask, .updateNote: []
    default: nil
    }
  }
}

extension RequestFaults {
  /// A separate draw for each purpose.
  private func draw(_ part: Int) -> Draw {
    var draw = draw
    return Draw(seed: draw.next(), stream: .fault, index: part)
  }

  /// What the client receives of a write that was carried out.
  func misreport(_ answer: inout SandboxAnswer) {
    guard (200..<300).contains(answer.status) else { return }
    if has(.createdAnyway) {
      answer = SandboxAnswer(status: 422) {
        $0.number("statusCode", 422)
        $0.array("message", of: ["the record could not be processed"])
        $0.text("error", "Unprocessable Entity")
      }
    } else if has(.errorAfter) {
      var draw = draw(1)
      answer = Self.serverError(&draw)
    }
    if has(.timeoutAfter) { answer.ending = .nothing }
  }

  /// The body without the member that is not stored: of several custom fields, one of them. nil if there is no such member.
  func discarding(_ body: JSONValue, keeping kept: Set<String>) -> JSONValue? {
    guard has(.discarded), case .object(var members) = body else { return nil }
    let places = members.indices.filter { !kept.contains(members[$0].name) }
    guard !places.isEmpty else { return nil }
    var draw = draw(2)
    let place = draw.pick(places)
    if members[place].name == "customFields", var fields = members[place].value.arrayValue, fields.count > 1 {
      fields.remove(at: draw.below(fields.count))
      members[place].value = .array(fields)
    } else {
      members.remove(at: place)
    }
    return .object(members)
  }

  /// Whether the response shows the discarded member as it was sent.
  var echoesDiscarded: Bool {
    var draw = draw(3)
    return draw.below(2) == 0
  }

  /// Whether a contact of a bulk request gets an error: half of them do, and at least the first one.
  ///
  /// - Parameter place: its place in the request.
  func failsItem(at place: Int) -> Bool {
    guard has(.bulkError) else { return false }
    var draw = draw(10 + place)
    return place == 0 || draw.below(2) == 0
  }
}

extension SyntheticData {
  /// Somebody deletes the record that the path of a write names last. Does nothing if it is not there.
  mutating func deleteRecord(namedBy call: Call) {
    guard let index = call.values.first.flatMap(contactIndex) else { return }
    switch call.route {
    case .updateTask, .completeTask, .deleteTask: setTasks(tasks(of: index).filter { $0.id != call.values[1] }, of: index)
    case .updateNote, .deleteNote: setNotes(notes(of: index).filter { $0.id != call.values[1] }, of: index)
    default: deleteContact(index)
    }
  }
}
