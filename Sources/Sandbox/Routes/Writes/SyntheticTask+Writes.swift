import Core

extension SyntheticTask: WritableChild {
  static let member = "task"
  static let kind = SyntheticIdentifier.Kind.task

  /// A task has no date of its creation.
  init(id: String, contactID: String, dateAdded: Int) {
    self.init(id: id, contactID: contactID, title: "", due: 0, completed: false)
  }

  mutating func take(_ body: JSONValue) {
    if let text = body["title"]?.stringValue { title = text }
    if let text = body["body"]?.stringValue { self.body = text }
    if let id = body["assignedTo"]?.stringValue { assignedTo = id }
    if let value = body["completed"]?.boolValue { completed = value }
    if let time = body["dueDate"]?.stringValue.flatMap({ Instant.milliseconds(iso: $0, takesMilliseconds: true) }) { due = time }
  }

  func write(to out: inout JSONOutput) { ActivityWriter.task(self, to: &out) }

  static func all(of index: Int, in data: SyntheticData) -> [Self] { data.tasks(of: index) }
  static func setAll(_ tasks: [Self], of index: Int, in data: inout SyntheticData) { data.setTasks(tasks, of: index) }
}
