import Core

/// Notes of a contact, as they are written (`facts.md` 1.6).
extension LocationState {
  func createNote(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let index = try writtenIndex(call, data)
    var note = SyntheticNote(
      id: data.newChildID(.note), contactID: data.contactID(at: index), body: "", dateAdded: data.edits.time, pinned: false)
    note.take(body)
    data.setNotes(data.notes(of: index) + [note], of: index)
    return answer(note, status: 201)
  }

  func updateNote(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let index = try writtenIndex(call, data)
    var notes = data.notes(of: index)
    guard let place = notes.firstIndex(where: { $0.id == call.values[1] }) else { throw goneChild(call) }
    notes[place].take(body)
    data.setNotes(notes, of: index)
    return answer(notes[place])
  }

  func deleteNote(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let index = try writtenIndex(call, data)
    var notes = data.notes(of: index)
    guard let place = notes.firstIndex(where: { $0.id == call.values[1] }) else { throw goneChild(call) }
    notes.remove(at: place)
    data.setNotes(notes, of: index)
    return Self.success(call.generation)
  }

  private func answer(_ note: SyntheticNote, status: Int = 200) -> SandboxAnswer {
    SandboxAnswer(status: status) { out in
      out.name("note")
      ActivityWriter.note(note, to: &out)
    }
  }
}

extension SyntheticNote {
  /// Takes the members of a body that was checked; the others stay. A note has no date of its last change.
  fileprivate mutating func take(_ body: JSONValue) {
    if let text = body["body"]?.stringValue { self.body = text }
    if let id = body["userId"]?.stringValue { userID = id }
    if let text = body["title"]?.stringValue { title = text }
    if let text = body["color"]?.stringValue { color = text }
    if let value = body["pinned"]?.boolValue { pinned = value }
  }
}
