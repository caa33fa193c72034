import Control
import Core
import Files
import FoundationEssentials
import Records
import Report

/// The folder of a run, `.waybill/runs/ID`: what it contains, and in which format.
struct RunFolder: Sendable {
  /// The format that this version writes. Folders of version 1 have no `run.json`; those of version 2 have lines of JSON
  /// (`MAPPING.outcomes.ndjson`) in place of the item log; those before version 4 have no facts.
  static let version = 4
  /// The staged target records, until they are no longer needed. No destination may have this name.
  static let stagingName = "staging"

  let path: String

  var staging: String { "\(path)/\(Self.stagingName)" }
  var markPath: String { "\(path)/run.json" }
  var facts: String { "\(path)/facts.ndjson" }
  var ledger: String { "\(path)/ledger.ndjson" }
  var log: String { "\(path)/waybill.log" }
  var summary: String { "\(path)/summary.json" }

  /// Its outcomes at the destination. Not beside the item log: the names of both may be long.
  func fates(of part: RunPart) -> String {
    "\(path)/\(part.destination)/\(SortableName.safe(part.mapping.text)).\(Self.fatesExtension)"
  }

  static let fatesExtension = "fates"

  /// What `run.json` has.
  struct Mark {
    var version: Int
    var run: String
    var pipeline: String
    var started: String
    var request: RunRequest
  }

  /// Writes the folder's format and creates the subfolder for staged records; both are private.
  ///
  /// - Throws: `OperationFailure`.
  func begin(run: String, pipeline: String, started: String, _ request: RunRequest) throws {
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
  func mark() throws(OperationFailure) -> Mark? {
    guard FilePath.exists(facts), let bytes = FileManager.default.contents(atPath: markPath) else { return nil }
    guard let json = try? JSONReader.read(Array(bytes)), let version = json["version"]?.intValue else {
      throw OperationFailure(.damaged, "\(markPath) is damaged: start over")
    }
    guard version <= Self.version else {
      throw OperationFailure(.newerFormat, "\(markPath): a newer version of Waybill made this run: use that version")
    }
    guard let run = json["run"]?.stringValue, let pipeline = json["pipeline"]?.stringValue,
      let started = json["started"]?.stringValue, let request = try? json["request"].map({ try RunRequest($0) })
    else { throw OperationFailure(.damaged, "\(markPath) is damaged: start over") }
    return Mark(version: version, run: run, pipeline: pipeline, started: started, request: request)
  }

  /// The folder of a destination; private, regardless of the process's umask.
  ///
  /// - Throws: `OperationFailure`.
  func makeFolder(of destination: String) throws -> String {
    let folder = "\(path)/\(destination)"
    try PrivateFolder.make(folder, isInside: true)
    return folder
  }
}
