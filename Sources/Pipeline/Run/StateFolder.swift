import Core
package import Extract
import FoundationEssentials
import Ledger
package import Values

/// The places in a project's private state folder (`.waybill`).
package struct StateFolder: Sendable, Hashable {
  package var path: String

  package init(path: String) { self.path = path }

  package var snapshots: String { "\(path)/snapshots" }
  package func run(_ id: String) -> String { "\(path)/runs/\(id)" }

  /// Makes the folder of a run, private, with what lies above it.
  ///
  /// - Throws: `StateFailure`.
  package func makeRun(_ id: String) throws -> String {
    try PrivateFolder.make(path)
    try PrivateFolder.make("\(path)/runs")
    try PrivateFolder.make(run(id))
    return run(id)
  }

  /// The project's own key, with which `pii: hash` hashes; made at its first use.
  ///
  /// - Throws: `StateFailure`.
  package func digestKey() throws -> DigestKey {
    try PrivateFolder.make(path)
    let file = "\(path)/digest.key"
    if let data = FileManager.default.contents(atPath: file) {
      guard data.count == 32 else {
        throw StateFailure(
          path: file, reason: "it is no key of 32 bytes; move it away, and a new one is made", exitCode: .configuration)
      }
      return DigestKey(Array(data))
    }
    let (key, bytes) = DigestKey.random()
    try PrivateFile.write(bytes, to: file)
    return key
  }

  /// The newest snapshot that has all of a location, or all of these businesses: what can be counted in.
  package func latestSnapshot(of location: String, businesses: [String]? = nil) -> Snapshot? {
    SnapshotReader(root: snapshots).latestComplete(location: location, businesses: businesses)
  }
}
