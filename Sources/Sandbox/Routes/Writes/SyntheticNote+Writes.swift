import Core

/// A note has no date of its last change.
extension SyntheticNote: WritableChild {
  static let member = "note"
  static let kind = SyntheticIdentifier.Kind.note

  init(id: String, contactID: String, dateAdded: Int) {
    self.init(id: id, contactID: contactID, body: "", dateAdded: dateAdded, pinned: false)
  }

  mutating func take(_ body: JSONValue) {
    if let text = body["body"]?.stringValue { self.body = text }
    if let id = body["userId"]?.stringValue { userID = id }
    if let text = body["title"]?.stringValue { title = text }
    if let text = body["color"]?.stringValue { color = text }
    if let value = body["pinned"]?.boolValue { pinned = value }
  }

  func write(to out: inout JSONOutput) { ActivityWriter.note(self, to: &out) }

  static func all(of index: Int, in data: SyntheticData) -> [Self] { data.notes(of: index) }
  static func setAll(_ notes: [Self], of index: Int, in data: inout SyntheticData) { data.setNotes(notes, of: index) }
}
