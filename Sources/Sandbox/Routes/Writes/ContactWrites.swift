import Core

/// Contacts: create, update, upsert, delete.
extension LocationState {
  func createContact(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let sent = try contactBody(call, body, data)
    if !allowsDuplicates { try refuseDuplicate(sent, of: nil, data) }
    let index = data.createContact { sent.apply(to: &$0) }
    let contact = data.contact(at: index)
    return SandboxAnswer(status: 201) { out in
      out.name("contact")
      if call.generation == .v3 { ContactWriter.full(contact, .v3, to: &out) } else { ContactWriter.created(contact, to: &out) }
    }
  }

  func updateContact(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let index = try writtenIndex(call, data)
    let sent = try contactBody(call, body, data)
    if !allowsDuplicates { try refuseDuplicate(sent, of: index, data) }
    data.updateContact(index) { sent.apply(to: &$0) }
    let contact = data.contact(at: index)
    return SandboxAnswer { out in
      // The one answer of v3 that has lost the old spelling (`facts.md` 1.9).
      out.bool(call.generation == .v3 ? "succeeded" : "succeded", true)
      out.name("contact")
      ContactWriter.full(contact, call.generation, to: &out)
    }
  }

  /// `POST /contacts/upsert`, with all that it does not say (`facts.md` 1.4 and 5.8 to 5.10): a contact is found by its e-mail
  /// first, then by its phone, and what the other one belongs to is ignored; an additional e-mail becomes the contact's own,
  /// which is lost; `gender` is dropped unless the contact is new; the tags are replaced.
  func upsertContact(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let sent = try contactBody(call, body, data)
    let (email, phone) = (sent.email, sent.phone(of: nil))
    guard email != nil || phone != nil else { throw .badRequest("email or phone is required") }
    let createsAnyway = allowsDuplicates && body["createNewIfDuplicateAllowed"] == .bool(true)
    let match = createsAnyway ? nil : data.match(email: email, phone: phone)
    let index: Int
    if let match {
      index = match.index
      // The contact's country decides which number is stored.
      let stored = sent.phone(of: data.contact(at: index))
      let phoneBelongsToAnother = stored.map { data.holders(ofPhone: $0).contains { $0 != index } } ?? false
      let dropped: Set = phoneBelongsToAnother ? ["gender", "phone"] : ["gender"]
      data.updateContact(index) {
        sent.apply(to: &$0, without: dropped)
        if let email { $0.additionalEmails.removeAll { $0.lowercased() == email.lowercased() } }
      }
    } else {
      index = data.createContact { sent.apply(to: &$0) }
    }
    let contact = data.contact(at: index)
    return SandboxAnswer { out in
      out.bool("new", match == nil)
      out.name("contact")
      ContactWriter.full(contact, call.generation, to: &out)
    }
  }

  func deleteContact(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    data.deleteContact(try writtenIndex(call, data))
    return Self.success(call.generation)
  }

  /// The contact in the path of a write.
  func writtenIndex(_ call: Call, _ data: SyntheticData) throws(Refusal) -> Int {
    guard let index = data.contactIndex(call.values[0]) else { throw gone("Contact with id \(call.values[0]) not found") }
    return index
  }

  /// The task or note in the path of a write is not there.
  func goneChild(_ call: Call) -> Refusal {
    gone("No record with id \(call.values[1]) under the contact \(call.values[0])")
  }

  /// A write to a record that is not there: 400, or 404 with the switch.
  func gone(_ message: String) -> Refusal {
    options.faults.switches.contains(.goneIs404) ? Refusal(404, message, error: "Not Found") : .badRequest(message)
  }

  /// The setting "Allow Duplicate Contact" of the location.
  var allowsDuplicates: Bool { !options.faults.switches.contains(.noDuplicates) }

  private func contactBody(_ call: Call, _ body: JSONValue, _ data: SyntheticData) throws(Refusal) -> ContactBody {
    let sent = ContactBody(body, call.generation, data)
    if options.faults.switches.contains(.strictValues), !sent.impossible.isEmpty { throw .unprocessable(sent.impossible) }
    return sent
  }

  private func refuseDuplicate(_ sent: ContactBody, of index: Int?, _ data: SyntheticData) throws(Refusal) {
    let contact = index.map(data.contact(at:))
    guard let match = data.match(email: sent.email, phone: sent.phone(of: contact), besides: index) else { return }
    throw .duplicate(data.contactID(at: match.index), by: match.field)
  }

  /// An answer that only says that all went well: in v3 in both spellings (`facts.md` 1.9).
  static func success(_ generation: Generation, status: Int = 200) -> SandboxAnswer {
    SandboxAnswer(status: status) { success(generation, to: &$0) }
  }

  static func success(_ generation: Generation, to out: inout JSONOutput) {
    if generation == .v3 { out.bool("succeeded", true) }
    out.bool("succeded", true)
  }
}
