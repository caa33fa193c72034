/// One contact, and what hangs under it.
extension LocationState {
  func index(_ call: Call, _ data: SyntheticData) throws(Refusal) -> Int {
    let id = call.values[0]
    if let index = data.contactIndex(id) { return index }
    throw missing("Contact with id \(id) not found")
  }

  /// A record that is not there: 400, or 404 with the switch.
  func missing(_ message: String) -> Refusal {
    options.faults.switches.contains(.notFound) ? Refusal(404, message) : .badRequest(message)
  }

  func contact(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let data = data
    let index = try index(call, data)
    if let rate = options.faults.rates[.refuseContacts] {
      // The same ones every time, however often they are requested.
      var draw = Draw(seed: options.seed, stream: .fault, index: index, part: 2000)
      if draw.below(1_000_000) < Int(rate * 1_000_000) { throw Refusal(500, "Internal server error") }
    }
    let contact = data.contact(at: index)
    return SandboxAnswer { out in
      out.name("contact")
      ContactWriter.full(contact, call.generation, to: &out)
    }
  }

  func contactTasks(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let data = data
    let tasks = data.tasks(of: try index(call, data))
    return SandboxAnswer { $0.array("tasks") { out in for task in tasks { ActivityWriter.task(task, to: &out) } } }
  }

  func contactTask(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let data = data
    let tasks = data.tasks(of: try index(call, data))
    guard let task = tasks.first(where: { $0.id == call.values[1] }) else { throw missingChild(call) }
    return SandboxAnswer { out in
      out.name("task")
      ActivityWriter.task(task, to: &out)
    }
  }

  func contactNotes(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let data = data
    let notes = data.notes(of: try index(call, data))
    return SandboxAnswer { $0.array("notes") { out in for note in notes { ActivityWriter.note(note, to: &out) } } }
  }

  func contactNote(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let data = data
    let notes = data.notes(of: try index(call, data))
    guard let note = notes.first(where: { $0.id == call.values[1] }) else { throw missingChild(call) }
    return SandboxAnswer { out in
      out.name("note")
      ActivityWriter.note(note, to: &out)
    }
  }

  func contactAppointments(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let data = data
    let appointments = data.appointments(of: try index(call, data))
    return SandboxAnswer {
      $0.array("events") { out in
        for appointment in appointments { ActivityWriter.appointment(appointment, locationID: data.locationID, to: &out) }
      }
    }
  }

  func missingChild(_ call: Call) -> Refusal {
    missing("No record with id \(call.values[1]) under the contact \(call.values[0])")
  }

  /// `GET /contacts/search/duplicate`: the first contact with the e-mail, else with the phone; `null` when there is none. An
  /// additional e-mail counts, but after the own ones of other contacts.
  func duplicateSearch(_ call: Call) throws(Refusal) -> SandboxAnswer {
    let email = call.query["email"].flatMap { $0.isEmpty ? nil : $0.lowercased() }
    let phone = call.query["number"].flatMap { $0.isEmpty ? nil : $0 }
    guard email != nil || phone != nil else { throw .badRequest("Pass at least one of number, email query parameter") }
    let data = data
    let isPrimaryOnly = options.faults.switches.contains(.primaryOnly)
    let byEmail = email.flatMap { email in data.holders(ofEmail: email).first { !isPrimaryOnly || !$0.isAdditional }?.index }
    let found = byEmail ?? phone.flatMap { data.holders(ofPhone: $0).first }
    let contact = found.map(data.contact(at:))
    return SandboxAnswer { out in
      if let contact {
        out.name("contact")
        ContactWriter.full(contact, call.generation, to: &out)
      } else {
        out.token("contact", "null")
      }
    }
  }
}
