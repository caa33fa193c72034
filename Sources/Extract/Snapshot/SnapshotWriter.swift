import Control
import Core
import Files
import GHL

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes one location's part of a snapshot. Until `finish(complete: true)`, the manifest says that it is incomplete, so that
/// the remains of a crash are not mistaken for the whole.
actor SnapshotWriter {
  static let entities = ["contact", "task", "note", "appointment", "business", "user"]

  nonisolated let id: String
  nonisolated let folder: String
  private var manifest: SnapshotManifest
  private var files: [Name: EntityFile] = [:]
  private var problems: [ExtractProblem] = []
  /// Records that were left out; nil until there are any.
  private var outside: OutsideFile?
  private var undefined = UndefinedCustomFields()
  private let now: @Sendable () -> Date

  private final class OutsideFile {
    var file: DurableFile

    init(path: String) throws(OperationFailure) { file = try DurableFile(path: path) }
  }

  /// A file and what is known of it; a class, since a dictionary holds no value that cannot be copied.
  private final class EntityFile {
    var file: DurableFile
    var missing = 0
    var unknown = 0
    var refused = 0
    var gone = 0
    var claimed: Int?

    init(path: String) throws(OperationFailure) { file = try DurableFile(path: path) }
  }

  /// - Parameters:
  ///   - root: `.waybill/snapshots`.
  ///   - id: joins an existing snapshot, for another location; nil makes a new one.
  ///   - narrowing: how the extraction was narrowed on request.
  ///   - plan: goes into the manifest, so that data that was never fetched is not read from the snapshot.
  init(
    root: String, id: String?, location: String, limit: Int?, narrowing: Narrowing? = nil, plan: FetchPlan,
    now: @escaping @Sendable () -> Date = { Date() }
  ) throws(OperationFailure) {
    self.now = now
    let started = now()
    var chosen = id ?? ""
    if id == nil {
      // Creating the folder decides who owns the ID.
      repeat { chosen = SortableName.make(at: started) } while try !DurableFile.makeFolder("\(root)/\(chosen)")
    } else {
      _ = try DurableFile.makeFolder("\(root)/\(chosen)")
    }
    self.id = chosen
    folder = "\(root)/\(chosen)/\(SortableName.safe(location))"
    guard try DurableFile.makeFolder(folder) else {
      throw OperationFailure.writing(folder, "it already exists", remedy: "remove it")
    }
    manifest = SnapshotManifest(id: chosen, location: location, started: started.ISO8601Format())
    manifest.sequence = SnapshotReader(root: root).nextSequence
    manifest.limit = limit
    manifest.narrowing = narrowing ?? Narrowing(limit: limit)
    manifest.withoutBusiness = plan.withoutBusiness.rawValue
    if case .some(let names) = plan.businesses { manifest.businesses = names }
    manifest.calls = FetchCall.allCases.filter { plan.makes($0) }.map(\.rawValue).sorted()
    try DurableFile.replace("\(folder)/\(SnapshotManifest.fileName)", with: Array(manifest.json.prettyText.utf8))
  }

  func append(_ records: [RawRecord], to entity: String) throws(OperationFailure) {
    let target = try file(entity)
    for record in records {
      try target.file.append(line: record.line)
      if entity == "contact" { undefined.read(record) }
    }
  }

  /// The entity was fetched: it has a file, even if that is empty.
  func open(_ entity: String) throws(OperationFailure) { _ = try file(entity) }

  /// - Parameter missing: records, or lists of records, that the source has and that are not here for it.
  func refuse(_ problem: ExtractProblem, missing: Int = 0) throws(OperationFailure) {
    problems.append(problem)
    guard problem.severity == .error else { return }
    let target = try file(problem.entity)
    target.refused += 1
    target.missing += missing
  }

  /// A list broke off; the number of missing records is unknown until `settle` is called.
  ///
  /// - Returns: its number.
  func breakOff(_ problem: ExtractProblem) throws(OperationFailure) -> Int {
    let target = try file(problem.entity)
    problems.append(problem)
    target.refused += 1
    target.unknown += 1
    return problems.count - 1
  }

  /// Sets the number of records missing from a list that broke off; if none is missing, it is no longer an error.
  func settle(_ number: Int, missing: Int) throws(OperationFailure) {
    let target = try file(problems[number].entity)
    target.unknown -= 1
    target.missing += missing
    guard missing == 0 else { return }
    problems[number].severity = .warning
    target.refused -= 1
  }

  /// The pipeline excludes it, so it is only listed.
  ///
  /// - Parameters:
  ///   - record: the contact's id; nil for all contacts of `business`.
  func leaveOut(_ reason: LeftOut, record: String?, business: String?) throws(OperationFailure) {
    let target: OutsideFile
    if let outside {
      target = outside
    } else {
      target = try OutsideFile(path: "\(folder)/\(LeftOut.fileName)")
      outside = target
    }
    try target.file.append(line: reason.line(record: record, business: business))
    manifest.leftOut[reason, default: 0] += 1
  }

  func noteGone(_ entity: String) throws(OperationFailure) { try file(entity).gone += 1 }

  func noteClaim(_ claimed: Int, of entity: String) throws(OperationFailure) {
    let target = try file(entity)
    target.claimed = (target.claimed ?? 0) + claimed
  }

  func notePage() { manifest.pages += 1 }

  func setLocation(_ location: GHLLocation) {
    manifest.locationName = location.name
    manifest.timezone = location.timezone
    manifest.country = location.country
  }

  /// The calls that are made because another one was refused.
  func setCalls(_ plan: FetchPlan) { manifest.calls = FetchCall.allCases.filter { plan.makes($0) }.map(\.rawValue).sorted() }

  func setOutsideBusinesses(_ count: Int) { manifest.outsideBusinesses = count }

  func writeCustomFields(_ records: [RawRecord]) throws(OperationFailure) {
    var bytes = Array("[".utf8)
    for (index, record) in records.enumerated() { bytes += Array((index == 0 ? "\n" : ",\n").utf8) + record.line }
    bytes += Array("\n]\n".utf8)
    manifest.files[Snapshot.customFieldsName] = try DurableFile.replace("\(folder)/\(Snapshot.customFieldsName)", with: bytes)
    manifest.customFields = records.count
    undefined.define(records)
  }

  /// Syncs every file and only then says in the manifest what there is.
  func finish(failure: ExtractFailure?, quota: Quota) throws(OperationFailure) -> (
    manifest: SnapshotManifest, problems: [ExtractProblem], notes: [ExtractProblem]
  ) {
    manifest.entities = [:]
    for (name, entity) in files {
      let digest = try entity.file.finish()
      manifest.entities[name] = SnapshotManifest.Entity(
        file: "\(name).ndjson", count: entity.file.lines, expected: entity.file.lines + entity.missing,
        claimed: entity.claimed, unknown: entity.unknown, refused: entity.refused, gone: entity.gone, bytes: entity.file.bytes,
        sha256: digest)
    }
    if let outside {
      let digest = try outside.file.finish()
      manifest.files[LeftOut.fileName] = .init(bytes: outside.file.bytes, sha256: digest)
    }
    let notes = undefined.notes(location: manifest.location)
    let lines = (problems + notes).map { $0.json.text + "\n" }.joined()
    manifest.files[Snapshot.problemsName] = try DurableFile.replace("\(folder)/\(Snapshot.problemsName)", with: Array(lines.utf8))
    manifest.quota = quota
    manifest.finished = now().ISO8601Format()
    manifest.failure = failure?.description
    try DurableFile.syncFolder(folder)
    manifest.isComplete = failure == nil
    try DurableFile.replace("\(folder)/\(SnapshotManifest.fileName)", with: Array(manifest.json.prettyText.utf8))
    try DurableFile.syncFolder(folder)
    return (manifest, problems, notes)
  }

  /// What is known even if the end cannot be written.
  var state: (manifest: SnapshotManifest, problems: [ExtractProblem]) { (manifest, problems) }

  private func file(_ entity: String) throws(OperationFailure) -> EntityFile {
    if let file = files[entity] { return file }
    let file = try EntityFile(path: "\(folder)/\(entity).ndjson")
    files[entity] = file
    return file
  }
}
