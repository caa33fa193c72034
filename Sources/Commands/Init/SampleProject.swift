import Core
import Files
import FoundationEssentials
import Mapping
import Pipeline
import Records
import Workbench

/// `waybill init --sample`: a project around a proposed mapping.
struct SampleProject {
  var folder: String
  var sample: String
  var format: SourceFormat?
  var reading = FileReading()
  /// Your App's schema: a JSON Schema file, or `FILE#/pointer` for one inside it or inside an OpenAPI document.
  var schema: String?

  struct Made {
    var files: [(path: String, bytes: [UInt8])]
    /// Inside the project.
    var mapping: String
    var result: MappingProposal.Result
    /// What was translated to make the target's schema.
    var schemaReport: [String] = []
    var hasPipeline: Bool
    /// A hint that the sample's records may be in a list inside it, and a message about records that cannot be read.
    var warnings: [String]
    /// Notes about the sample as a whole.
    var notes: [InputNote]
  }

  /// - Throws: `OperationFailure`.
  func make() throws -> Made {
    let name = Self.name(of: sample)
    var options = MappingProposal.Options(name: name, sampleName: FilePath.name(of: sample))
    options.header = EditorSchema.mappingHeader
    (options.input, options.inputFormat, options.inputReading) = (sample, format, reading)
    options.isCSV = (format ?? SourceFormat(path: sample))?.traits.contains(.hasTextsOnly) == true
    let schema = try schema.map { try ProjectSchema($0, name: name) }
    options.schema = schema.map { ($0.text, $0.path) }
    let profile = try SampleProfile(path: sample, format: format, reading: reading)
    let advice = (format ?? SourceFormat(path: sample)).flatMap {
      profile.records == 1 || profile.unusable * 2 >= profile.records ? InputAdvice.sentence(sample, format: $0, reading) : nil
    }
    let result: MappingProposal.Result
    do {
      result = try MappingProposal(options, sample: profile).run()
    } catch let failure as OperationFailure {
      guard let advice else { throw failure }
      throw OperationFailure(failure.code, "\(failure); \(advice)")
    }
    let mapping = "mappings/\(name).yaml"
    var files: [(path: String, bytes: [UInt8])] = []
    let pipeline = pipeline(name, result.entity, mapping)
    if let pipeline { files.append(("waybill.yaml", Array(pipeline.utf8))) }
    files.append((mapping, Array(result.mapping.utf8)))
    files += result.files.map { ("mappings/\($0.path)", Array($0.text.utf8)) }
    return Made(
      files: files, mapping: mapping, result: result, schemaReport: schema?.report ?? [], hasPipeline: pipeline != nil,
      warnings: [advice, Self.unusable(profile, sample)].compactMap(\.self), notes: profile.notes)
  }

  /// The sample for a proposal of another kind.
  ///
  /// - Throws: `OperationFailure`.
  func profiled() throws -> DestinationProposal.Sample {
    let isCSV = (format ?? SourceFormat(path: sample))?.traits.contains(.hasTextsOnly) == true
    let profile = try SampleProfile(path: sample, format: format, reading: reading)
    return DestinationProposal.Sample(
      path: sample, name: Self.name(of: sample), format: format, reading: reading, isCSV: isCSV, profile: profile)
  }

  func unusable(_ profile: SampleProfile) -> String? { Self.unusable(profile, sample) }

  private static func unusable(_ profile: SampleProfile, _ sample: String) -> String? {
    profile.firstUnusable.map { first in
      "\(Wording.count(profile.unusable, "record")) of \(sample) cannot be read; the first one is on line \(first.line): \(first.reason)"
    }
  }

  /// If the sample has a format that a pipeline reads.
  private func pipeline(_ name: String, _ entity: String, _ mapping: String) -> String? {
    guard let kind = format ?? SourceFormat(path: sample), kind.pipelineSummary != nil else { return nil }
    let path = Self.relative(sample, from: folder)
    return Self.pipeline(
      name: name, source: Self.source(kind, entity: entity, path: path, reading), mappings: "  - \(mapping)\n",
      destinations: "  files:\n    csv: {path: \"out/{mapping}.csv\"}\n")
  }

  /// The line below `source:`.
  static func source(_ kind: SourceFormat, entity: String, path: String, _ reading: FileReading) -> String {
    "  \(kind.name): {\(YAMLScalarText.word(entity)): \(file(path, reading))}"
  }

  /// A pipeline over one file.
  /// - Parameters:
  ///   - mappings: lines below `mappings:`.
  ///   - destinations: lines below `destinations:`.
  ///   - about: comments above its name.
  static func pipeline(
    name: String, source: String, mappings: String, destinations: String, about: String = ""
  ) -> String {
    """
    \(EditorSchema.pipelineHeader)
    # The pipeline: what is read, through which mappings, and where it goes. `waybill check` checks it,
    # `waybill run` runs it.
    \(about)pipeline: \(YAMLScalarText.word(name))
    source:
    \(source)
    mappings:
    \(mappings)destinations:
    \(destinations)# Gates stop a run whose records look wrong: if one fails, nothing is published or loaded, and the exit code is 3.
    gates:
      # At least 1 record must be read. If you know how many to expect, raise the number.
      read: {min: 1}
      # At most 2 % of a mapping's records may be rejected; of fewer than 200 records, at most 10, because one bad record is then
      # already a large share. Lower the numbers if every record matters; raise them if you expect more bad ones.
      rejected: {max_percent: 2, min_records: 200, max: 10}
      # Each mapping must let through at least 1 record, and at least 50 % of what the last complete run did: a larger drop often
      # means that the source is incomplete. Lower the 50 if your numbers vary more than that.
      written: {min: 1, min_percent_of_last: 50}

    """
  }

  /// A file as a pipeline names it: its path, or a map of its path and how it is read.
  private static func file(_ path: String, _ reading: FileReading) -> String {
    guard let members = reading.json.objectValue else { return YAMLScalarText.quoted(path) }
    let parts = members.map { "\($0.name): \($0.value.text)" }
    return "{path: \(([YAMLScalarText.quoted(path)] + parts).joined(separator: ", "))}"
  }

  /// The file's name without its extensions, as the mapping's name.
  private static func name(of path: String) -> String {
    var name = FilePath.name(of: path)
    for ending in [".gz", ".ndjson", ".jsonl", ".json", ".csv", ".tsv", ".tab"] where name.lowercased().hasSuffix(ending) {
      name.removeLast(ending.count)
    }
    let plain = String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" })
    let trimmed = plain.split(separator: "-", omittingEmptySubsequences: true).joined(separator: "-")
    guard let first = trimmed.first else { return "records" }
    return first.isNumber ? "sample-\(trimmed)" : trimmed
  }

  static func schemaName(_ path: String) -> String {
    let name = FilePath.name(of: path)
    return name.lowercased().hasSuffix(".json") ? name : name + ".json"
  }

  /// - Throws: `OperationFailure` 66.
  static func text(of path: String, _ what: String) throws -> String {
    var diagnostics = Diagnostics()
    guard let bytes = TextFile.read(path, &diagnostics) else {
      throw OperationFailure(.inputMissing, "the \(what): \(diagnostics.all.first?.message ?? "it cannot be read")")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw OperationFailure(.wrongFile, "the \(what) \(path) is not valid UTF-8")
    }
    return text
  }

  /// `path` relative to `folder`; an absolute path is kept.
  static func relative(_ path: String, from folder: String) -> String {
    let steps = folder.split(separator: "/").filter { $0 != "." }
    if path.hasPrefix("/") || steps.isEmpty { return path }
    let working = FileManager.default.currentDirectoryPath
    // From a folder outside the working folder, only the absolute path works.
    guard !folder.hasPrefix("/"), !steps.contains("..") else { return working + "/" + path }
    var rest = path[...]
    while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
    return String(repeating: "../", count: steps.count) + rest
  }
}

/// Words of a pipeline file.
enum YAMLScalarText {
  /// Unquoted if it is plain.
  static func word(_ text: String) -> String {
    let isPlain =
      text.first?.isLetter == true && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
    return isPlain && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
      ? text : quoted(text)
  }

  static func quoted(_ text: String) -> String { JSONValue.string(text).text }
}
