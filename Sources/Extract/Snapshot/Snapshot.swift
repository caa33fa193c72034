package import Core
import Crypto
import GHL

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One location's part of a snapshot on disk.
package struct Snapshot: Sendable, Hashable {
  /// `.waybill/snapshots/ID/LOCATION`.
  package var folder: String
  package var manifest: SnapshotManifest

  package init(folder: String, manifest: SnapshotManifest) {
    self.folder = folder
    self.manifest = manifest
  }

  static let problemsName = "problems.ndjson"
  static let customFieldsName = "custom-fields.json"

  package var id: String { manifest.id }
  package var location: String { manifest.location }

  /// The entity's file; nil where it was not fetched.
  package func path(of entity: String) -> String? {
    manifest.entities[entity].map { "\(folder)/\($0.file)" }
  }

  package var customFieldsPath: String? { manifest.customFields == nil ? nil : "\(folder)/\(Self.customFieldsName)" }

  /// The definitions of custom fields; nil where there are none at hand.
  package func customFields() throws(SnapshotFailure) -> [CustomFieldDefinition]? {
    guard let path = customFieldsPath else { return nil }
    let bytes = try Self.read(path)
    do throws(JSONReader.Failure) {
      return CustomFieldDefinition.read(try JSONReader.read(bytes))
    } catch {
      throw SnapshotFailure(kind: .damaged, path: path, detail: error.description)
    }
  }

  /// What could not be fetched.
  package func problems() throws(SnapshotFailure) -> [ExtractProblem] {
    let path = "\(folder)/\(Self.problemsName)"
    let bytes = try Self.read(path)
    var problems: [ExtractProblem] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      // One that is passed over would be a refusal that nobody hears of.
      guard let problem = (try? JSONReader.read(Array(line))).flatMap({ ExtractProblem($0) }) else {
        throw SnapshotFailure(kind: .damaged, path: path, detail: "line \(problems.count + 1) is no problem")
      }
      problems.append(problem)
    }
    return problems
  }

  /// Compares every file with the size and digest in the manifest.
  package func verify() throws(SnapshotFailure) {
    var marks = manifest.files
    for entity in manifest.entities.values { marks[entity.file] = .init(bytes: entity.bytes, sha256: entity.sha256) }
    for (name, mark) in marks.sorted(by: { $0.key < $1.key }) {
      let path = "\(folder)/\(name)"
      guard let handle = InputStreamFile(path: path) else {
        throw SnapshotFailure(kind: .damaged, path: path, detail: "it cannot be opened")
      }
      var digest = SHA256()
      var bytes = 0
      while let chunk = handle.next() {
        digest.update(data: chunk)
        bytes += chunk.count
      }
      guard bytes == mark.bytes else {
        throw SnapshotFailure(kind: .damaged, path: path, detail: "it has \(bytes) bytes instead of \(mark.bytes)")
      }
      guard Hexadecimal.text(digest.finalize()) == mark.sha256 else {
        throw SnapshotFailure(kind: .damaged, path: path, detail: "its digest is not the manifest's")
      }
    }
  }

  static func read(_ path: String) throws(SnapshotFailure) -> [UInt8] {
    guard let handle = InputStreamFile(path: path) else {
      throw SnapshotFailure(kind: .missing, path: path, detail: "it cannot be opened")
    }
    var bytes: [UInt8] = []
    while let chunk = handle.next() { bytes += chunk }
    return bytes
  }
}

/// Finds snapshots.
package struct SnapshotReader: Sendable {
  /// `.waybill/snapshots`.
  package var root: String

  package init(root: String) { self.root = root }

  /// Ids, oldest first.
  package func ids() -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.filter { !$0.hasPrefix(".") && isFolder("\(root)/\($0)") }.sorted()
  }

  /// The locations' parts of one snapshot, by location. Parts without a manifest that can be read are left out.
  package func parts(of id: String) -> [Snapshot] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(id)")) ?? []
    return names.sorted().compactMap { try? open("\(root)/\(id)/\($0)") }
  }

  /// The part of `id` for `location`; `latest` means the newest whole one, of these businesses where they are given.
  package func snapshot(_ id: String, location: String, businesses: [String]? = nil) throws(SnapshotFailure) -> Snapshot {
    if id == "latest" {
      guard let latest = latestComplete(location: location, businesses: businesses) else {
        let detail = "no complete one of location \(location) (one that was narrowed to some contacts has to be named by its id)"
        throw SnapshotFailure(kind: .missing, path: root, detail: detail)
      }
      return latest
    }
    return try open("\(root)/\(id)/\(SnapshotName.safe(location))")
  }

  /// The newest complete part. One that was limited to some contacts, or to other businesses than these, is no complete
  /// state, unless it is asked for.
  package func latestComplete(location: String, businesses: [String]? = nil) -> Snapshot? {
    whole(location: location, businesses: businesses).first { _ in true }
  }

  /// The whole parts of a location, or of any, the newest first; each is opened when it is asked for.
  package func whole(location: String?, businesses: [String]? = nil) -> some Sequence<Snapshot> {
    ids().reversed().lazy.flatMap { id -> [Snapshot] in
      guard let location else { return parts(of: id) }
      return (try? open("\(root)/\(id)/\(SnapshotName.safe(location))")).map { [$0] } ?? []
    }.filter { $0.manifest.isWhole(businesses: businesses) }
  }

  /// The newest complete part of any location.
  package func latestComplete(includingLimited: Bool = false) -> Snapshot? {
    for id in ids().reversed() {
      let parts = parts(of: id).filter { $0.manifest.isComplete && (includingLimited || $0.manifest.isWhole()) }
      if let first = parts.first { return first }
    }
    return nil
  }

  /// Opens a part by its folder.
  package func open(_ folder: String) throws(SnapshotFailure) -> Snapshot {
    let path = "\(folder)/\(SnapshotManifest.fileName)"
    let bytes = try Snapshot.read(path)
    let json: JSONValue
    do throws(JSONReader.Failure) {
      json = try JSONReader.read(bytes)
    } catch {
      throw SnapshotFailure(kind: .damaged, path: path, detail: error.description)
    }
    guard let manifest = SnapshotManifest(json) else {
      throw SnapshotFailure(kind: .damaged, path: path, detail: "it is no manifest of this version")
    }
    return Snapshot(folder: folder, manifest: manifest)
  }

  private func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }
}
