import Core

/// A task or a note, as it is written under its contact.
protocol WritableChild: Sendable {
  /// Its name in responses.
  static var member: String { get }
  static var kind: SyntheticIdentifier.Kind { get }

  var id: String { get }

  /// A new one, before it takes the members of a body.
  init(id: String, contactID: String, dateAdded: Int)

  /// Takes the members of a body that was checked; the others stay.
  mutating func take(_ body: JSONValue)

  func write(to out: inout JSONOutput)

  static func all(of index: Int, in data: SyntheticData) -> [Self]
  static func setAll(_ children: [Self], of index: Int, in data: inout SyntheticData)
}

/// The routes that write the tasks, or the notes, of a contact (`facts.md` 1.5 and 1.6).
struct ChildWrites<Child: WritableChild> {
  let location: LocationState

  func create(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let index = try location.writtenIndex(call, data)
    var child = Child(id: data.newChildID(Child.kind), contactID: data.contactID(at: index), dateAdded: data.edits.time)
    child.take(body)
    Child.setAll(Child.all(of: index, in: data) + [child], of: index, in: &data)
    return answer(child, status: 201)
  }

  func update(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    var (index, children, place) = try find(call, data)
    children[place].take(body)
    Child.setAll(children, of: index, in: &data)
    return answer(children[place], status: 200)
  }

  func delete(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    var (index, children, place) = try find(call, data)
    children.remove(at: place)
    Child.setAll(children, of: index, in: &data)
    return LocationState.success(call.generation)
  }

  /// The contact of a call, all its children, and the place of the one that the call is about.
  private func find(
    _ call: Call, _ data: SyntheticData
  ) throws(Refusal) -> (index: Int, children: [Child], place: Int) {
    let index = try location.writtenIndex(call, data)
    let children = Child.all(of: index, in: data)
    guard let place = children.firstIndex(where: { $0.id == call.values[1] }) else { throw location.goneChild(call) }
    return (index, children, place)
  }

  private func answer(_ child: Child, status: Int) -> SandboxAnswer {
    SandboxAnswer(status: status) { out in
      out.name(Child.member)
      child.write(to: &out)
    }
  }
}

extension LocationState {
  var taskWrites: ChildWrites<SyntheticTask> { ChildWrites(location: self) }
  var noteWrites: ChildWrites<SyntheticNote> { ChildWrites(location: self) }
}
