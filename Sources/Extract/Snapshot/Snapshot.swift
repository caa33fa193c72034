package import Core
import Crypto
import Files
import GHL
package import Records

/// One location's part of a snapshot on disk.
package struct Snapshot: Sendable, Hashable {
  /// `.waybill/snapshots/ID/LOCATION`.
  package var folder: String
  package var manifest: SnapshotManifest
  /// The formats that its files may have.
  private let formats: SourceFormats

  package init(folder: String, manifest: SnapshotManifest, formats: SourceFormats = .standard) {
    self.folder = folder
    self.manifest = manifest
    self.formats = formats
  }

  static let problemsName = "problems.ndjson"
  static let customFieldsName = "custom-fields.json"

  package var id: String { manifest.id }
  package var location: String { manifest.location }

  /// The entity's records; nil if it was not fetched.
  package func records(of entity: String) -> StoredRecords? {
    manifest.entities[entity].map { found in
      let path = "\(folder)/\(found.file)"
      // A copied file whose records cannot be counted by its lines has all of them.
      let limit = manifest.location.isExactly(SnapshotImport.location) && manifest.limit != nil ? found.count : nil
      return StoredRecords(
        file: path, format: formats.format(ofFile: path) ?? .ndjson, reading: found.reading, dialect: found.dialect,
        members: found.members, limit: limit)
    }
  }

  package var customFieldsPath: String? { manifest.customFields == nil ? nil : "\(folder)/\(Self.customFieldsName)" }

  /// The custom field definitions; nil if there are none.
  package func customFields() throws(OperationFailure) -> [CustomFieldDefinition]? {
    guard let path = customFieldsPath else { return nil }
    let bytes = try Self.read(path)
    do throws(JSONReader.Failure) {
      return CustomFieldDefinition.read(try JSONReader.read(bytes))
    } catch {
      throw OperationFailure.snapshotDamaged(path, error.description)
    }
  }

  /// The list of records that were left out; nil if there are none, and in snapshots of earlier versions.
  package var outsidePath: String? { manifest.files[LeftOut.fileName] == nil ? nil : "\(folder)/\(LeftOut.fileName)" }

  /// What could not be fetched.
  package func problems() throws(OperationFailure) -> [ExtractProblem] {
    let path = "\(folder)/\(Self.problemsName)"
    let bytes = try Self.read(path)
    var problems: [ExtractProblem] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      // Skipping one would hide a refusal.
      guard let problem = (try? JSONReader.read(Array(line))).flatMap({ ExtractProblem($0) }) else {
        throw OperationFailure.snapshotDamaged(path, "line \(problems.count + 1) is not an extraction problem")
      }
      problems.append(problem)
    }
    return problems
  }

  /// Compares every file with the size and digest in the manifest.
  package func verify() throws(OperationFailure) {
    var marks = manifest.files
    for entity in manifest.entities.values { marks[entity.file] = .init(bytes: entity.bytes, sha256: entity.sha256) }
    for (name, mark) in marks.sorted(by: { $0.key < $1.key }) {
      let path = "\(folder)/\(name)"
      guard let handle = ChunkedFile(path: path) else {
        throw OperationFailure.snapshotDamaged(path, "it cannot be opened")
      }
      var digest = SHA256()
      var bytes = 0
      while let chunk = handle.next() {
        digest.update(data: chunk)
        bytes += chunk.count
      }
      guard bytes == mark.bytes else {
        throw OperationFailure.snapshotDamaged(path, "it has \(bytes) bytes instead of \(mark.bytes)")
      }
      guard Hexadecimal.text(of: digest.finalize()) == mark.sha256 else {
        throw OperationFailure.snapshotDamaged(path, "its digest differs from the manifest's")
      }
    }
  }

  static func read(_ path: String) throws(OperationFailure) -> [UInt8] {
    guard let handle = ChunkedFile(path: path) else {
      throw OperationFailure.snapshotMissing(path, "it cannot be opened")
    }
    var bytes: [UInt8] = []
    while let chunk = handle.next() { bytes += chunk }
    return bytes
  }
}
