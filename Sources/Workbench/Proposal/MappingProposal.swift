import Core
import FoundationEssentials
import GHL
import Mapping
package import Records
import Schema

/// Proposes a mapping for a sample of source records: which source field fills which target field, based on names, types
/// and values. Guesses carry the key `review`, and what cannot be known stays open as a comment: the proposal invents no
/// value, region or time zone, and inverts nothing.
///
/// With a schema each field of the target gets the source field that fits best; without one every filled field goes to a
/// target of the same name in camel case. A trial on the sample then shows which of its values pass.
package struct MappingProposal {
  package struct Options: Sendable {
    /// Of the mapping, and of its file.
    package var name: String
    /// As messages and comments call it.
    package var sampleName: String
    /// Text of the target's JSON Schema, and where it will lie, relative to the mapping.
    package var schema: (text: String, path: String)?
    /// The first line: where editors find the schema of mappings.
    package var header: String?
    /// A CSV file: every value is text.
    package var isCSV = false
    /// The member of the target that is its key; nil: the one that is filled from the source's key.
    package var targetKey: String?
    /// Why the target's key is a guess.
    package var targetKeyReview: String?
    /// Nothing identifies a record of the target: its key is left out, so that `check` asks for one.
    package var hasNoTargetKey = false
    /// The source's key fills the target's.
    var fillsKeyFromSource = false
    /// Records with the same key would overwrite each other at the destination, so `unique` rejects all but the first.
    var rejectsRepeatedKeys = false
    /// Pairs that are known from elsewhere.
    var known: [KnownPair] = []
    /// More lines at the top, as comments.
    var remarks: [String] = []
    /// Fields for which the target accepts only one value get it.
    var fillsConstants = false
    /// The sample's file, for a trial of the proposal; nil: there is none.
    package var input: String?
    package var inputFormat: SourceFormat?
    package var inputReading = FileReading()

    package init(name: String, sampleName: String) {
      self.name = name
      self.sampleName = sampleName
    }
  }

  /// A source field that fills a target field, whatever they are called.
  struct KnownPair: Sendable {
    var target: [String]
    var source: [String]
    var reason: String
  }

  package struct Result: Sendable {
    package var mapping: String
    /// The source's entity, as named in a pipeline's source.
    package var entity: String
    /// Files beside the mapping: path relative to it, and text.
    package var files: [(path: String, text: String)]
    /// Target fields with an equal name for which every sample value passes; those that are guesses; and those not mapped,
    /// some of which the target requires.
    package var exact: [String] = []
    package var guessed: [String] = []
    package var left: [String] = []
    package var leftRequired: [String] = []
    /// Which of `source` and `target` are guesses: what the records are, and which field identifies them.
    package var guessedParts: [String] = []
    /// No field of the sample identifies a record, so `source` has no key.
    package var hasNoSourceKey = false
  }

  let options: Options
  let sample: SampleProfile
  let fields: [FieldProfile]
  /// The entity of GHL that stands in for a sample, and why it is a guess.
  private let declared: (entity: String, review: String?)?

  package init(_ options: Options, sample: SampleProfile) {
    self.options = options
    self.sample = sample
    fields = sample.usable
    declared = nil
  }

  /// Without a sample: by the names and types of an entity of GHL.
  init(_ options: Options, entity: String, review: String?) {
    self.options = options
    sample = SampleProfile()
    fields = DeclaredSample.profiles(of: entity)
    declared = (entity, review)
  }

  /// What comments call the source of the fields.
  var sourceName: String { declared.map { "GHL's \($0.entity) records" } ?? "the sample" }

  /// - Throws: `OperationFailure` if the sample has nothing to read, or the schema is wrong.
  package func run() throws -> Result {
    if declared == nil { try checkSample() }
    let source =
      declared.map { ProposedSource(entity: $0.entity, review: $0.review) }
      ?? ProposedSource(
        fields, name: options.name, records: sample.seen, isCSV: options.isCSV,
        targetKey: options.fillsKeyFromSource ? options.targetKey : nil)
    return try result(source)
  }

  private func checkSample() throws {
    guard sample.records > 0 else {
      throw OperationFailure(.inputMissing, "the sample \(options.sampleName) has no records, so nothing can be proposed")
    }
    guard sample.seen > 0 else {
      let first = sample.firstUnusable.map { ": line \($0.line): \($0.reason)" } ?? ""
      throw OperationFailure(
        .wrongFile, "none of the records of the sample \(options.sampleName) can be read, so nothing can be proposed\(first)")
    }
    guard !fields.isEmpty else {
      throw OperationFailure(
        .wrongFile, "no field of the sample \(options.sampleName) has a value, so nothing can be proposed")
    }
  }

  private func result(_ source: ProposedSource) throws -> Result {
    var files = source.schemaFile.map { [(path: $0.path, text: $0.schema.prettyText)] } ?? []
    var target: TargetSchema?
    if let schema = options.schema {
      files.append((schema.path, schema.text))
      target = try compile(schema)
    }
    var draft = ProposedMapping(
      name: options.name, source: source.provisionalText ?? source.text, targetEntity: source.entity,
      schemaPath: options.schema?.path)
    draft.header = header(source)
    draft.sourceName = sourceName
    draft.rejectsRepeatedKeys = options.rejectsRepeatedKeys
    if let target { fill(&draft, target, source) } else { copyAll(&draft, source) }
    let check = ProposalCheck(files: files, entity: source.entity)
    try check.settle(&draft)
    if let input = options.input,
      let problems = try check.trial(draft, input: input, format: options.inputFormat, reading: options.inputReading)
    {
      judge(&draft, problems)
    }
    var text = try check.settle(&draft)
    let lacksTargetKey = options.hasNoTargetKey || (source.key.isEmpty && options.targetKey == nil)
    if lacksTargetKey { (draft.targetKey, draft.targetReview) = ([], nil) }
    if lacksTargetKey || source.key.isEmpty {
      draft.source = source.text
      text = draft.text().text
    }
    var result = Result(mapping: text, entity: source.entity, files: files)
    for field in draft.fields {
      if !field.isMapped {
        if field.isRequired { result.leftRequired.append(field.name) } else { result.left.append(field.name) }
      } else if field.review.isEmpty {
        result.exact.append(field.name)
      } else {
        result.guessed.append(field.name)
      }
    }
    result.guessedParts = (source.review == nil ? [] : ["source"]) + (draft.targetReview == nil ? [] : ["target"])
    result.hasNoSourceKey = source.key.isEmpty
    return result
  }

  /// The result of the trial: if some values fail, the field is a guess; if most fail, the field is not mapped.
  private func judge(_ draft: inout ProposedMapping, _ problems: [String: ProposalCheck.Trouble]) {
    for index in draft.fields.indices where draft.fields[index].isMapped {
      guard let trouble = problems[draft.fields[index].name] else { continue }
      let codes = trouble.codes.sorted().joined(separator: ", ")
      let what = "\(trouble.records) of \(trouble.of) sample records fail (\(codes))"
      if trouble.records * 2 > trouble.of, case .from(let paths) = draft.fields[index].value {
        let kind = draft.fields[index].isRequired ? "not mapped, required" : "not mapped"
        draft.fields[index].leave("\(kind): \(paths.map(YAMLText.scalar).joined(separator: ", ")): \(what)")
      } else if !draft.fields[index].review.contains(where: { $0.contains("are rejected") }) {
        draft.fields[index].review.append("\(what): such records are rejected")
      }
    }
  }

  private func compile(_ schema: (text: String, path: String)) throws -> TargetSchema {
    let compilation = SchemaCompiler.compile(file: schema.path, text: schema.text)
    guard let compiled = compilation.schema else {
      let first = compilation.diagnostics.first { $0.severity == .error }
      let place = first.map { "line \($0.place.line), column \($0.place.column): \($0.message)" } ?? "it cannot be used"
      throw OperationFailure(.wrongFile, "the schema \(schema.path): \(place)")
    }
    return compiled
  }

  /// The most fields without a value to list.
  private static let maximumListed = 20

  private func header(_ source: ProposedSource) -> [String] {
    var lines = [options.header].compactMap(\.self)
    if let declared {
      lines.append(
        YAMLText.comment(
          "# Proposed from \(options.sampleName) and the names and types of GHL's \(declared.entity) fields; no values were examined."
        ))
    }
    let looked = sample.seen == sample.records ? "" : ", of which \(sample.seen) were examined"
    if declared == nil {
      lines.append(
        YAMLText.comment(
          "# Proposed from \(options.sampleName): \(sample.records) \(sample.records == 1 ? "record" : "records")\(looked)."))
    }
    lines += options.remarks.map { YAMLText.comment("# \($0)") }
    if source.key.isEmpty {
      lines.append(
        "# No field of the sample identifies a record. Add `key: FIELD` to `source`: a field with a different value in each record."
      )
      if options.targetKey == nil, !options.hasNoTargetKey {
        lines.append("# Then add `key: FIELD` to `target`, with the target field that it fills.")
      }
    }
    if sample.unusable > 0 {
      lines.append("# \(sample.unusable) of them are not JSON objects, or are rows that do not match the header.")
    }
    let unfilled = sample.unfilled.prefix(Self.maximumListed).map { YAMLText.scalar($0.path.joined(separator: ".")) }
    if !unfilled.isEmpty {
      let more = sample.unfilled.count - unfilled.count
      lines.append(
        YAMLText.comment(
          "# Not mapped, because they have no value in any sampled record: \(unfilled.joined(separator: ", "))"
            + (more > 0 ? ", and \(more) more." : ".")))
    }
    if sample.isCut {
      lines.append("# Fields that are nested too deep, or beyond the first \(SampleProfile.maximumFields), were left out.")
    }
    lines.append(
      "# Where a line has the key `review`, it is a guess: check it, then remove the key. Commented fields are not mapped yet.")
    lines.append(
      "# `waybill check` reports everything still open; `waybill preview \(CommandOption.watch)` shows the result while you edit."
    )
    return lines
  }

  // MARK: Without a schema

  private func copyAll(_ draft: inout ProposedMapping, _ source: ProposedSource) {
    var names: Set<[String]> = []
    /// Without a key, any field will do until the rest is tried.
    var first: String?
    for (number, field) in fields.enumerated() {
      guard let path = SourcePathText.text(field.path) else { continue }
      var target = field.path.map { NameMatch.camelCase($0) ?? "field\(number + 1)" }
      let base = target.last ?? ""
      var suffix = 2
      // Neither the same target, nor a part of another.
      while names.contains(target) || (1..<max(1, target.count)).contains(where: { names.contains(Array(target.prefix($0))) })
        || names.contains(where: { $0.starts(with: target) })
      {
        target = Array(target.dropLast()) + ["\(base)\(suffix)"]
        suffix += 1
      }
      names.insert(target)
      var proposed = ProposedField(target: target, value: .from([path]))
      if field.path == source.key {
        proposed.isRequired = true
        draft.targetKey = [target.joined(separator: ".")]
      }
      first = first ?? target.joined(separator: ".")
      let advice = advice(field)
      if !advice.isEmpty { proposed.remarks = [advice] }
      draft.fields.append(proposed)
      note(NameMatch.meaning(field.path), target, &draft)
    }
    if draft.targetKey.isEmpty, let first { draft.targetKey = [first] }
    // Members of one object are kept together, in the order of the first.
    var order: [Name: Int] = [:]
    for (index, field) in draft.fields.enumerated() where order[field.target[0]] == nil { order[field.target[0]] = index }
    draft.fields = draft.fields.enumerated().sorted {
      (order[$0.element.target[0]] ?? 0, $0.offset) < (order[$1.element.target[0]] ?? 0, $1.offset)
    }.map(\.element)
  }

  /// What could be done to the values.
  private func advice(_ field: FieldProfile) -> String {
    if field.share(of: .email) > 0.8 { return "e-mail addresses: do: [trim, email]" }
    let meaning = NameMatch.meaning(field.path)
    if meaning == "phone", field.share(of: .international) > 0.8 { return "phone numbers: do: [phone]" }
    if field.dateShare > 0.8, field.share(of: .string) > 0.5 { return "dates: do: [date] or [datetime]" }
    return ""
  }

  func note(_ meaning: String?, _ target: [String], _ draft: inout ProposedMapping) {
    let policies = [
      "email": "hash", "phone": "last4", "birthdate": "never", "firstname": "mask", "lastname": "mask", "name": "mask",
      "street": "mask", "street2": "mask",
    ]
    if let policy = meaning.flatMap({ policies[$0] }) { draft.privacy.append((target.joined(separator: "."), policy)) }
  }
}
