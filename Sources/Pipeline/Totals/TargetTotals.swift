import Core
import Files
import Load
import PipelineFile
import Records
import Report
import State

/// What the destinations of a mapping have accepted. The staged records are read once for all of them, and memory does not grow with
/// their number, except for the outcomes: a byte for each record.
struct TargetTotals {
  /// One destination of the mapping.
  struct Part {
    var destination: any Destination
    /// The destination's fate log; nil: there is none.
    var fates: String?
    /// Records without a fate have been accepted.
    var isLoadedWithoutFates: Bool
    /// Nothing was loaded: all staged records count.
    var isStaged: Bool
  }

  let form: StagedForm
  /// The path of the staged records.
  let records: String
  let options: TotalsOptions
  let makePart: (StagedForm) -> LoadPart

  private struct Tally {
    var session: (any TotalsSession)?
    var fates: Fates?
    var part: Part

    func counts(_ ordinal: Int) -> Bool {
      if part.isStaged { return true }
      guard let fates else { return part.isLoadedWithoutFates }
      return fates[ordinal].map { Outcome.loaded.contains($0.outcome) } ?? false
    }

    mutating func add(_ batch: StagedBatch) throws {
      guard session != nil else { return }
      // Neighbors that count are added together.
      var start: Int?
      for index in 0...batch.count {
        let isCounted = index < batch.count && counts(Int(batch.first) + index)
        if isCounted, start == nil { start = index }
        if !isCounted, let first = start {
          try session?.add(batch[first..<index])
          start = nil
        }
      }
    }
  }

  /// - Throws: `OperationFailure`, `CancellationError`.
  func of(_ parts: [Part]) throws -> [ControlTotalsDocument.Destination] {
    let part = makePart(form)
    var tallies = try parts.map { one in
      Tally(
        // What a destination cannot take, it has already refused.
        session: (try? one.destination.beginTotals(part, options)) ?? nil,
        fates: try one.isStaged ? nil : one.fates.map { try Fates(path: $0, count: form.records) }, part: one)
    }
    let reader = try StagedReader(records, mapping: form.mapping, columns: form.loadColumns, count: form.records)
    while let batch = try reader.next() {
      for index in tallies.indices { try tallies[index].add(batch) }
    }
    let fields = form.loadColumns.map(\.name)
    let hidden = Set(form.columns.indices.filter { form.columns[$0].privacy != .show })
    return try tallies.map { tally in
      var tally = tally
      let totals = try tally.session?.finish()
      return .init(
        destination: tally.part.destination.name, isLoaded: !tally.part.isStaged,
        totals: totals.map { RecordFigures($0, fields: fields, hidden: hidden) })
    }
  }
}
