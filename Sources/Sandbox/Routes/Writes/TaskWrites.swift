import Core

/// Tasks of a contact, as they are written (`facts.md` 1.5).
extension LocationState {
  func createTask(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let index = try writtenIndex(call, data)
    var task = SyntheticTask(
      id: data.newChildID(.task), contactID: data.contactID(at: index), title: "", due: 0, completed: false)
    task.take(body)
    data.setTasks(data.tasks(of: index) + [task], of: index)
    return answer(task, status: 201)
  }

  func updateTask(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let index = try writtenIndex(call, data)
    var tasks = data.tasks(of: index)
    guard let place = tasks.firstIndex(where: { $0.id == call.values[1] }) else { throw goneChild(call) }
    tasks[place].take(body)
    data.setTasks(tasks, of: index)
    return answer(tasks[place])
  }

  func deleteTask(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let index = try writtenIndex(call, data)
    var tasks = data.tasks(of: index)
    guard let place = tasks.firstIndex(where: { $0.id == call.values[1] }) else { throw goneChild(call) }
    tasks.remove(at: place)
    data.setTasks(tasks, of: index)
    return Self.success(call.generation)
  }

  private func answer(_ task: SyntheticTask, status: Int = 200) -> SandboxAnswer {
    SandboxAnswer(status: status) { out in
      out.name("task")
      ActivityWriter.task(task, to: &out)
    }
  }
}

extension SyntheticTask {
  /// Takes the members of a body that was checked; the others stay.
  fileprivate mutating func take(_ body: JSONValue) {
    if let text = body["title"]?.stringValue { title = text }
    if let text = body["body"]?.stringValue { self.body = text }
    if let id = body["assignedTo"]?.stringValue { assignedTo = id }
    if let value = body["completed"]?.boolValue { completed = value }
    if let time = body["dueDate"]?.stringValue.flatMap({ Instant.milliseconds(iso: $0, takesMilliseconds: true) }) { due = time }
  }
}
