import Core

/// Parents of records that undo leaves. They stay, too: many destinations remove a parent together with its children. Safe to use from
/// many tasks.
package final class NeededParents: Sendable {
  private struct State {
    /// By mapping.
    var keys: [Name: Set<Name>] = [:]
    /// Keys of parents whose mappings are not known.
    var others: Set<Name> = []
  }

  private let state = Locked(State())

  package init() {}

  func contains(_ key: Name, of mapping: String) -> Bool {
    state.withLock { $0.others.contains(key) || $0.keys[Name(mapping)]?.contains(key) ?? false }
  }

  /// - Parameter values: the record's fields that requests name.
  func add(_ references: [ParentReference], _ values: [Name: Name]) {
    state.withLock { state in
      for reference in references {
        if let key = values[reference.field] { state.keys[reference.mapping, default: []].insert(key) }
      }
    }
  }

  /// Adds the parents of all records of a log whose mapping cannot be looked up any more: its records may still be there.
  ///
  /// - Throws: `OperationFailure`; if the log cannot be read.
  package func add(allOf path: String) async throws {
    try await BlockingWork.perform { [self] in
      let log = try UndoLog(path: path)
      for key in log.keys {
        guard let entry = try log.entry(of: key) else { continue }
        state.withLock { $0.others.formUnion(entry.before.values.values) }
      }
    }
  }
}
