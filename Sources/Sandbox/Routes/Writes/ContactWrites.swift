import Core

/// Contacts: create, update, delete.
extension LocationState {
  func createContact(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let sent = ContactBody(body, call.generation, data)
    let index = data.createContact { sent.apply(to: &$0) }
    let contact = data.contact(at: index)
    return SandboxAnswer(status: 201) { out in
      out.name("contact")
      if call.generation == .v3 { ContactWriter.full(contact, .v3, to: &out) } else { ContactWriter.created(contact, to: &out) }
    }
  }

  func updateContact(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let index = try writtenIndex(call, data)
    let sent = ContactBody(body, call.generation, data)
    data.updateContact(index) { sent.apply(to: &$0) }
    let contact = data.contact(at: index)
    return SandboxAnswer { out in
      // The one answer of v3 that has lost the old spelling (`facts.md` 1.9).
      out.bool(call.generation == .v3 ? "succeeded" : "succeded", true)
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
    guard let index = data.contactIndex(call.values[0]) else { throw missing("Contact with id \(call.values[0]) not found") }
    return index
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
