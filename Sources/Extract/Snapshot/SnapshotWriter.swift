import Control
import Core
import GHL

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes one location's part of a snapshot. Until `finish(complete: true)` the manifest says that it is incomplete, so
/// nobody takes what a crash leaves behind for the whole.
actor SnapshotWriter {
  static let entities = ["contact", "task", "note", "appointment", "business", "user"]

  nonisolated let id: String
  nonisolated let folder: String
  private var manifest: SnapshotManifest
  private var files: [String: EntityFile] = [:]
  private var problems: [ExtractProblem] = []
  private let now: @Sendable () -> Date

  /// A file and what is known of it; a class, since a dictionary holds no value that cannot be copied.
  private final class EntityFile {
    var file: DurableFile
    var missing = 0
    var refused = 0
    var gone = 0
    var claimed: Int?

    init(path: String) throws(SnapshotFailure) { file = try DurableFile(path: path) }
  }

  /// - Parameters:
  ///   - root: `.waybill/snapshots`.
  ///   - id: joins an existing snapshot, for another location; nil makes a new one.
  ///   - plan: goes into the manifest, so that nobody reads from the snapshot what was never fetched.
  init(
    root: String, id: String?, location: String, limit: Int?, plan: FetchPlan,
    now: @escaping @Sendable () -> Date = { Date() }
  ) throws(SnapshotFailure) {
    self.now = now
    let started = now()
    var chosen = id ?? ""
    if id == nil {
      // The folder decides: whoever makes it owns the id.
      repeat { chosen = SnapshotName.make(at: started) } while try !DurableFile.makeFolder("\(root)/\(chosen)")
    } else {
      _ = try DurableFile.makeFolder("\(root)/\(chosen)")
    }
    self.id = chosen
    folder = "\(root)/\(chosen)/\(SnapshotName.safe(location))"
    guard try DurableFile.makeFolder(folder) else {
      throw SnapshotFailure(kind: .cannotWrite, path: folder, detail: "it is there already")
    }
    manifest = SnapshotManifest(id: chosen, location: location, started: started.ISO8601Format())
    manifest.limit = limit
    if case .some(let names) = plan.businesses { manifest.businesses = names }
    manifest.calls = FetchCall.allCases.filter { plan.makes($0) }.map(\.rawValue).sorted()
    try DurableFile.replace("\(folder)/\(SnapshotManifest.fileName)", with: Array(manifest.json.prettyText.utf8))
  }

  func append(_ records: [RawRecord], to entity: String) throws(SnapshotFailure) {
    let target = try file(entity)
    for record in records { try target.file.append(line: record.line) }
  }

  /// The entity was fetched: it has a file, even where that is empty.
  func open(_ entity: String) throws(SnapshotFailure) { _ = try file(entity) }

  func refuse(_ problem: ExtractProblem, isMissing: Bool) throws(SnapshotFailure) {
    problems.append(problem)
    guard problem.severity == .error else { return }
    let target = try file(problem.entity)
    target.refused += 1
    if isMissing { target.missing += 1 }
  }

  func noteGone(_ entity: String) throws(SnapshotFailure) { try file(entity).gone += 1 }

  func noteClaim(_ claimed: Int, of entity: String) throws(SnapshotFailure) {
    let target = try file(entity)
    target.claimed = (target.claimed ?? 0) + claimed
  }

  func notePage() { manifest.pages += 1 }

  func setLocation(_ location: GHLLocation) {
    manifest.locationName = location.name
    manifest.timezone = location.timezone
    manifest.country = location.country
  }

  func setOutsideBusinesses(_ count: Int) { manifest.outsideBusinesses = count }

  func writeCustomFields(_ records: [RawRecord]) throws(SnapshotFailure) {
    var bytes = Array("[".utf8)
    for (index, record) in records.enumerated() { bytes += Array((index == 0 ? "\n" : ",\n").utf8) + record.line }
    bytes += Array("\n]\n".utf8)
    try DurableFile.replace("\(folder)/custom-fields.json", with: bytes)
    manifest.customFields = records.count
  }

  /// Syncs every file and only then says in the manifest what there is.
  func finish(failure: ExtractFailure?, quota: Quota) throws(SnapshotFailure) -> (
    manifest: SnapshotManifest, problems: [ExtractProblem]
  ) {
    manifest.entities = [:]
    for (name, entity) in files {
      let digest = try entity.file.finish()
      manifest.entities[name] = SnapshotManifest.Entity(
        file: "\(name).ndjson", count: entity.file.lines, expected: entity.file.lines + entity.missing, claimed: entity.claimed,
        refused: entity.refused, gone: entity.gone, bytes: entity.file.bytes, sha256: digest)
    }
    let lines = problems.map { $0.json.text + "\n" }.joined()
    try DurableFile.replace("\(folder)/problems.ndjson", with: Array(lines.utf8))
    manifest.quota = quota
    manifest.finished = now().ISO8601Format()
    manifest.failure = failure?.description
    try DurableFile.syncFolder(folder)
    manifest.isComplete = failure == nil
    try DurableFile.replace("\(folder)/\(SnapshotManifest.fileName)", with: Array(manifest.json.prettyText.utf8))
    try DurableFile.syncFolder(folder)
    return (manifest, problems)
  }

  /// What is known when the end cannot be written, either.
  var state: (manifest: SnapshotManifest, problems: [ExtractProblem]) { (manifest, problems) }

  private func file(_ entity: String) throws(SnapshotFailure) -> EntityFile {
    if let file = files[entity] { return file }
    let file = try EntityFile(path: "\(folder)/\(entity).ndjson")
    files[entity] = file
    return file
  }
}

/// Names of snapshots: `20261124T024650Z-7kq2mx`. They sort by time, and the last part tells those of one second apart.
package enum SnapshotName {
  private static let letters = Array("0123456789abcdefghjkmnpqrstvwxyz")

  static func make(at date: Date) -> String {
    let stamp = date.ISO8601Format().filter { $0 != "-" && $0 != ":" }
    return stamp + "-" + String((0..<6).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }

  /// A location's id as a folder's name: ids are opaque, and may hold anything.
  package static func safe(_ location: String) -> String {
    var out = ""
    for byte in location.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"):
        out.unicodeScalars.append(Unicode.Scalar(byte))
      default: out += "%" + Hexadecimal.text([byte])
      }
    }
    return out
  }
}
