import Core

/// A journal and a state store that belong together.
package struct MemoryStores: Sendable {
  package let states: MemoryStateStore
  package let journal: MemoryJournal

  package init() {
    states = MemoryStateStore(now: { WallTime.now() })
    journal = MemoryJournal(leases: states)
  }
}
