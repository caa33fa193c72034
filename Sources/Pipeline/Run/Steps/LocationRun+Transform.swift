import Control
import Core
import Extract
import Files
import FoundationEssentials
import Mapping
import PipelineFile
import Records
import Report
import State
import Transform

/// Transforming the snapshot's records.
extension LocationRun {
  func transform(_ group: [Name]) async throws -> [RunFact] {
    let start = ContinuousClock.now
    let members = try await boundMappings().filter { group.contains(Name($0.name)) }
    guard members.count == group.count else {
      throw OperationFailure(.fault, "the mappings \(group.map(\.text).joined(separator: ", ")) do not match the compiled ones")
    }
    let links = try MappingLinks(members.map(\.program.model), folder: folder.staging)
    var counted: [MappingCounts] = []
    for index in links.order {
      let mapping = members[index]
      var counts = TransformCounts()
      let ledgerStart = ledger.byteCount
      do { try await transform(mapping, links.of(mapping.name), &counts) } catch {
        counted.append(MappingCounts(mapping.name, counts, ledgerStart: ledgerStart))
        let fact = RunFact.Staged(counted, isWhole: false, seconds: seconds(since: start))
        throw PartialStep(facts: [.staged(fact)], underlying: error)
      }
      counted.append(MappingCounts(mapping.name, counts, ledgerStart: ledgerStart))
    }
    do {
      return [.staged(.init(counted, ledgerEnd: try ledger.checkpoint(), seconds: seconds(since: start)))]
    } catch {
      throw PartialStep(
        facts: [.staged(.init(counted, isWhole: false, seconds: seconds(since: start)))], underlying: error)
    }
  }

  private func transform(_ mapping: StagedMapping, _ links: ProgramLinks, _ counts: inout TransformCounts) async throws {
    guard let input = mapping.input else { return }
    let profiler = try profiler(of: mapping)
    let writer = StagingWriter(
      program: mapping.program, base: mapping.base, expected: mapping.fetched, encoder: encoder(of: mapping), ledger: ledger,
      observer: observer, threads: options.threads, links: links,
      selection: try selection(of: mapping), profiles: profiler)
    var records = try input.open(mapping.program.model.fileReading)
    if readsSnapshot, let limit = options.source.limit { records = LimitedSource(records, limit: limit) }
    // A table's header has already been checked.
    if let targetFile, targetFile.format.header == nil {
      records = ClosedSource(records, known: KnownMembers(paths: mapping.program.model.targetPaths))
    }
    let result = try await writer.run(records, counts: &counts)
    keep(result.observations, of: mapping)
    if let profiler { try write(profiler, of: mapping) }
    try mapping.form(records: counts.written).write(to: StagedForm.path(mapping.base))
    try writeFields(of: mapping)
    // Only for files: members that the API omits are omitted by design.
    if snapshot?.location == SnapshotImport.location, options.source.replay == nil {
      try note(result.absent, of: mapping, &counts)
    }
    // One item per record, except with `each`: the count must match the manifest.
    if mapping.program.model.each == nil, result.read != mapping.fetched {
      throw OperationFailure(
        .fault, "'\(mapping.name)' read \(result.read) records, but \(input.name) has \(mapping.fetched)")
    }
  }

  /// For the integrity report, which may be made when the mapping has changed.
  private func writeFields(of mapping: StagedMapping) throws {
    let file = try OutputFile(path: folder.fields(of: mapping.name), mode: 0o600)
    try file.write(Redactor.process.redacted(MappedFields(mapping.program.model).json).prettyText)
    try file.commit()
  }

  /// Fields that no record of the input has, as warnings for the mapping.
  private func note(_ fields: [NeverPresent], of mapping: StagedMapping, _ counts: inout TransformCounts) throws {
    for field in fields {
      try ledger.append(
        field.line(of: mapping.name, run: id, inputFile: mapping.input?.name, time: options.now().ISO8601Format()))
    }
    counts.add(fields)
    try ledger.mark()
  }

  func encoder(of mapping: StagedMapping) -> ProblemLines {
    ProblemLines(
      mapping.program,
      context: .init(
        run: id, inputFile: targetFile.map(\.name) ?? mapping.input?.name, time: options.now().ISO8601Format(),
        digestKey: scope.digestKey))
  }
}
