package import Control
package import Core
import Files
import FoundationEssentials
import Records

/// The folder of a run, `.waybill/runs/ID`: what it contains, and in which format.
package struct RunFolder: Sendable {
  /// The format that this version writes. Folders of version 1 have no `run.json`; those of version 2 have lines of JSON
  /// (`MAPPING.outcomes.ndjson`) in place of the item log; those before version 4 have no facts, those before version 5 shorter
  /// fate logs, those before version 6 no predictions, and those before version 7 no gates that are judged after the load.
  package static let version = 7
  /// The staged target records, until they are no longer needed. No destination may have this name.
  package static let stagingName = "staging"

  package let path: String

  package init(path: String) {
    self.path = path
  }

  package var staging: String { "\(path)/\(Self.stagingName)" }
  /// A copy of the input of `waybill load`, in the form of a snapshot. It is removed when the run ends.
  package var input: String { "\(staging)/input" }
  package var markPath: String { "\(path)/run.json" }
  package var facts: String { "\(path)/facts.ndjson" }
  /// The facts of a run whose staged records have been removed: it cannot be resumed any more.
  package var pastFacts: String { "\(path)/facts.past.ndjson" }
  package var ledger: String { "\(path)/ledger.ndjson" }
  package var log: String { "\(path)/waybill.log" }
  package var summary: String { "\(path)/summary.json" }
  package var outcomes: String { "\(path)/outcomes.ndjson" }
  /// What a dry run predicts, for people and for programs.
  package var changeList: String { "\(path)/changes.ndjson" }
  package var changeTable: String { "\(path)/changes.csv" }
  /// The open items of the run that a replay replays. It stays, as the outcomes do.
  package var replay: String { "\(path)/replay.ndjson" }
  /// The source records of a replay as people have corrected them (`RecordCorrections`). A mapping's name has no dot in it.
  package func corrections(of mapping: String) -> String { "\(staging)/\(SortableName.safe(mapping)).corrections.ndjson" }

  /// Its outcomes at the destination. Not beside the item log: the names of both may be long.
  package func fates(of part: RunPart) -> String {
    "\(folder(of: part.destination.text))/\(SortableName.safe(part.mapping.text)).\(Self.fatesExtension)"
  }

  /// What a dry run predicts for its records at the destination.
  package func changes(of part: RunPart) -> String {
    "\(folder(of: part.destination.text))/\(SortableName.safe(part.mapping.text)).\(Self.changesExtension)"
  }

  package static let fatesExtension = "fates"
  package static let changesExtension = "changes"

  /// What did not arrive at the destination, with the columns of the input.
  package func rejects(of part: RunPart) -> String {
    "\(folder(of: part.destination.text))/\(SortableName.safe(part.mapping.text)).rejects.csv"
  }

  /// What was there before the run wrote it, for `waybill undo`. The name has three parts, so it stays when staged files are removed.
  package func undoLog(of part: RunPart) -> String {
    "\(folder(of: part.destination.text))/\(SortableName.safe(part.mapping.text))\(Self.undoSuffix)"
  }

  package static let undoSuffix = ".undo.ndjson"

  /// All undo logs of the run, with the names of their destinations.
  package var undoLogs: [(destination: String, path: String)] {
    FolderListing.names(in: path).filter { $0 != Self.stagingName }.flatMap { destination in
      let folder = folder(of: destination)
      guard FolderListing.isFolder(folder) else { return [(destination: String, path: String)]() }
      return FolderListing.names(in: folder).filter { $0.hasSuffix(Self.undoSuffix) && !$0.hasPrefix(".") }
        .map { (destination, "\(folder)/\($0)") }
    }
  }

  /// What each `waybill undo` of the run did with each record.
  package var undone: String { "\(path)/undo.ndjson" }

  /// What `run.json` has.
  package struct Mark {
    package var version: Int
    package var run: String
    package var pipeline: String
    package var started: String
    package var request: RunRequest
  }

  /// Writes the folder's format and creates the subfolder for staged records; both are private.
  ///
  /// - Throws: `OperationFailure`.
  package func begin(run: String, pipeline: String, started: String, _ request: RunRequest) throws {
    try PrivateFolder.make(staging, isInside: true)
    let mark = JSONValue.object([
      .init("version", .number(Self.version)), .init("run", .string(run)), .init("pipeline", .string(pipeline)),
      .init("started", .string(started)), .init("request", try request.json),
    ])
    let file = try OutputFile(path: markPath, mode: 0o600)
    try file.write(mark.prettyText)
    try file.commit()
  }

  /// Nil if the folder has no facts: the run is of an earlier version, or what it staged has been removed.
  ///
  /// - Throws: `OperationFailure` if a newer version made the folder, or it is damaged.
  package func mark() throws(OperationFailure) -> Mark? {
    guard FilePath.exists(facts), let bytes = FileManager.default.contents(atPath: markPath) else { return nil }
    guard let json = try? JSONReader.read(Array(bytes)), let version = json["version"]?.intValue else {
      throw OperationFailure(.damaged, "\(markPath) is damaged: start over")
    }
    guard version <= Self.version else {
      throw OperationFailure(.newerFormat, "\(markPath): a newer version of Waybill created this run: use that version")
    }
    guard let run = json["run"]?.stringValue, let pipeline = json["pipeline"]?.stringValue,
      let started = json["started"]?.stringValue, let request = try? json["request"].map({ try RunRequest($0) })
    else { throw OperationFailure(.damaged, "\(markPath) is damaged: start over") }
    return Mark(version: version, run: run, pipeline: pipeline, started: started, request: request)
  }

  /// What the run was asked to do, even if what it staged has been removed; nil if an earlier version made it, or `run.json` is damaged.
  package var request: RunRequest? {
    guard let bytes = FileManager.default.contents(atPath: markPath) else { return nil }
    return (try? JSONReader.read(Array(bytes)))?["request"].flatMap { try? RunRequest($0) }
  }

  /// What its facts say, even if what it staged has been removed; nil if it has none.
  ///
  /// - Throws: as `FactLog.read`.
  package func knownState() throws(OperationFailure) -> RunState? {
    for path in [facts, pastFacts] where FilePath.exists(path) { return RunState(try FactLog.read(path)) }
    return nil
  }

  /// It was a dry run, and has not been applied.
  package var isDryRun: Bool {
    guard request?.isDryRun == true else { return false }
    return !((try? knownState())?.isApplied ?? false)
  }

  package func folder(of destination: String) -> String { "\(path)/\(destination)" }

  /// Creates the folder of a destination; private, regardless of the process's umask.
  ///
  /// - Throws: `OperationFailure`.
  package func makeFolder(of destination: String) throws -> String {
    let folder = folder(of: destination)
    try PrivateFolder.make(folder, isInside: true)
    return folder
  }
}
