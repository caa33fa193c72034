import Control
import Core
import Extract
import Files
import Report
import State

/// Everything about one run that its page is made of: its record in the state, and the files of its folder, as far as they exist. Nothing
/// of it comes from the network. A file that is missing or damaged is nil.
struct RunMaterial {
  let record: RunRecord
  let folder: RunFolder
  let summary: SummaryView?
  let request: RunRequest?
  let state: RunState?
  let snapshot: Snapshot?
  let totals: JSONValue?
  let reconciliation: JSONValue?
  let businesses: JSONValue?
  /// By mapping.
  let fields: [Name: MappedFields]
  let profiles: [Name: ProfileView]
  let changes: [Name: JSONValue]
  let ledger: LedgerFigures
  let childEnds: Ends
  let figures: RunFigures
  /// The last comparable run: its figures, and what is left of its folder.
  let previous: PreviousRun?
  /// Earlier whole runs of the same pipeline and location; the oldest first.
  let history: [RunFigures]

  var id: String { record.id }

  /// The last whole run of the same pipeline and location.
  struct PreviousRun {
    let figures: RunFigures
    let businesses: JSONValue?
    let profiles: [Name: ProfileView]
    let changes: [Name: JSONValue]
  }

  /// - Throws: `OperationFailure` if the state cannot be read. Files are optional.
  init(_ record: RunRecord, in state: StateFolder, _ runs: any RunStore, _ history: RunHistory) throws {
    self.record = record
    let folder = RunFolder(path: state.run(record.id))
    self.folder = folder
    let text = record.summary.flatMap { try? JSONReader.read(Array($0.utf8)) }
    summary = (text ?? PageFiles.json(folder.summary)).map(SummaryView.init)
    request = folder.request
    self.state = (try? folder.knownState()) ?? nil
    snapshot = Self.snapshot(of: record, in: state)
    totals = PageFiles.json(folder.totals)
    reconciliation = PageFiles.json(folder.reconciliation)
    businesses = PageFiles.json(folder.businesses)
    let names = summary?.mappings.map { $0.name } ?? []
    fields = Self.read(names) { PageFiles.json(folder.fields(of: $0)).flatMap(MappedFields.init) }
    profiles = Self.profiles(names, in: folder)
    changes = Self.changes(names, in: folder)
    ledger = try LedgerFigures(run: record.id, in: runs)
    childEnds = Self.childEnds(in: folder.outcomes, ledger)
    let figures = history.run(record.id) ?? RunFigures(record)
    self.figures = figures
    let last = history.previous(to: figures)
    previous = last.map { last in
      let folder = RunFolder(path: state.run(last.run))
      return PreviousRun(
        figures: last, businesses: PageFiles.json(folder.businesses), profiles: Self.profiles(names, in: folder),
        changes: Self.changes(names, in: folder))
    }
    self.history = Self.earlier(than: figures, in: history)
  }

  private static func read<Value>(_ names: [String], _ body: (String) -> Value?) -> [Name: Value] {
    names.reduce(into: [:]) { found, name in found[Name(name)] = body(name) }
  }

  private static func profiles(_ names: [String], in folder: RunFolder) -> [Name: ProfileView] {
    read(names) { PageFiles.json(folder.storedProfile(of: $0)).map(ProfileView.init) }
  }

  private static func changes(_ names: [String], in folder: RunFolder) -> [Name: JSONValue] {
    read(names) { PageFiles.json(folder.changesMade(of: $0)) }
  }

  private static func snapshot(of record: RunRecord, in state: StateFolder) -> Snapshot? {
    guard let id = record.snapshot else { return nil }
    let parts = SnapshotReader(root: state.snapshots).parts(of: id)
    return parts.first { $0.location.isExactly(record.location ?? "") } ?? (parts.count == 1 ? parts.first : nil)
  }

  private static let mostEarlierRuns = 13

  private static func earlier(than run: RunFigures, in history: RunHistory) -> [RunFigures] {
    var found: [RunFigures] = []
    var last = run
    while found.count < mostEarlierRuns, let next = history.previous(to: last) {
      found.append(next)
      last = next
    }
    return found.reversed()
  }
}
