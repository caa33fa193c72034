import Control
import Core
import Files
import FoundationEssentials
import Load
import PipelineFile
import Records
import Report
import State
import Values

/// The control totals of a run, while what it staged is still there.
extension LocationRun {
  /// Writes `totals.json`. A run that was interrupted has none yet: it is accounted for again when it is continued.
  ///
  /// - Parameter fates: of the mappings that have read something.
  /// - Throws: `OperationFailure`.
  func writeTotals(_ fates: [OutcomeWriter.Fate]) throws {
    let names = fates.map(\.part.mapping).reduce(into: [Name]()) { if !$0.contains($1) { $0.append($1) } }
    guard !names.isEmpty else { return }
    do {
      let mappings = try names.map { name in try totals(of: name, fates.filter { $0.part.mapping == name }) }
      try ControlTotalsDocument(run: id, time: options.now().ISO8601Format(), mappings: mappings).write(to: folder.totals)
    } catch {
      // Those of an earlier attempt count something else.
      if FileKind.of(folder.totals) == .regular { FileRemoval.file(folder.totals) }
      // Of a run that has failed, what can no longer be added up is not recorded.
      if error is CancellationError || !state.failures.isEmpty { return }
      throw error
    }
  }

  private func totals(of mapping: Name, _ fates: [OutcomeWriter.Fate]) throws -> ControlTotalsDocument.Mapping {
    let base = fates[0].base
    let source = try SourceTotals.of(
      base, fates[0].source, digestKey: ComparisonDigest.key(scope.digestKey), scratch: folder.staging)
    // Without a form, the transform has failed.
    guard let form = try StagedForm.read(StagedForm.path(base)), KeptFile.exists("\(base).ndjson") else {
      return .init(mapping: mapping.text, source: source, destinations: [])
    }
    let totals = TargetTotals(
      form: form, records: "\(base).ndjson",
      options: .init(scratch: folder.staging, digestKey: ComparisonDigest.key(scope.digestKey))
    ) { [document, id, started, location] form in
      LoadPart(
        run: id, date: String(started.prefix(10)), pipeline: document.name, location: location, mapping: form.mapping,
        columns: form.loadColumns, key: form.key, count: form.records)
    }
    let isDryRun = isDryRun
    let parts = fates.map { fate in
      TargetTotals.Part(
        destination: destination(named: fate.part.destination), fates: fate.fates,
        isLoadedWithoutFates: fate.unlogged == .written,
        isStaged: isDryRun || state.reached(fate.part) == nil)
    }
    return .init(mapping: mapping.text, source: source, destinations: try totals.of(parts))
  }
}

/// The key of hash totals: the same in a run and in a comparison, so that their results can be compared.
enum ComparisonDigest {
  static func key(_ digestKey: DigestKey) -> [UInt8] {
    let purpose = "waybill reconcile"
    return Array(digestKey.hex(of: purpose.utf8Span.span).utf8)
  }
}
