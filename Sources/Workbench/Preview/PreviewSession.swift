package import Core
import Files
import Mapping
import Records
package import Transform

/// A preview that is made again and again while somebody works on the mapping: the records are read once and stay in
/// memory, a refresh compiles the mapping and takes all of them through it.
///
/// On an error the last result stays, with what is wrong beside it.
package final class PreviewSession {
  package struct Options: Sendable {
    package var job: TransformJob.Options
    /// Records that are shown.
    package var limit = 5
    /// Only records with a problem of this slug are shown.
    package var code: String?
    /// Only the records of these lines are shown, and only they are kept if no record depends on another.
    package var lines: Set<Int>?
    /// Records that are kept.
    package var maximumRecords = 10_000
    package var threads = 1

    package init(_ job: TransformJob.Options) { self.job = job }
  }

  package struct Shown: Sendable, Equatable {
    package var item: PreviewItem
    /// The target's fields as they were before the last save, where they were different: name and JSON text, nil where
    /// the field was not there.
    package var was: [Name: String?] = [:]
    /// The target is not what it was before the last save.
    package var isChanged = false

    package init(item: PreviewItem, was: [Name: String?] = [:], isChanged: Bool = false) {
      self.item = item
      self.was = was
      self.isChanged = isChanged
    }
  }

  package struct Result: Sendable {
    /// From 1, one per refresh.
    package var number: Int
    package var counts = TransformCounts()
    package var items: [Shown] = []
    /// Items whose target is not what it was at the last result without an error; nil for the first.
    package var changed: Int?
    package var diagnostics = Diagnostics()
    /// Why there is no new result; what is shown is the last one.
    package var failure: OperationFailure?
    /// What could not be checked, and why: sentences for people.
    package var notes: [String] = []
    /// The input has more records than are kept.
    package var isCut = false
    package var milliseconds = 0.0
    /// There has been a result without an error.
    package var hasResult = false
  }

  private let options: Options
  private var records: PreviewRecords?
  /// Only the records of these lines were kept; nil: all.
  private var keptLines: Set<Int>?
  /// How they were read, and what the input declared then.
  private var reading = RecordReading()
  private var header: TableHeader?
  /// The last result without an error, and the program that produced it.
  private var before: (rows: PreviewRows, reader: PreviewReader)?
  private var keys: [Name: LoadedKeys] = [:]
  private var last = Result(number: 0)
  /// The last known one: an unreadable mapping names none.
  private var knownFiles: [String]

  package init(_ options: Options) {
    self.options = options
    knownFiles = [options.job.mapping]
  }

  /// What a refresh reads, besides the records.
  package func files() -> [String] {
    if let files = MappingFiles.all(of: options.job.mapping) { knownFiles = files }
    return knownFiles + [options.job.customFields].compactMap(\.self)
  }

  /// Never throws.
  package func refresh() async -> Result {
    let start = ContinuousClock.now
    var result = last
    result.number += 1
    result.diagnostics = Diagnostics()
    result.failure = nil
    do {
      try await refresh(&result)
    } catch {
      result.failure = OperationFailure(error)
    }
    result.milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    last = result
    return result
  }

  private func refresh(_ result: inout Result) async throws {
    let paths = try TransformPaths(options.job)
    let compiled = try await TransformCompiler.compile(options.job, paths, &result.diagnostics)
    let program = compiled.program
    let records = try kept(paths, of: compiled)
    var rows = PreviewRows(program, code: options.code)
    var source = PreviewRecords.Source(batches: records.batches)
    var how = TransformRunner.Options(threads: options.threads)
    how.recordsItems = true
    let (links, notes) = try links(of: program)
    let runner = TransformRunner(program, encoding: .staged(program), options: how, links: links)
    result.notes = records.notes.map(\.text) + notes
    result.counts = try await runner.run(&source) { rows.add($0) }
    if result.counts.read > 0, result.counts.rejected * 2 >= result.counts.read, let advice = paths.advice(options.job) {
      result.notes.append(advice)
    }
    result.notes += program.model.referenced.compactMap { keys[$0]?.advice }
    result.isCut = records.isCut
    // With only some of the records, it is unknown whether a field is missing from all.
    if !records.isCut, options.lines == nil { result.counts.add(NeverPresent.all(result.counts.absent, in: program)) }
    let changes = before.map { rows.changes(since: $0.rows) }
    result.changed = changes?.count
    let reader = PreviewReader(compiled)
    result.items = shown(records, rows, changed: changes?.rows ?? [], by: reader)
    result.hasResult = true
    before = (rows, reader)
  }

  private func kept(_ paths: TransformPaths, of compiled: CompiledTransform) throws -> PreviewRecords {
    let program = compiled.program
    let reading = program.model.fileReading
    // What the mapping reads changes from save to save; how the file is read hardly ever does. The columns of a file that was replaced
    // would not be those of the records that were kept.
    let isSame =
      compiled.header == header && reading.onBadQuote == self.reading.onBadQuote
      && reading.maximumRecordBytes == self.reading.maximumRecordBytes
    // A record's outcome may depend on all others.
    let isAlone = program.model.merge == nil && program.model.unique.isEmpty
    let lines = isAlone ? options.lines : nil
    if let records, isSame, lines == keptLines { return records }
    var source = try paths.open(options.job, reading)
    let records = try PreviewRecords(&source, maximum: options.maximumRecords, lines: lines)
    self.records = records
    keptLines = lines
    self.reading = reading
    header = compiled.header
    return records
  }

  /// The keys of the mappings that this one references, as far as they were given.
  private func links(of program: Program) throws -> (links: ProgramLinks, notes: [String]) {
    var links = ProgramLinks()
    var notes: [String] = []
    for name in program.model.referenced {
      if keys[name] == nil, let file = options.job.keys.first(where: { $0.mapping.isExactly(name) }) {
        keys[name] = try file.load(folder: SpillFolder.standard)
      }
      if let known = keys[name] {
        known.registry.resetUsage()
        links.references[name] = known.registry
        notes += known.notes
      } else {
        notes.append("references to '\(name)' are not checked: pass the keys it wrote with \(CommandOption.keys) \(name)=FILE")
      }
    }
    return (links, notes)
  }

  /// Those that changed first, then from the first on.
  private func shown(_ records: PreviewRecords, _ rows: PreviewRows, changed: [Int], by reader: PreviewReader) -> [Shown] {
    var shown: [Shown] = []
    var seen: Set<PreviewRows.Place> = []
    for row in changed.lazy.map({ $0 }) + rows.rows.indices.lazy.map({ $0 }) {
      guard shown.count < options.limit else { break }
      let record = rows.rows[row].place.record
      guard let place = records.places[record], options.lines?.contains(record.line) ?? true else { continue }
      if options.code != nil, !rows.recordsWithCode.contains(record) { continue }
      // The elements of a record are shown together.
      guard seen.insert(record).inserted else { continue }
      let batch = records.batches[place.batch]
      let items = reader.items(of: batch.items[place.item], in: batch, among: rows)
      let before = before.map { $0.reader.items(of: batch.items[place.item], in: batch, among: $0.rows) }
      for (index, item) in items.enumerated() where shown.count < options.limit {
        if let code = options.code, !item.problems.contains(where: { $0.code == code }) { continue }
        let old = before.flatMap { index < $0.count ? $0[index] : nil }
        shown.append(Self.compare(item, with: before == nil ? item : old))
      }
    }
    return shown
  }

  private static func compare(_ item: PreviewItem, with old: PreviewItem?) -> Shown {
    guard let old else { return Shown(item: item, isChanged: true) }
    let before = Dictionary(old.target.map { (Name($0.name), $0.text) }, uniquingKeysWith: { first, _ in first })
    var shown = Shown(item: item, isChanged: item.target != old.target || item.outcome != old.outcome)
    guard old.outcome == item.outcome else { return shown }
    for pair in item.target where !before[pair.name].isExactly(pair.text) { shown.was[pair.name] = .some(before[pair.name]) }
    return shown
  }
}
