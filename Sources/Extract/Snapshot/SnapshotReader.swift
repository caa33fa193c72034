package import Core
import Files
package import Records

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Finds snapshots.
package struct SnapshotReader: Sendable {
  /// `.waybill/snapshots`.
  package var root: String

  /// The formats that snapshot files may have.
  private let formats: SourceFormats

  package init(root: String, formats: SourceFormats = .standard) {
    self.root = root
    self.formats = formats
  }

  /// The parts of one snapshot, by location. Parts without a readable manifest are left out.
  package func parts(of id: String) -> [Snapshot] { folders(of: id).compactMap { try? open($0) } }

  /// All readable parts, newest first: in the order in which they were started, whatever the clock said. Those of earlier
  /// versions, which have no number, come last, by name.
  package var parts: [Snapshot] {
    ids.flatMap { parts(of: $0) }.sorted { left, right in
      let (one, other) = (left.manifest.sequence ?? 0, right.manifest.sequence ?? 0)
      return one == other ? (left.folder > right.folder) : one > other
    }
  }

  /// Parts whose manifest cannot be read because it is damaged or was written by a newer version.
  package var unreadable: [OperationFailure] { ids.flatMap { failures(of: $0) } }

  /// Why parts of a snapshot cannot be read; a folder without a manifest is not a part.
  package func failures(of id: String) -> [OperationFailure] {
    folders(of: id).compactMap { folder in
      do throws(OperationFailure) {
        _ = try open(folder)
        return nil
      } catch {
        return error.code == .inputMissing ? nil : error
      }
    }
  }

  /// The next snapshot's number: one more than the highest so far, within the valid range. Ties are ordered by name.
  package var nextSequence: Int { min((parts.first?.manifest.sequence ?? 0) + 1, SnapshotManifest.sequences.upperBound) }

  /// The part of `id` for `location`; `latest` means the newest complete one, for these businesses if given.
  package func snapshot(_ id: String, location: String, businesses: [String]? = nil) throws(OperationFailure) -> Snapshot {
    if id == "latest" {
      guard let latest = latestComplete(location: location, businesses: businesses) else {
        let detail = "none of location \(location) is complete; name a narrowed one by its ID"
        throw OperationFailure.snapshotMissing(root, detail)
      }
      return latest
    }
    return try open("\(root)/\(id)/\(SortableName.safe(location))")
  }

  /// The newest complete part. A part limited to some contacts, or to businesses other than these, is not complete.
  package func latestComplete(location: String, businesses: [String]? = nil) -> Snapshot? {
    parts(ofLocation: location).first { $0.manifest.isWhole(businesses: businesses) }
  }

  /// The newest part of any location that is complete and not narrowed on request; with `includingNarrowed`, narrowed ones
  /// count as well.
  package func latestComplete(includingNarrowed: Bool = false) -> Snapshot? {
    parts.first { $0.manifest.isComplete && (includingNarrowed || $0.manifest.narrowing == nil) }
  }

  /// The parts of a location, or of all locations, newest first.
  package func parts(ofLocation location: String?) -> [Snapshot] {
    guard let location else { return parts }
    let name = SortableName.safe(location)
    return parts.filter { $0.folder.hasSuffix("/\(name)") }
  }

  /// Opens a part by its folder.
  package func open(_ folder: String) throws(OperationFailure) -> Snapshot {
    let path = "\(folder)/\(SnapshotManifest.fileName)"
    let bytes = try Snapshot.read(path)
    let json: JSONValue
    do throws(JSONReader.Failure) {
      json = try JSONReader.read(bytes)
    } catch {
      throw OperationFailure.snapshotDamaged(path, error.description)
    }
    if let version = json["version"]?.intValue, version > SnapshotManifest.currentVersion {
      let detail = "format \(version); this version reads up to \(SnapshotManifest.currentVersion)"
      throw OperationFailure.snapshotNewer(path, detail)
    }
    guard let manifest = SnapshotManifest(json) else {
      throw OperationFailure.snapshotDamaged(path, "it is not a snapshot manifest")
    }
    return Snapshot(folder: folder, manifest: manifest, formats: formats)
  }

  private var ids: [String] { Self.folders(in: root) }

  private func folders(of id: String) -> [String] { Self.folders(in: "\(root)/\(id)").map { "\(root)/\(id)/\($0)" } }

  /// Folder names, sorted; hidden ones are left out.
  private static func folders(in path: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { name in
      var isFolder = false
      return !name.hasPrefix(".") && FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder) && isFolder
    }.sorted()
  }
}
