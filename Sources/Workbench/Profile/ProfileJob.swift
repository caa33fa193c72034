package import Core
package import Files
import FoundationEssentials
import Mapping
package import Profiles
package import Records
import Transform

/// The profile of a file or of the records of a snapshot: what `waybill profile` does.
package struct ProfileJob: Sendable {
  package struct Options: Sendable {
    /// A path, or `-` for standard input; with `records`, their name.
    package var input: String
    /// The records of a snapshot, one part for each location, instead of those of a file.
    package var records: [StoredRecords] = []
    /// Nil: by the extension, NDJSON on pipes.
    package var inputFormat: SourceFormat?
    package var inputReading = FileReading()
    /// The mapping file whose `pii` says what is masked.
    package var mapping: String?
    package var boundary: FileBoundary?
    /// A file with the definitions of custom fields.
    package var customFieldsFile: String?
    /// The definitions of all locations, if they are known already.
    package var customFields: [CustomFieldDefinition] = []
    /// Of the records; nil if unknown.
    package var shape: ObjectShape?
    package var isUnmasked = false
    package var threads = 1
    /// RFC 3339, in UTC.
    package var now = Date().ISO8601Format()

    package init(input: String) { self.input = input }
  }

  package struct Report: Sendable {
    package var document: ProfileDocument
    package var notes: [InputNote] = []
    package var diagnostics = Diagnostics()
  }

  private let options: Options
  private let observer: any RunObserver

  package init(_ options: Options, observer: any RunObserver = SilentObserver()) {
    self.options = options
    self.observer = observer
  }

  /// - Throws: `OperationFailure`, `CancellationError`.
  package func run() async throws -> Report {
    var transform = TransformJob.Options(mapping: options.mapping ?? "", input: options.input)
    transform.inputFormat = options.inputFormat
    transform.inputReading = options.inputReading
    transform.records = options.records.first
    transform.customFields = options.customFieldsFile
    transform.boundary = options.boundary
    let paths = try TransformPaths(transform)
    var diagnostics = Diagnostics()
    let customFields = CustomFieldNames(try definitions())
    var mask = ProfileMask.standard(shape: options.shape, customFields: customFields)
    var reading = RecordReading()
    var mapping: String?
    if options.mapping != nil {
      let model = try await TransformCompiler.compile(transform, paths, &diagnostics).program.model
      mask = .source(of: model, customFields: customFields, standard: mask)
      reading = model.reading
      mapping = model.name
    } else {
      try paths.checkContent(transform)
    }
    let today = String(options.now.prefix(10))
    var runner = ProfileRunner.Options(today: ProfileDocument.days(of: today))
    runner.threads = options.threads
    runner.mask = options.isUnmasked ? .nothing : mask
    runner.customFields = customFields
    runner.customFieldList = "customFields"
    let sources: [() throws -> any RecordSource] =
      options.records.isEmpty
      ? [{ try paths.open(transform, reading) }] : options.records.map { records in { try records.open(reading) } }
    observer.stageBegan(.profile, of: options.input, expected: nil)
    defer { observer.stageEnded(.profile, of: options.input) }
    let result = try await ProfileRunner(runner).run(sources) { done in
      observer.stageAdvanced(.profile, of: options.input, done: done)
    }
    return Report(
      document: ProfileDocument(
        mapping: mapping, input: options.input == "-" ? "standard input" : options.input, records: result.side.records,
        notProfiled: result.notProfiled, today: today, isUnmasked: options.isUnmasked, source: result.side),
      notes: result.notes, diagnostics: diagnostics)
  }

  private func definitions() throws -> [CustomFieldDefinition] {
    guard let file = options.customFieldsFile else { return options.customFields }
    var diagnostics = Diagnostics()
    guard let found = CustomFieldsFile.load(path: file, &diagnostics) else {
      let reason = diagnostics.sorted.first?.message ?? "it cannot be read"
      throw OperationFailure(.wrongFile, "\(CommandOption.customFields) \(file): \(reason)")
    }
    return found + options.customFields
  }
}
