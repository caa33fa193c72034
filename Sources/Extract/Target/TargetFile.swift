package import Core
package import Records

/// Finished target records in a file or from a pipe, loaded instead of the source's records.
package struct TargetFile: Sendable, Hashable {
  /// `-`: standard input.
  package var path: String
  package var format: SourceFormat
  package var reading: FileReading
  /// The location that the records belong to; nil if it is not known yet.
  package var location: String?

  package init(path: String, format: SourceFormat, reading: FileReading = .init(), location: String? = nil) {
    self.path = path
    self.format = format
    self.reading = reading
    self.location = location
  }

  /// The name in messages and ledgers; nil for standard input, which has no path.
  package var name: String? { path == "-" ? nil : path }

  /// What a mapping writes and reads: enough to tell target records from source records.
  package struct Form: Sendable {
    package var mapping: String
    package var known: KnownMembers
    /// The names of the target's key fields.
    package var key: [String]
    /// The top-level source fields that the mapping reads.
    package var sourceFields: Set<Name>

    package init(mapping: String, paths: [[String]], key: [String], sourceFields: Set<Name>) {
      self.mapping = mapping
      known = KnownMembers(paths: paths)
      self.key = key
      self.sourceFields = sourceFields
    }
  }

  /// Copies the records, so that the run can be resumed, and checks that they have this form.
  ///
  /// - Parameters:
  ///   - root: the folder for the copy.
  ///   - entity: the name of the records in the copy.
  ///   - longest: the maximum size of a record in bytes.
  /// - Throws: `OperationFailure`, `CancellationError`.
  package func copy(to root: String, as entity: String, limit: Int?, longest: Int, form: Form) throws -> Snapshot {
    var reading = RecordReading()
    (reading.file, reading.place, reading.maximumRecordBytes) = (self.reading, .options, longest)
    if format.header == nil, RecordInput.isRegular(path) {
      try InputAdvice.check(
        RecordInput.open(path, format: format, reading: reading), path, format: format, self.reading, in: .options)
    }
    reading.expectedColumns = form.known.names
    let snapshot = try SnapshotImport(root: root, limit: limit)
      .run([.init(entity: entity, path: path, format: format, reading: reading)])
    guard let records = snapshot.records(of: entity) else { return snapshot }
    if let header = try records.header(reading) {
      try check(header.columns, form)
    } else {
      try check(records.open(reading), form)
    }
    return snapshot
  }

  /// All rows of a table have the same columns, so the table is refused as a whole.
  private func check(_ columns: [String], _ form: Form) throws(OperationFailure) {
    let unknown = columns.filter { !form.known.names.contains(exactly: $0) }
    if unknown.contains(where: { form.sourceFields.contains(Name($0)) }) { throw isOfSource(unknown, form) }
    if let first = unknown.first {
      let hint = NearestName.hint(first, in: form.known.names) ?? "its fields are: \(form.known.names.joined(separator: ", "))"
      throw OperationFailure(
        .wrongFile, "\(shown) has the column '\(first)', which '\(form.mapping)' does not write: remove or rename it; \(hint)")
    }
    if let key = form.key.first(where: { !columns.contains(exactly: $0) }) {
      throw OperationFailure(.wrongFile, "\(shown) has no column '\(key)', which is the key of '\(form.mapping)': add it")
    }
  }

  /// If every record has source fields that the target lacks, the records have not been transformed yet.
  private func check(_ source: any RecordSource, _ form: Form) throws {
    var first: any RecordSource = LimitedSource(source, limit: 100)
    let batch = RecordBatch()
    var found: [String] = []
    while try first.fill(batch) {
      for item in batch.items where item.fault == nil {
        let strangers = form.known.strangers(in: UnsafeBufferPointer(rebasing: batch.bytes[item.start..<item.end]))
        let names = strangers.compactMap { stranger -> String? in
          if case .unknown(let path) = stranger, let name = path.first, form.sourceFields.contains(Name(name)) {
            name
          } else {
            nil
          }
        }
        if names.isEmpty { return }
        found += names.filter { !found.contains(exactly: $0) }
      }
    }
    if !found.isEmpty { throw isOfSource(found, form) }
  }

  private var shown: String { name ?? "standard input" }

  private func isOfSource(_ fields: [String], _ form: Form) -> OperationFailure {
    let names = fields.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    return OperationFailure(
      .wrongFile,
      "\(shown) contains source records (\(names)\(fields.count > 3 ? ", …" : "")), not target records of '\(form.mapping)': "
        + "run `waybill transform` on them first, or use `waybill run` to load the pipeline's own source")
  }
}
