import Core
import Ledger
import Records

/// The folder of a run, `.waybill/runs/ID`: what lies in it, and in which format.
struct RunFolder: Sendable {
  /// The format that this version writes. Folders of version 1 have no `run.json`.
  static let version = 2
  /// What was transformed, until it is no longer needed. No destination can have this name.
  static let stagingName = "staging"

  let path: String

  var staging: String { "\(path)/\(Self.stagingName)" }
  var markPath: String { "\(path)/run.json" }

  /// Says in the folder what it is, and makes the one for staged records; both are private.
  ///
  /// - Throws: `StateFailure`, `OutputFailure`.
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

  /// The folder of a destination; private, whatever the process's mask says.
  ///
  /// - Throws: `StateFailure`.
  func makeFolder(of destination: String) throws -> String {
    let folder = "\(path)/\(destination)"
    try PrivateFolder.make(folder, isInside: true)
    return folder
  }

  /// Where a file that was not published lies: `DESTINATION/MAPPING.csv`.
  func kept(_ mapping: String, for destination: DestinationDocument) -> String {
    "\(path)/\(destination.name)/\(mapping).\(destination.format.rawValue)"
  }
}
