import Core
import Extract
import Records
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
    document.destinations.filter { options.destinations?.contains($0.name) ?? true }
  }

  /// - Throws: `OutputFailure`, `CancellationError`, `PipelineFailure`, `StateFailure`. Before the first file appeared, what
  ///   lay at the paths is untouched.
  func publish(_ ledger: RunLedgerWriter) throws {
    var prepared: [Prepared] = []
    defer { for one in prepared { one.file.abandon() } }
    for mapping in staged {
      // One program serves all destinations; the ledger hears of escaped formulas from each.
      let encoder = encoder(of: mapping, input: mapping.input)
      for destination in destinations where destination.takes(mapping.name) {
        observer.stageBegan(.load, of: "\(destination.name) \(mapping.name)", expected: mapping.counts.written)
        defer { observer.stageEnded(.load, of: "\(destination.name) \(mapping.name)") }
        let publisher = FilePublisher(mapping: mapping, destination: destination) { column, key, line, text in
          var log = ProblemLog()
          let problem = Problem(
            .formulaEscaped, severity: .warning, stage: .load, field: Int32(column), record: RecordMark(line: line, offset: 0),
            value: log.copy(text, as: mapping.program.field(Int32(column))?.privacy ?? .never), key: log.copy(key: key))
          mapping.note(ProblemCode.formulaEscaped.slug, .warning)
          try ledger.append(encoder.line(of: problem, in: log))
        }
        let (file, count) = try publisher.prepare(path(of: destination, mapping))
        prepared.append(Prepared(file: file, destination: destination.name, mapping: mapping, count: count))
        guard count == mapping.counts.written else {
          throw PipelineFailure(
            .fault,
            "'\(mapping.name)' staged \(mapping.counts.written) records, and \(count) were encoded for '\(destination.name)'")
        }
        observer.stageAdvanced(.load, of: "\(destination.name) \(mapping.name)", done: count)
      }
    }
    try Task.checkCancellation()
    for one in prepared {
      try one.file.commit()
      appeared.insert([one.destination, one.mapping.name])
      published.append(one.file.path)
    }
  }

  private func path(of destination: DestinationDocument, _ mapping: StagedMapping) -> String {
    destination.path.path([
      .location: location, .mapping: SnapshotName.safe(mapping.name), .run: summary.run,
      .date: String(summary.started.prefix(10)),
    ])
  }

  var location: String {
    switch document.source {
    case .ghl(let source): options.source.location ?? source.location
    case .files, .snapshot: SnapshotImport.location
    }
  }

  /// Paths that differ as templates, or in their spelling, may be one file after all: also one that the run reads.
  ///
  /// - Throws: `PipelineFailure` with the exit code `wrongFile`.
  func checkPaths() throws {
    var readers: [String: String] = [:]
    func reads(_ path: String, _ what: String) {
      for identity in [FileIdentity.written(path), FileIdentity.read(path)] { readers[identity] = "\(what) \(path)" }
    }
    if case .files(_, let files) = document.source { for file in files { reads(file.path, "the source file") } }
    for mapping in document.mappings { reads(mapping.path, "the mapping") }
    reads(document.file, "the pipeline file")
    var writers: [String: String] = [:]
    for destination in destinations {
      for mapping in staged where destination.takes(mapping.name) {
        let path = path(of: destination, mapping)
        let identity = FileIdentity.written(path)
        if let other = readers[identity] {
          throw PipelineFailure(
            .wrongFile, "'\(destination.name) \(mapping.name)' would be written over \(other): give it another path")
        }
        if let other = writers.updateValue("\(destination.name) \(mapping.name)", forKey: identity) {
          throw PipelineFailure(
            .wrongFile, "'\(other)' and '\(destination.name) \(mapping.name)' would both be written to \(path)")
        }
      }
    }
  }
}
