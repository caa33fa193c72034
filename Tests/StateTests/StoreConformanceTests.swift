import Core
import State
import TestSupport
import Testing

/// The contracts of the stores, checked on each implementation.
@Suite struct StoreConformanceTests {
  @Test(arguments: RunStoreConformance.cases)
  func `SQLite honors the contract of RunStore`(_ statement: RunStoreConformance.Case) throws {
    let folder = TemporaryFolder()
    try statement.check { try SQLiteRunStore(folder: folder.path) }
  }

  @Test(arguments: RunStoreConformance.cases)
  func `memory honors the contract of RunStore`(_ statement: RunStoreConformance.Case) throws {
    let store = MemoryRunStore()
    try statement.check { store }
  }

  @Test(arguments: JournalConformance.cases)
  func `SQLite honors the contract of Journal`(_ statement: JournalConformance.Case) throws {
    let (folder, clock) = (TemporaryFolder(), WallClock())
    try statement.check(
      JournalConformance.Subject(
        clock: clock, leases: { try SQLiteStateStore(folder: folder.path, now: { clock.now }) },
        open: { try SQLiteJournal(folder: folder.path, now: { clock.now }) }))
  }

  @Test(arguments: JournalConformance.cases)
  func `memory honors the contract of Journal`(_ statement: JournalConformance.Case) throws {
    let clock = WallClock()
    let leases = MemoryStateStore(now: { clock.now })
    let journal = MemoryJournal(leases: leases)
    try statement.check(JournalConformance.Subject(clock: clock, leases: { leases }, open: { journal }))
  }

  @Test(arguments: StateStoreConformance.cases)
  func `SQLite honors the contract of StateStore`(_ statement: StateStoreConformance.Case) throws {
    let folder = TemporaryFolder()
    try statement.check(StateStoreConformance.Subject { try SQLiteStateStore(folder: folder.path, now: $0) })
  }

  @Test(arguments: StateStoreConformance.cases)
  func `memory honors the contract of StateStore`(_ statement: StateStoreConformance.Case) throws {
    let store = Shared<MemoryStateStore?>(nil)
    try statement.check(
      StateStoreConformance.Subject { now in
        store.change { $0 = $0 ?? MemoryStateStore(now: now) }
        return try #require(store.value)
      })
  }
}
