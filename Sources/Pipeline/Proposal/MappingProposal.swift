package import Core
import FoundationEssentials
import GHL
import Mapping
import Schema

/// Proposes a mapping for a sample of source records: which source field fills which target field, by their names, the
/// types and the values; what it guessed is said beside each line. The result compiles.
///
/// With a schema each field of the target gets the source field that fits best; without one every filled field goes to a
/// target of the same name in camel case.
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

    package init(name: String, sampleName: String) {
      self.name = name
      self.sampleName = sampleName
    }
  }

  package struct Result: Sendable {
    package var mapping: String
    /// The source's entity: what a pipeline's source calls it.
    package var entity: String
    /// Files beside the mapping: path relative to it, and text.
    package var files: [(path: String, text: String)]
    /// Target fields that are filled, of all; those of them that are guesses.
    package var filled = 0
    package var targets = 0
    package var guesses = 0
    /// What `check` says of it, without notes.
    package var diagnostics: Diagnostics
  }

  private let options: Options
  private let sample: SampleProfile
  private let fields: [FieldProfile]

  package init(_ options: Options, sample: SampleProfile) {
    self.options = options
    self.sample = sample
    fields = sample.usable
  }

  /// - Throws: `PipelineFailure` where the sample has nothing to read, or the schema is wrong.
  package func run() throws -> Result {
    guard sample.records > 0 else {
      throw PipelineFailure(.inputMissing, "the sample \(options.sampleName) has no records: nothing can be proposed from it")
    }
    guard sample.seen > 0 else {
      throw PipelineFailure(
        .wrongFile,
        "the sample \(options.sampleName) has no JSON objects, or rows that fit their header: nothing can be proposed from it")
    }
    guard !fields.isEmpty else {
      throw PipelineFailure(
        .wrongFile, "no field of the sample \(options.sampleName) has a value: nothing can be proposed from it")
    }
    let source = ProposedSource(fields, name: options.name, records: sample.seen, isCSV: options.isCSV)
    var files = source.schemaFile.map { [(path: $0.path, text: $0.schema.prettyText)] } ?? []
    var target: TargetSchema?
    if let schema = options.schema {
      files.append((schema.path, schema.text))
      target = try compile(schema)
    }
    var draft = ProposedMapping(
      name: options.name, source: source.text, targetEntity: source.entity, schemaPath: options.schema?.path)
    draft.header = header(source)
    if let target { fill(&draft, target, source) } else { copyAll(&draft, source) }
    let check = ProposalCheck(files: files, entity: source.entity)
    let (text, diagnostics) = try check.settle(&draft) { field in
      target.map { placeholder(for: &field, $0, source) } ?? false
    }
    let written = draft.fields.filter { $0.text != nil }
    return Result(
      mapping: text, entity: source.entity, files: files, filled: written.count, targets: draft.fields.count,
      guesses: written.count { $0.sureness == .guess }, diagnostics: diagnostics)
  }

  private func compile(_ schema: (text: String, path: String)) throws -> TargetSchema {
    let (compiled, found) = SchemaCompiler.compile(file: schema.path, text: schema.text)
    guard let compiled else {
      let first = found.first { $0.severity == .error }
      let place = first.map { "line \($0.place.line), column \($0.place.column): \($0.message)" } ?? "it cannot be used"
      throw PipelineFailure(.wrongFile, "the schema \(schema.path): \(place)")
    }
    return compiled
  }

  private func header(_ source: ProposedSource) -> [String] {
    var lines = [options.header].compactMap(\.self)
    let looked = sample.seen == sample.records ? "" : ", of which \(sample.seen) were looked at"
    lines.append(YAMLText.comment("# Proposed from \(options.sampleName): \(sample.records) records\(looked)."))
    if sample.unusable > 0 {
      lines.append("# \(sample.unusable) of them are no JSON objects, or rows that do not fit the header.")
    }
    if sample.isCut {
      lines.append("# Fields that are nested too deep, or beyond the first \(SampleProfile.maximumFields), were left out.")
    }
    lines.append(
      "# Read every line: 'likely' and 'guess' say how sure a line is, and why. `waybill check` says what is wrong with it,")
    lines.append("# `waybill preview --watch` shows what it makes of records while you change it.")
    return lines
  }

  // MARK: Without a schema

  private func copyAll(_ draft: inout ProposedMapping, _ source: ProposedSource) {
    var names: Set<[String]> = []
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
      let advice = advice(field)
      if !advice.isEmpty { (proposed.sureness, proposed.remark) = (.likely, advice) }
      draft.fields.append(proposed)
      note(NameMatch.meaning(field.path), target, &draft)
    }
    // Members of one object stand together, in the order of the first.
    var order: [String: Int] = [:]
    for (index, field) in draft.fields.enumerated() where order[field.target[0]] == nil { order[field.target[0]] = index }
    draft.fields = draft.fields.enumerated().sorted {
      (order[$0.element.target[0]] ?? 0, $0.offset) < (order[$1.element.target[0]] ?? 0, $1.offset)
    }.map(\.element)
  }

  /// What could be done to the values.
  private func advice(_ field: FieldProfile) -> String {
    if field.share(of: .email) > 0.8 { return "e-mail addresses: do: [trim, lower, email]" }
    let meaning = NameMatch.meaning(field.path)
    if meaning == "phone", field.share(of: .phone) > 0.8 { return "phone numbers: do: [phone]" }
    if field.dateShare > 0.8, field.share(of: .string) > 0.5 { return "dates: do: [date] or [datetime]" }
    return ""
  }

  private func note(_ meaning: String?, _ target: [String], _ draft: inout ProposedMapping) {
    let policies = [
      "email": "hash", "phone": "last4", "birthdate": "never", "firstname": "mask", "lastname": "mask", "name": "mask",
      "street": "mask", "street2": "mask",
    ]
    if let policy = meaning.flatMap({ policies[$0] }) { draft.privacy.append((target.joined(separator: "."), policy)) }
  }

  // MARK: With a schema

  private struct Candidate {
    var target: Int
    var source: Int
    var score: Double
    var reason: String
  }

  private func fill(_ draft: inout ProposedMapping, _ schema: TargetSchema, _ source: ProposedSource) {
    let targets = TargetField.all(of: schema)
    var chosen: [Int: Candidate] = [:]
    var used: Set<Int> = []
    for candidate in candidates(targets, schema, source) where chosen[candidate.target] == nil && !used.contains(candidate.source)
    {
      chosen[candidate.target] = candidate
      used.insert(candidate.source)
    }
    for (index, target) in targets.enumerated() {
      let node = schema.nodes[target.node]
      let meaning = NameMatch.meaning(target.path)
      var field = ProposedField(target: target.path, value: .nothing)
      let nameParts = meaning == "name" && (chosen[index]?.score ?? 0) < 85 ? self.nameParts() : nil
      if let parts = nameParts, node.types.contains(.string) {
        if let old = chosen[index] { used.remove(old.source) }
        used.formUnion(parts.indices)
        field.value = .from(parts.paths)
        field.steps = ["trim", #"{join: " "}"#]
        (field.sureness, field.remark) = (.likely, "made of \(parts.paths.joined(separator: " and "))")
        field.isRequired = target.isRequired
      } else if let candidate = chosen[index], let path = SourcePathText.text(fields[candidate.source].path) {
        take(candidate, path, node, target, &field, &draft, schema)
      }
      if field.text == nil {
        if target.isRequired, placeholder(for: &field, schema, source) {
          // It says so itself.
        } else if field.remark.isEmpty {
          field.remark = "nothing in the sample is like it (\(Assignability.describe(node)))"
        }
      } else {
        note(meaning, target.path, &draft)
      }
      draft.fields.append(field)
    }
    draft.leftOver = fields.indices.filter { !used.contains($0) && fields[$0].path != source.key }.compactMap {
      SourcePathText.text(fields[$0].path)
    }
    draft.targetKey = [targetKey(draft, source)]
  }

  private func candidates(_ targets: [TargetField], _ schema: TargetSchema, _ source: ProposedSource) -> [Candidate] {
    var found: [Candidate] = []
    // The first that is called an id, and must be there.
    let keyTarget = targets.firstIndex { $0.isRequired && $0.path.count == 1 && NameMatch.words($0.path[0]).last == "id" }
    for (index, target) in targets.enumerated() {
      let node = schema.nodes[target.node]
      for (number, field) in fields.enumerated() {
        let fit = fit(field, node, NameMatch.meaning(target.path))
        if let match = NameMatch.match(target: target.path, source: field.path, entity: source.entity) {
          let score = match.score + fit
          if score >= 45 { found.append(Candidate(target: index, source: number, score: score, reason: match.reason)) }
        } else if field.path == source.key, index == keyTarget {
          found.append(Candidate(target: index, source: number, score: 70, reason: "both identify a record"))
        } else if fit >= 10 {
          found.append(Candidate(target: index, source: number, score: 46, reason: "by its values alone"))
        }
      }
    }
    return found.sorted { ($1.score, $0.target, $0.source) < ($0.score, $1.target, $1.source) }
  }

  /// How well the values fit the node: what speaks for it, less what speaks against it.
  private func fit(_ field: FieldProfile, _ node: TargetNode, _ meaning: String?) -> Double {
    let types = node.types.subtracting(.null)
    if types.contains(.string) {
      switch node.format {
      case "email", "idn-email": return field.share(of: .email) >= 0.8 ? 10 : field.share(of: .email) < 0.3 ? -40 : 0
      case "date", "date-time": return field.dateShare >= 0.8 ? 5 : field.dateShare < 0.3 ? -40 : 0
      default: break
      }
      if meaning == "phone" { return field.share(of: .phone) < 0.3 ? -40 : 4 }
      return field.isMostly(.object) ? -60 : 0
    }
    if types == .boolean { return field.share(of: .boolean) + field.share(of: .yesNo) < 0.3 ? -40 : 4 }
    if types.isSubset(of: [.integer, .number]) {
      return field.share(of: .integer) + field.share(of: .number) + field.share(of: .decimal) < 0.3 ? -40 : 4
    }
    if types == .array { return field.isMostly(.list) ? 4 : field.isMostly(.string) ? -5 : -40 }
    return 0
  }

  private func take(
    _ candidate: Candidate, _ path: String, _ node: TargetNode, _ target: TargetField, _ field: inout ProposedField,
    _ draft: inout ProposedMapping, _ schema: TargetSchema
  ) {
    let profile = fields[candidate.source]
    let meaning = NameMatch.meaning(target.path)
    let chain = ProposedChain(profile, into: node, named: meaning, lookupName: lookupName(target.path, draft), schema: schema)
    guard !chain.isImpossible else {
      field.remark = (["\(path) has another type: \(Self.kinds(of: profile))"] + chain.remarks).joined(separator: "; ")
      return
    }
    field.value = .from([path])
    field.steps = chain.steps
    field.isList = chain.isAsList
    field.isRequired = target.isRequired
    field.nullifiesErrors = chain.nullifiesErrors && !target.isRequired
    var remarks = chain.remarks
    let canBeNull = profile.filled < sample.seen || field.nullifiesErrors
    if !target.isRequired, !node.types.contains(.null), canBeNull {
      let validator = SchemaValidator(schema)
      field.fallback = [JSONValue.array([]), .string("")].first { validator.failures(in: $0, node: target.node).isEmpty }
      remarks.append("the target takes no null" + (field.fallback == nil ? ": such records are rejected" : ""))
    }
    field.sureness = candidate.score >= 85 && !chain.isGuess ? .sure : candidate.score >= 60 && !chain.isGuess ? .likely : .guess
    let reasons = candidate.score >= 99 ? [] : ["\(path): \(candidate.reason)"]
    field.remark = (reasons + remarks).joined(separator: "; ")
    if let lookup = chain.lookup { draft.lookups.append(lookup) }
    if chain.needsRegion { addRegion(&draft) }
    if chain.needsZone, !draft.settings.contains(where: { $0.text.hasPrefix("timezone:") }) {
      draft.settings.append(("timezone: UTC", "guess: where times without an offset belong"))
    }
  }

  private static func kinds(of field: FieldProfile) -> String {
    FieldProfile.Kind.allCases.filter { field.kinds[$0] != nil }.map(\.rawValue).joined(separator: " or ")
  }

  private func addRegion(_ draft: inout ProposedMapping) {
    guard !draft.settings.contains(where: { $0.text.hasPrefix("region:") }) else { return }
    let country = fields.first { $0.path.count == 1 && NameMatch.meaning($0.path) == "country" && $0.share(of: .country) > 0.5 }
    if let country, let path = SourcePathText.text(country.path) {
      draft.settings.append(
        ("region_from: \(YAMLText.scalar(path))", "likely: whose country phone numbers without a code belong to"))
    }
    draft.settings.append(("region: US", "guess: where phone numbers without a country code belong"))
  }

  private func lookupName(_ target: [String], _ draft: ProposedMapping) -> String {
    let base = NameMatch.camelCase(target.last ?? "") ?? "values"
    var name = base
    var number = 2
    while draft.lookups.contains(where: { $0.name == name }) {
      name = "\(base)\(number)"
      number += 1
    }
    return name
  }

  /// First and last name, where the source has both.
  private func nameParts() -> (paths: [String], indices: [Int])? {
    let found = ["firstname", "lastname"].compactMap { meaning in
      fields.indices.first { NameMatch.meaning(fields[$0].path) == meaning && fields[$0].isMostly(.string) }
    }
    let paths = found.compactMap { SourcePathText.text(fields[$0].path) }
    return paths.count == 2 ? (paths, found) : nil
  }

  /// A value for a field that the target requires and the sample does not have; false where none fits.
  private func placeholder(for field: inout ProposedField, _ schema: TargetSchema, _ source: ProposedSource) -> Bool {
    guard let target = TargetField.all(of: schema).first(where: { $0.path == field.target }), target.isRequired else {
      return false
    }
    let node = schema.nodes[target.node]
    let validator = SchemaValidator(schema)
    let texts = [
      "unknown", "-", "unknown@example.com", "2000-01-01", "2000-01-01T00:00:00Z", "https://example.com", "+10000000000", "XX",
      "0",
    ]
    let candidates =
      (node.enumeration ?? []).filter { $0 != .null } + texts.map { JSONValue.string($0) }
      + [.number(0), .number(1), .bool(false), .array([]), .object([])]
    guard let value = candidates.first(where: { validator.failures(in: $0, node: target.node).isEmpty }) else { return false }
    field = ProposedField(target: field.target, value: .constant(value))
    field.sureness = .guess
    field.remark = "required by the target, and nothing in the sample is like it: a placeholder, the same for every record"
    return true
  }

  private func targetKey(_ draft: ProposedMapping, _ source: ProposedSource) -> String {
    let key = SourcePathText.text(source.key)
    let written = draft.fields.filter { $0.text != nil }
    func name(_ field: ProposedField) -> String { field.target.joined(separator: ".") }
    let byPath = written.first { field in
      if case .from(let paths) = field.value { paths.count == 1 && paths.first == key } else { false }
    }
    let byMeaning = written.first { NameMatch.meaning($0.target) == "id" }
    return (byPath ?? byMeaning ?? written.first(where: \.isRequired) ?? written.first).map(name) ?? "id"
  }
}
