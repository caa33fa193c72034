import ArgumentParser
import Core
import Extract
import FoundationEssentials
import Pipeline
import Records
import State
import Workbench

/// One mapping over one input: what `transform` and `preview` share.
struct InputOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The format of the input: \(SourceFormats.standard.listed) (default: by its extension; ndjson on a pipe).",
      valueName: "format"))
  var inputFormat: SourceFormat?

  @OptionGroup var file: FileOptions

  @Option(
    help: ArgumentHelp(
      "Take custom fields, time zone and country, and in `preview` without --input the records, from this snapshot or `latest`.",
      valueName: "id"))
  var snapshot: String?

  @Option(help: ArgumentHelp("Custom field definitions, as the API returns them.", valueName: "file"))
  var customFields: String?

  @Option(
    help: ArgumentHelp(
      "The location's time zone, an IANA name, for `location` in the mapping; overrides the snapshot's.", valueName: "zone"))
  var zone: String?

  @OptionGroup var moment: MomentOption

  /// Fills in what the options and the snapshot say about the location. Returns the snapshot, because `latest` may change.
  ///
  /// - Throws: `OperationFailure` if the snapshot does not exist.
  @discardableResult
  func apply(to options: inout TransformJob.Options, in context: CommandContext) throws -> Snapshot? {
    options.inputFormat = inputFormat
    options.inputReading = file.reading
    options.boundary = context.boundary(around: options.mapping)
    let found = try snapshot.map { try context.snapshot($0) }
    if let found {
      options.customFields = found.customFieldsPath
      options.locationZone = found.manifest.timezone
      options.locationRegion = found.manifest.country
      for entity in found.manifest.entities.keys { options.entities[entity] = found.records(of: entity.text) }
    }
    if let customFields { options.customFields = customFields }
    if let zone { options.locationZone = zone }
    if let now = moment.now { options.now = now }
    return found
  }
}

extension RecordFormat: ExpressibleByArgument {}

extension SourceFormat: ExpressibleByArgument {
  package init?(argument: String) {
    guard let format = SourceFormats.standard.named(argument) else { return nil }
    self = format
  }

  package static var allValueStrings: [String] { SourceFormats.standard.all.map(\.name) }
}

extension CommandContext {
  /// - Throws: `OperationFailure` 66 if the mapping file does not exist.
  func requireMapping(_ path: String) throws {
    guard !fileExists(path) else { return }
    throw OperationFailure(.inputMissing, "there is no mapping file \(path): check the path")
  }

  /// The first location's part of a snapshot, by id; `latest`: the newest that is complete and not narrowed.
  ///
  /// - Throws: `OperationFailure` 66 if it does not exist, 78 if a newer version wrote it.
  func snapshot(_ id: String) throws -> Snapshot {
    let reader = SnapshotReader(root: StateFolder(path: state).snapshots)
    guard id == "latest" else {
      if let found = reader.parts(of: id).first { return found }
      if let failure = reader.failures(of: id).first { throw failure }
      throw OperationFailure(
        .inputMissing, "there is no snapshot '\(id)' in \(state): `waybill runs list` shows the snapshots of runs")
    }
    let unreadable = reader.unreadable
    if let newer = unreadable.first(where: { $0.code == .newerFormat }) { throw newer }
    for failure in unreadable { console.warn("skipped: \(failure)") }
    guard let newest = reader.latestComplete() else {
      guard let narrowed = reader.latestComplete(includingNarrowed: true) else {
        throw OperationFailure(.inputMissing, "there is no snapshot in \(state): `waybill extract` or `waybill run` creates one")
      }
      throw OperationFailure(
        .inputMissing,
        "every snapshot in \(state) is narrowed, so none of them is `latest`: name one with --snapshot \(narrowed.id)")
    }
    if FutureTimes.isAhead(newest.manifest.started, of: Date()) {
      console.warn(FutureTimes.sentence("snapshot \(newest.id)", newest.manifest.started))
    }
    return newest
  }
}
