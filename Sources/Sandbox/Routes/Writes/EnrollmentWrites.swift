import Core

/// Followers, campaigns and workflows of a contact.
extension LocationState {
  func addFollowers(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    try changeFollowers(call, &data, status: 201, says: "followersAdded") { followers in
      let added = texts(body, "followers").withoutRepetitions.filter { !followers.contains($0) }
      followers += added
      return added
    }
  }

  func removeFollowers(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    try changeFollowers(call, &data, status: 200, says: "followersRemoved") { followers in
      let sent = texts(body, "followers")
      let removed = followers.filter(sent.contains)
      followers.removeAll(where: sent.contains)
      return removed
    }
  }

  /// - Parameter change: returns the followers that it added or removed.
  private func changeFollowers(
    _ call: Call, _ data: inout SyntheticData, status: Int, says name: String, _ change: (inout [String]) -> [String]
  ) throws(Refusal) -> SandboxAnswer {
    let index = try writtenIndex(call, data)
    var followers = data.contact(at: index).followers
    let changed = change(&followers)
    if !changed.isEmpty { data.updateContact(index) { $0.followers = followers } }
    return SandboxAnswer(status: status) {
      $0.array("followers", of: followers)
      $0.array(name, of: changed)
    }
  }

  /// Campaigns and workflows: the sandbox has none, and no route tells which ones a contact is in. So only the contact must be
  /// there.
  func enroll(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    _ = try writtenIndex(call, data)
    return Self.success(call.generation, status: call.route == .addToCampaign ? 201 : 200)
  }
}
