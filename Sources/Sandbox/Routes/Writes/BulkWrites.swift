import Core

/// Writes to many contacts at once.
extension LocationState {
  /// `POST /contacts/bulk/business`: links contacts to a business; `null` unlinks them. The answer has only the identifiers of
  /// the contacts that were changed, and nothing about the others.
  func bulkBusiness(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let business = body["businessId"]?.stringValue
    if let business, data.businessIndex(business) == nil { throw gone("Business with id \(business) not found") }
    var changed: [String] = []
    for (place, id) in texts(body, "ids").withoutRepetitions.enumerated() {
      guard let index = data.contactIndex(id), !call.faults.failsItem(at: place) else { continue }
      data.updateContact(index) { $0.businessID = business }
      changed.append(id)
    }
    return SandboxAnswer {
      $0.bool("success", true)
      $0.array("ids", of: changed)
    }
  }

  /// `POST /contacts/bulk/tags/update/{type}`: adds or removes tags. A 201 has a result for each contact, errors among them
  /// (`facts.md` 1.4).
  func bulkTags(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let isAdding = call.values[0] == "add"
    guard isAdding || call.values[0] == "remove" else {
      throw .unprocessable(["type must be one of the following values: add, remove"])
    }
    let removesAll = body["removeAllTags"] == .bool(true)
    if removesAll, isAdding { throw .unprocessable(["removeAllTags can only be used with remove type"]) }
    let tags = texts(body, "tags").withoutRepetitions
    var results = JSONOutput()
    var errors = 0
    results.array("responses") { out in
      for (place, id) in texts(body, "contacts").enumerated() {
        out.object { out in
          out.text("contactId", id)
          let isFailing = call.faults.failsItem(at: place)
          guard let index = data.contactIndex(id), !isFailing else {
            errors += 1
            out.text("message", isFailing ? "something went wrong" : Self.trouble(id, data))
            out.text("type", "error")
            return
          }
          let old = data.contact(at: index).tags
          let added = isAdding ? tags.filter { !old.contains($0) } : []
          let removed = isAdding ? [] : removesAll ? old : old.filter(tags.contains)
          if !added.isEmpty || !removed.isEmpty {
            data.updateContact(index) { $0.tags = old.filter { !removed.contains($0) } + added }
          }
          out.text("message", "Tags updated")
          out.text("type", "success")
          out.array("oldTags", of: old)
          out.array("tagsAdded", of: added)
          out.array("tagsRemoved", of: removed)
        }
      }
    }
    return SandboxAnswer(status: 201) { out in
      Self.success(call.generation, to: &out)
      out.number("errorCount", errors)
      out.bytes += [UInt8(ascii: ",")] + results.bytes
    }
  }

  /// Why a contact in a bulk request cannot be written.
  private static func trouble(_ id: String, _ data: SyntheticData) -> String {
    if data.everyContactIndex(id) != nil { return "contact is deleted" }
    let isIdentifier = id.utf8.count == 20 && id.utf8.allSatisfy { $0.isLetterOrDigit }
    return isIdentifier ? "contact does not belong to location" : "contact id is not a valid firebase id"
  }

  func texts(_ body: JSONValue, _ member: String) -> [String] { body[member]?.arrayValue?.compactMap(\.stringValue) ?? [] }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
    default: false
    }
  }
}
