import Core
import Files
import Records
import Report

/// The folder of a run, `.waybill/runs/ID`: what it contains, and in which format.
struct RunFolder: Sendable {
  /// The format that this version writes. Folders of version 1 have no `run.json`; those of version 2 have lines of JSON
  /// (`MAPPING.outcomes.ndjson`) in place of the item log.
  static let version = 3
  /// The staged target records, until they are no longer needed. No destination may have this name.
  static let stagingName = "staging"

  let path: String

  var staging: String { "\(path)/\(Self.stagingName)" }
  var markPath: String { "\(path)/run.json" }

  /// Writes the folder's format and creates the subfolder for staged records; both are private.
  ///
  /// - Throws: `OperationFailure`.
  func begin(run: String, pipeline: String, started: String) throws {
    try PrivateFolder.make(staging, isInside: true)
    let mark = JSONValue.object([
      .init("version", .number(Self.version)), .init("run", .string(run)), .init("pipeline", .string(pipeline)),
      .init("started", .string(started)),
    ])
    let file = try OutputFile(path: markPath, mode: 0o600)
    try file.write(mark.prettyText)
    try file.commit()
  }

  /// The folder of a destination; private, regardless of the process's umask.
  ///
  /// - Throws: `OperationFailure`.
  func makeFolder(of destination: String) throws -> String {
    let folder = "\(path)/\(destination)"
    try PrivateFolder.make(folder, isInside: true)
    return folder
  }

  /// The path of a file that was not published: `DESTINATION/MAPPING.csv`.
  func kept(_ mapping: String, for destination: DestinationDocument) -> String {
    "\(path)/\(destination.name)/\(mapping).\(destination.format.rawValue)"
  }
}
