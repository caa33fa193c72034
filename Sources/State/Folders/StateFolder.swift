import Core
import Files
import FoundationEssentials
package import Values

/// The places in a project's private state folder (`.waybill`).
package struct StateFolder: Sendable, Hashable {
  package var path: String

  package init(path: String) { self.path = path }

  package var snapshots: String { "\(path)/snapshots" }
  package var runs: String { "\(path)/runs" }
  package func run(_ id: String) -> String { "\(runs)/\(id)" }

  /// Creates the private folder of a run, with its parent folders.
  ///
  /// - Throws: `OperationFailure`.
  package func makeRun(_ id: String) throws -> String {
    try PrivateFolder.make(path)
    try PrivateFolder.make(runs, isInside: true)
    try PrivateFolder.make(run(id), isInside: true)
    return run(id)
  }

  /// The project's own key for `pii: hash`; created at its first use. If several processes need it at once, one creates it,
  /// and all get the same. An empty file, left by a crash of an older version, is replaced.
  ///
  /// - Throws: `OperationFailure`.
  package func digestKey() throws -> DigestKey {
    let file = "\(path)/digest.key"
    if let key = try readKey(file) { return key }
    try PrivateFolder.make(path)
    let (_, bytes) = DigestKey.random()
    try PrivateFile.make(bytes, at: file)
    guard let key = try readKey(file) else {
      throw OperationFailure(.cannotWrite, "state \(file): it cannot be read back; check the folder and the disk")
    }
    return key
  }

  /// Nil if it does not exist or is empty.
  private func readKey(_ file: String) throws -> DigestKey? {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    PrivateFile.tighten(file)
    guard let data = FileManager.default.contents(atPath: file) else {
      throw OperationFailure(.configuration, "state \(file): it cannot be read; check its permissions")
    }
    if data.isEmpty { return nil }
    guard data.count == 32 else {
      throw OperationFailure(
        .configuration, "state \(file): it is not a 32-byte key; move it away, and a new one will be created")
    }
    return DigestKey(Array(data))
  }
}
