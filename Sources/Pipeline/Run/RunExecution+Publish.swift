import Core
import Extract
import Files
import Load
import Records
import Report
import Transform

/// Publishing: every file of every destination is prepared beside its path and synced before the first appears.
extension RunExecution {
  private struct Prepared {
    var file: OutputFile
    var destination: String
    var mapping: StagedMapping
    var count: Int
  }

  var destinations: [DestinationDocument] {
    document.destinations.filter { options.destinations?.contains(exactly: $0.name) ?? true }
  }

  /// - Parameter atPaths: false: the files go into the run's folder, and the pipeline's paths are left untouched.
  /// - Throws: `OperationFailure`, `CancellationError`. Until the first file appears, the files at the paths are
  ///   untouched.
  func publish(_ ledger: RunLedgerWriter, atPaths: Bool) throws {
    var prepared: [Prepared] = []
    defer { for one in prepared { one.file.abandon() } }
    for mapping in staged {
      // One program serves all destinations; each adds its escaped formulas to the ledger.
      let encoder = encoder(of: mapping, input: mapping.input?.name)
      for destination in destinations where destination.takes(mapping.name) {
        observer.stageBegan(.load, of: "\(destination.name) \(mapping.name)", expected: mapping.counts.written)
        defer { observer.stageEnded(.load, of: "\(destination.name) \(mapping.name)") }
        let publisher = FilePublisher(mapping: mapping, destination: destination) { column, key, line, text in
          var log = ProblemLog()
          let problem = Problem(
            .formulaEscaped, severity: .warning, stage: .load, subject: .field(Int32(column)),
            record: RecordMark(line: line, offset: 0),
            value: log.copy(text, as: mapping.program.field(of: .field(Int32(column)))?.privacy ?? .never),
            key: log.copy(key: key))
          try ledger.append(encoder.line(of: problem, in: log))
          mapping.note(ProblemCode.formulaEscaped.slug, .warning)
          try ledger.mark()
        }
        let place = try atPaths ? path(of: destination, mapping.name) : keptPath(of: destination, mapping.name)
        let (file, count) = try publisher.prepare(place, isPrivate: !atPaths)
        prepared.append(Prepared(file: file, destination: destination.name, mapping: mapping, count: count))
        guard count == mapping.counts.written else {
          throw OperationFailure(
            .fault,
            "'\(mapping.name)' staged \(mapping.counts.written) records, but \(count) were encoded for '\(destination.name)'")
        }
        observer.stageAdvanced(.load, of: "\(destination.name) \(mapping.name)", done: count)
      }
    }
    try Task.checkCancellation()
    for one in prepared {
      try one.file.commit()
      for warning in one.file.warnings { observer.note("warning: \(warning)") }
      guard atPaths else {
        kept.append(one.file.path)
        continue
      }
      appeared.insert([Name(one.destination), Name(one.mapping.name)])
      published.append(one.file.path)
    }
  }

  private func keptPath(of destination: DestinationDocument, _ mapping: String) throws -> String {
    let run = RunFolder(path: folder ?? options.source.state.run(summary.run))
    _ = try run.makeFolder(of: destination.name)
    return run.kept(SortableName.safe(mapping), for: destination)
  }

  /// Removes what killed runs left beside the outputs.
  func removeLeftovers(_ compilation: PipelineCompilation) {
    let paths = destinations.flatMap { destination in
      compilation.units.compactMap(\.model?.name).filter { destination.takes($0) }.map { path(of: destination, $0) }
    }
    var folders: Set<Name> = []
    for path in paths where folders.insert(FilePath.folder(of: path)) {
      let names = OutputFile.removeLeftovers(beside: path)
      if !names.isEmpty { observer.note("removed what an interrupted run left beside \(path): \(names.joined(separator: ", "))") }
    }
  }

  func path(of destination: DestinationDocument, _ mapping: String) -> String {
    destination.path.path([
      .location: location, .mapping: SortableName.safe(mapping), .run: summary.run,
      .date: String(summary.started.prefix(10)),
    ])
  }

  /// The value of `{location}`: the location of the records.
  var location: String {
    switch document.source {
    case .ghl(let source): options.source.location ?? source.location
    case .files: SnapshotImport.location
    case .snapshot: snapshotLocation ?? SnapshotImport.location
    }
  }
}
