import Core

/// Tags of a contact, added and removed one by one (`facts.md` 1.4): others' tags stay. The removal has a body too.
extension LocationState {
  func addTags(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    try changeTags(call, body, &data, status: 201) { tags, sent in
      for tag in sent where !tags.contains(tag) { tags.append(tag) }
    }
  }

  func removeTags(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    try changeTags(call, body, &data, status: 200) { tags, sent in tags.removeAll { sent.contains($0) } }
  }

  /// The response has all the tags that the contact has after the call.
  private func changeTags(
    _ call: Call, _ body: JSONValue, _ data: inout SyntheticData, status: Int, _ change: (inout [String], [String]) -> Void
  ) throws(Refusal) -> SandboxAnswer {
    let index = try writtenIndex(call, data)
    let before = data.contact(at: index).tags
    var tags = before
    change(&tags, body["tags"]?.arrayValue?.compactMap(\.stringValue) ?? [])
    if tags != before { data.updateContact(index) { $0.tags = tags } }
    return SandboxAnswer(status: status) { $0.array("tags", of: tags) }
  }
}
