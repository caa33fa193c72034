import Control
import Core
import Extract
import Files
import GHL
import Mapping
import PipelineFile
import Report
import State
import Transform
import Values

/// Compiling the mappings, and binding them to the snapshot.
extension LocationRun {
  var destinations: [DestinationDocument] {
    document.destinations.filter { options.destinations?.contains(exactly: $0.name) ?? true }
  }

  /// The value of `{location}`: the location of the records.
  var location: String {
    switch document.source {
    case .ghl(let source): options.source.location ?? source.location
    case .files: SnapshotImport.location
    case .snapshot:
      (targetFile == nil ? snapshot?.location : nil) ?? state.extracted?.location ?? chosenLocation ?? SnapshotImport.location
    }
  }

  /// For a load, the location of the pipeline's snapshot, although the snapshot itself is not read.
  private var chosenLocation: String? { targetFile == nil ? nil : options.source.shard ?? compilation?.snapshot?.location }

  /// The target records that are loaded instead of the source's; nil if this is not a load.
  var targetFile: TargetFile? { options.source.load }

  /// The records are in a snapshot that existed before the run.
  var readsSnapshot: Bool {
    if case .snapshot = document.source { true } else { options.source.snapshot != nil }
  }

  /// Everything that can be checked before any request: an hour of requests would be lost if the results could not be written.
  func compile() async throws -> [RunFact] {
    let compilation = try await compile(customFields: nil)
    self.compilation = compilation
    let names = compilation.units.compactMap { $0.model?.name }
    try NamedSecrets(document: document, options: options.source, mappingNames: names).check()
    try checkLocationOfLoad()
    try checkOutputs(names)
    try await proveDestinations()
    for destination in destinations where names.contains(where: { destination.takes($0) }) {
      _ = try folder.makeFolder(of: destination.name)
    }
    removeLeftovers(names)
    return [
      .compiled(
        .init(
          mappings: names.map { Name($0) }, groups: MappingReferences.groups(compilation.units.compactMap(\.model)),
          digests: digests(of: compilation), notes: fileNotes, keys: Self.keys(compilation.units.compactMap(\.model))))
    ]
  }

  /// An hour of requests would be lost as well if a destination refused every record. Each process asks once: between two of them, a
  /// token may have been replaced.
  func proveDestinations() async throws {
    guard !isDryRun, !isProven else { return }
    let models = try await compiled().units.compactMap(\.model)
    for document in destinations {
      let own = models.filter { model in
        document.takes(model.name)
          && state.loaded[RunPart(mapping: Name(model.name), destination: Name(document.name))] == nil
      }
      guard !own.isEmpty else { continue }
      let fields = own.map { (Name($0.name), $0.fields.map(\.target)) }
      try await destination(named: Name(document.name)).prove(Dictionary(fields) { first, _ in first })
    }
    isProven = true
  }

  private static func keys(_ models: [MappingModel]) -> [Name: String] {
    models.reduce(into: [:]) { $0[Name($1.name)] = "\($1.entity) \($1.key.text)" }
  }

  /// Journal entries belong to a location: with the wrong one, everything would be sent again.
  private func checkLocationOfLoad() throws(OperationFailure) {
    guard targetFile != nil else { return }
    if case .ghl = document.source, Placeholder.matches(location) {
      throw OperationFailure(
        .configuration, "the location '\(location)' is only a placeholder: put the location's ID in `source.ghl.location`")
    }
    if case .snapshot = document.source, chosenLocation == nil {
      throw OperationFailure(
        .inputMissing,
        "the pipeline has no snapshot to take the location of the records from: set it with \(CommandOption.shard)")
    }
  }

  private func compile(customFields: [CustomFieldDefinition]?) async throws -> PipelineCompilation {
    var source = options.source
    // Once there is a snapshot, it is what is read: the files that it was copied from may have changed.
    if targetFile == nil, let extracted = state.extracted?.snapshot { source.snapshot = extracted }
    let compilation = try await PipelineCompilation.compile(
      document, options: source, customFields: customFields, diagnostics: &diagnostics)
    fileNotes = diagnostics.all.filter { $0.code == .sourceInferred && $0.place.file == document.file }.map(\.message)
    return compilation
  }

  /// The compilation, made again if an earlier process made it.
  ///
  /// - Throws: `OperationFailure`: 65 if a file that the run depends on has changed since.
  func compiled() async throws -> PipelineCompilation {
    if let compilation { return compilation }
    let compilation = try await compile(customFields: nil)
    try checkDigests(compilation)
    removeLeftovers(compilation.units.compactMap { $0.model?.name })
    self.compilation = compilation
    return compilation
  }

  /// - Throws: `OperationFailure` with the exit code `wrongFile` if a file has changed since the run compiled it.
  private func checkDigests(_ compilation: PipelineCompilation) throws(OperationFailure) {
    let (now, before) = (digests(of: compilation), state.compiled?.digests ?? [:])
    for name in Set(now.keys).union(before.keys).sorted() where now[name] != before[name] {
      throw OperationFailure(
        .wrongFile,
        "\(name) has changed since run \(id) began: undo the change, or \(state.isApplied ? "run again with --dry-run" : "start over without \(CommandOption.resume)")"
      )
    }
  }

  private func digests(of compilation: PipelineCompilation) -> [Name: String] {
    var digests = copies(of: compilation).digests
    digests["the pipeline file"] = document.digest
    for value in document.environmentValues {
      digests[Name("${\(value.name)}")] = scope.digestKey.hex(of: value.value.utf8.span)
    }
    return digests
  }

  private func copies(of compilation: PipelineCompilation) -> DefinitionCopies {
    let mappings = compilation.units.compactMap { unit in unit.model.map { (name: $0.name, path: unit.reference.path) } }
    return DefinitionCopies(of: mappings, sources: compilation.diagnostics.files.filter { $0.key != Name(document.file) })
  }

  // MARK: Binding

  /// The mappings with the snapshot's records, made again if an earlier process made them.
  ///
  /// - Throws: `OperationFailure`.
  func boundMappings() async throws -> [StagedMapping] {
    if let bound { return bound }
    var compilation = try await compiled()
    let snapshot = try openSnapshot()
    self.snapshot = snapshot
    if let fields = try snapshot.customFields() {
      // The definitions are available now: check what reads them before it is used.
      compilation = try await compile(customFields: fields)
      try checkDigests(compilation)
      self.compilation = compilation
    }
    let bound = try bind(compilation, snapshot)
    self.bound = bound
    // With the snapshot's location, which is known only now.
    do { try checkOutputs(bound.map(\.name)) } catch {
      self.bound = nil
      throw error
    }
    return bound
  }

  /// Restores what the accounts need if an earlier process nearly finished the run. What can no longer be read is left out.
  func restoreForAccounts() async {
    if snapshot == nil, state.isExtracted { snapshot = try? openSnapshot() }
    if compilation == nil, state.compiled != nil { compilation = try? await compiled() }
    // With the definitions, as in the run: otherwise its summary would say that custom fields could not be checked.
    if let fields = try? snapshot?.customFields(), compilation != nil { compilation = try? await compile(customFields: fields) }
    if let compilation { try? checkOutputs(compilation.units.compactMap { $0.model?.name }) }
  }

  private func openSnapshot() throws -> Snapshot {
    if let snapshot { return snapshot }
    guard let extracted = state.extracted, let id = extracted.snapshot else {
      throw OperationFailure(.fault, "the source produced no snapshot")
    }
    let root = targetFile == nil ? options.source.state.snapshots : folder.input
    let reader = SnapshotReader(root: root, formats: document.formats)
    let found = try reader.snapshot(id, location: targetFile == nil ? extracted.location ?? location : SnapshotImport.location)
    try found.verify()
    return found
  }

  func bind(_ compilation: PipelineCompilation, _ snapshot: Snapshot) throws -> [StagedMapping] {
    let manifest = snapshot.manifest
    let context = ProgramContext(
      locationZone: manifest.timezone, locationRegion: manifest.country, customFields: try snapshot.customFields(),
      entityTables: try EntityLookupLoader.tables(for: compilation.units.compactMap(\.model)) { snapshot.records(of: $0) },
      now: moment)
    let bound = try compilation.units.compactMap(\.model).map { model in
      var mapping = StagedMapping(try Program(model, context: context), folder: folder.staging)
      let advice = options.source.replay == nil ? "run without \(CommandOption.snapshot)" : SourceOptions.replayAdvice
      guard let entity = manifest.entities[mapping.entity] else {
        throw OperationFailure(
          .inputMissing,
          "snapshot \(snapshot.id) has no '\(mapping.entity)', which '\(mapping.name)' reads: \(advice)"
        )
      }
      mapping.input = corrected(snapshot.records(of: mapping.entity), of: mapping.name)
      // The number of records read from an existing snapshot, or fetched from a source.
      let most = readsSnapshot ? options.source.limit ?? .max : .max
      mapping.fetched = min(entity.count, most)
      mapping.expected = min(entity.expected, most)
      mapping.unknown = entity.unknown
      return mapping
    }
    if !bound.isEmpty { try copies(of: compilation).write(to: folder.staging, version: RunFolder.version) }
    return bound
  }
}
