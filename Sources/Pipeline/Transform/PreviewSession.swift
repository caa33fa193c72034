package import Core
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
    /// Only the records of these lines are kept.
    package var lines: Set<Int>?
    /// Records that are kept.
    package var maximumRecords = 10_000
    package var threads = 1

    package init(_ job: TransformJob.Options) { self.job = job }
  }

  package struct Shown: Sendable, Equatable {
    package var item: PreviewJob.Item
    /// The target's fields as they were before the last save, where they were different: name and JSON text, nil where
    /// the field was not there.
    package var was: [String: String?] = [:]
    /// The target is not what it was before the last save.
    package var isChanged = false

    package init(item: PreviewJob.Item, was: [String: String?] = [:], isChanged: Bool = false) {
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
    package var failure: PipelineFailure?
    /// The input has more records than are kept.
    package var isCut = false
    package var milliseconds = 0.0
    /// There has been a result without an error.
    package var hasResult = false
  }

  private let options: Options
  private var records: PreviewRecords?
  /// How they were read.
  private var reading = RecordReading()
  private var rows: PreviewRows?
  private var reader: PreviewReader?
  private var last = Result(number: 0)
  /// The last that could be told: a mapping that cannot be read names none.
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
      result.failure = PipelineFailure(error)
    }
    result.milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
    last = result
    return result
  }

  private func refresh(_ result: inout Result) async throws {
    let paths = try TransformPaths(options.job)
    let program = try TransformCompiler.compile(options.job, paths, &result.diagnostics)
    let records = try kept(paths, program.model.fileReading)
    var rows = PreviewRows(code: options.code)
    var source = PreviewRecords.Source(batches: records.batches)
    var how = TransformRunner.Options(threads: options.threads)
    how.writesOutcomes = true
    let runner = TransformRunner(program, encoding: .staged(program), options: how)
    result.counts = try await runner.run(&source) { rows.add($0) }
    result.isCut = records.isCut
    let changes = self.rows.map { rows.changes(since: $0) }
    result.changed = changes?.count
    let reader = PreviewReader(program)
    result.items = shown(records, rows, changed: changes?.lines ?? [], by: reader)
    result.hasResult = true
    self.rows = rows
    self.reader = reader
  }

  private func kept(_ paths: TransformPaths, _ reading: RecordReading) throws -> PreviewRecords {
    // What the mapping reads changes from save to save; how the file is read hardly ever does.
    let isSame = reading.onBadQuote == self.reading.onBadQuote && reading.maximumRecordBytes == self.reading.maximumRecordBytes
    if let records, isSame { return records }
    var source: any RecordSource =
      paths.isEmptyFile
      ? NDJSONSource(MemoryInput([])) : try RecordInput.open(options.job.input, format: paths.inputFormat, reading: reading)
    let records = try PreviewRecords(&source, maximum: options.maximumRecords, lines: options.lines)
    self.records = records
    self.reading = reading
    return records
  }

  /// Those that changed first, then from the first on.
  private func shown(
    _ records: PreviewRecords, _ rows: PreviewRows, changed: [Int], by reader: PreviewReader
  ) -> [Shown] {
    var shown: [Shown] = []
    var seen: Set<Int> = []
    for line in changed.lazy.map({ $0 }) + rows.rows.lazy.map(\.line) {
      guard shown.count < options.limit else { break }
      guard let place = records.places[line], seen.insert(line).inserted else { continue }
      if options.code != nil, !rows.linesWithCode.contains(line) { continue }
      let batch = records.batches[place.batch]
      let items = reader.items(of: batch.items[place.item], in: batch)
      let before = self.reader?.items(of: batch.items[place.item], in: batch)
      for (index, item) in items.enumerated() where shown.count < options.limit {
        if let code = options.code, !item.problems.contains(where: { $0.code == code }) { continue }
        let old = before.flatMap { index < $0.count ? $0[index] : nil }
        shown.append(Self.compare(item, with: before == nil ? item : old))
      }
    }
    return shown
  }

  private static func compare(_ item: PreviewJob.Item, with old: PreviewJob.Item?) -> Shown {
    guard let old else { return Shown(item: item, isChanged: true) }
    let before = Dictionary(old.target.map { ($0.name, $0.text) }, uniquingKeysWith: { first, _ in first })
    var shown = Shown(item: item, isChanged: item.target != old.target || item.outcome != old.outcome)
    guard old.outcome == item.outcome else { return shown }
    for pair in item.target where before[pair.name] != pair.text { shown.was[pair.name] = .some(before[pair.name]) }
    return shown
  }
}
