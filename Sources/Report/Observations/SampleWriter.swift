import Control
import Core
import Files
import Records
package import Transform
package import Values

/// Makes the random sample of a mapping, while its staged records and its input can still be read.
package struct SampleWriter {
  let program: Program
  /// Of the mapping at each destination, at least one.
  let fates: [OutcomeWriter.Fate]
  /// The run's ledger.
  let ledger: String
  let digestKey: DigestKey?

  package init(_ program: Program, fates: [OutcomeWriter.Fate], ledger: String, digestKey: DigestKey?) {
    self.program = program
    self.fates = fates
    self.ledger = ledger
    self.digestKey = digestKey
  }

  /// The same for the same seed and the same input, with any number of threads.
  ///
  /// - Throws: `OperationFailure`.
  package func sample(seed: String, size: Int = SampleDocument.size) throws -> SampleDocument {
    guard let first = fates.first else {
      return SampleDocument(mapping: program.model.name, seed: seed, of: 0, records: [])
    }
    let choice = try SampleChoice(first.base, seed: seed, size: size, ledgerStart: first.counts.ledgerStart)
    let items = choice.items
    let sources = try? first.source.map { try SampledSources($0, items) }
    let staged = try? FileRegions(path: "\(first.base).ndjson")
    let loaded = try fates.map { fate in try fate.fates.map { try Fates(path: $0, count: fate.counts.written) } }
    let records = items.map { record(of: $0, sources: sources?.values[$0.index], target: target(of: $0, in: staged), loaded) }
    return SampleDocument(mapping: program.model.name, seed: seed, of: choice.count, records: records)
  }

  /// Nil: it has none, or it cannot be read back.
  private func target(of item: SampleChoice.Item, in staged: FileRegions?) -> JSONValue? {
    guard item.ordinal != nil, let bytes = try? staged?.bytes(item.staged) else { return nil }
    let line = bytes.split(separator: UInt8(ascii: "\n")).last.map { Array($0) } ?? []
    return (try? JSONReader.read(line))?["record"]
  }

  private func record(
    of item: SampleChoice.Item, sources: [SampledSources.Path: String]?, target: JSONValue?, _ loaded: [Fates?]
  ) -> SampleDocument.Record {
    let reasons = RejectReasons(ledger: ledger, start: item.ledgerStart)
    var why = reasons.reason(of: item.entry)
    var ended: [SampleDocument.Fate] = []
    for (fate, loaded) in zip(fates, loaded) {
      let known = item.ordinal.flatMap { loaded?[$0] }
      let outcome =
        item.ordinal == nil ? item.entry.outcome : known?.outcome ?? (loaded == nil ? fate.unlogged : .pending)
      ended.append(.init(destination: fate.part.destination.text, outcome: outcome))
      if why == nil, outcome == .failed, let known { why = reasons.reason(of: known) }
    }
    let element = item.entry.element
    return SampleDocument.Record(
      record: item.key.map { element < 0 ? $0 : "\($0)#\(element)" }, line: item.entry.line,
      element: element < 0 ? nil : element, fates: ended,
      problem: why.map { .init(code: $0.code, field: $0.field, message: $0.message) },
      isUnread: sources == nil || item.ordinal != nil && target == nil, fields: fields(sources ?? [:], target))
  }

  private func fields(_ sources: [SampledSources.Path: String], _ target: JSONValue?) -> [SampleDocument.Field] {
    program.layout.columns.enumerated().map { column, layout in
      let field = program.model.fields[program.fieldOfColumn[column]]
      return SampleDocument.Field(
        field: layout.name,
        sources: program.allSources(of: field).map {
          .init(path: $0.text, value: shown(sources[SampledSources.Path($0)], field.privacy))
        },
        target: shown(layout.path.reduce(target) { $0?[$1] }.flatMap { Self.text(of: $0) }, field.privacy))
    }
  }

  private func shown(_ text: String?, _ privacy: Privacy) -> String? {
    text.map { Masking.string(Array($0.utf8).span, as: privacy, key: digestKey) }
  }

  private static func text(of value: JSONValue) -> String? {
    switch value {
    case .null: nil
    case .string(let text): text
    default: value.text
    }
  }
}
