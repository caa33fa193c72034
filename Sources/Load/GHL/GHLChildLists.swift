import Core

/// The tasks or notes of the contacts that were looked at last, so that the children of a contact, which come one after the other, cost
/// one request. Safe to use from many tasks.
///
/// What was written since a list was read is missing in it. That does no harm: a child that this load has created has an owner, and
/// each child is looked up in a list only once; whoever asks again asks GHL.
final class GHLChildLists: Sendable {
  private struct List {
    var children: [JSONValue]
    /// Those that were looked up in it.
    var asked: Set<Name>
  }

  private struct State {
    var lists: [Name: List] = [:]
    /// The contacts in the order in which their lists were read.
    var order: [Name] = []
    /// The similar children that a contact had before a child was created.
    var before: [Name: Set<Name>] = [:]
  }

  private let state = Locked(State())
  private static let listsAtMost = 64

  /// Nil: GHL must be asked.
  func children(of contact: Name, for key: Name) -> [JSONValue]? {
    state.withLock { state in
      guard state.lists[contact]?.asked.insert(key).inserted == true else { return nil }
      return state.lists[contact]?.children
    }
  }

  func keep(_ children: [JSONValue], of contact: Name, for key: Name) {
    state.withLock { state in
      if state.lists[contact] == nil {
        state.order.append(contact)
        if state.order.count > Self.listsAtMost { state.lists[state.order.removeFirst()] = nil }
      }
      state.lists[contact] = List(children: children, asked: [key])
    }
  }

  // MARK: Before a create

  /// Remembers the similar children of a contact that did not have a child.
  func noteAbsent(_ key: Name, among children: [JSONValue]) {
    let ids = Set(children.compactMap { $0["id"]?.stringValue.map { Name($0) } })
    state.withLock { $0.before[key] = ids }
  }

  /// The IDs of the similar children that the contact had before the child was created; nil: that is not known.
  func before(_ key: Name) -> Set<Name>? { state.withLock { $0.before[key] } }

  func forget(_ key: Name) { state.withLock { $0.before[key] = nil } }
}
