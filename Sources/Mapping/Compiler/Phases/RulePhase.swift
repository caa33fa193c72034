import Core
import Transform

/// `validate`, `unique` and `merge`: rules about finished records, and across them.
struct RulePhase: FieldReader {
  var scope: MappingScope
  let filter: MappingFilter
  var fields: MappingFields
  var rules = MappingRules()

  init(_ before: FieldPhase) {
    scope = before.scope
    filter = before.filter
    fields = before.fields
    let document = context.document
    if let node = document["validate"] { rules.assertions = readRules(node, isMerged: document.entry("merge") != nil) }
    rules.unique = uniqueRules(document.entry("unique"))
    rules.merge = mergeRule(document.entry("merge"))
  }

  /// The rules of `unique`; and with `each` the target's key, which is unique by itself.
  private mutating func uniqueRules(_ entry: YAMLEntry?) -> [UniqueRule] {
    var rules: [UniqueRule] = []
    var known: Set<Set<Name>> = []
    if let entry {
      let nodes = entry.value.elements ?? [entry.value]
      if nodes.isEmpty { report(.wrongKind, at: entry.value.place, "unique must name at least one field") }
      for node in nodes {
        guard let rule = uniqueRule(node) else { continue }
        if !known.insert(Set(names: rule.fields)).inserted {
          report(.duplicateKey, at: node.place, "unique: \(Self.listing(rule.fields)) is listed twice")
        } else {
          rules.append(rule)
        }
      }
    }
    if source.each != nil, !target.key.isEmpty,
      !rules.contains(where: { Set(names: $0.fields) == Set(names: target.key) && $0.severity == .error })
    {
      rules.append(UniqueRule(fields: target.key, place: target.keyPlace))
    }
    return rules
  }

  private mutating func uniqueRule(_ node: YAMLNode) -> UniqueRule? {
    guard node.isMapping else {
      guard let name = node.word("unique", &diagnostics), mappedField(name, at: node.place, "unique") != nil else { return nil }
      return UniqueRule(fields: [name], place: node.place)
    }
    node.checkKeys("a rule of unique", known: MappingKeywords.unique, required: ["fields"], &diagnostics)
    var rule = UniqueRule(fields: [], place: node.place)
    if let word = node["severity"]?.word("severity", oneOf: ["error", "warning"], &diagnostics) {
      rule.severity = Severity(rawValue: word) ?? .error
    }
    if let word = node["across"]?.word("across", oneOf: ["locations"], &diagnostics) {
      rule.acrossLocations = word == "locations"
      report(
        .note, .notSupportedYet, at: node["across"]?.place ?? node.place,
        "'across: locations' has no effect yet: a run reads one location, and all records of its input are compared",
        hint: "you can keep it")
    }
    guard let fields = node["fields"], let names = fieldNames(fields, "unique.fields") else { return nil }
    rule.fields = names
    return rule
  }

  /// One field or a list of them, each mapped and named once; nil if one is not.
  private mutating func fieldNames(_ node: YAMLNode, _ what: String) -> [String]? {
    let nodes = node.elements ?? [node]
    if nodes.isEmpty { report(.wrongKind, at: node.place, "\(what) must name at least one field") }
    var names: [String] = []
    for node in nodes {
      guard let name = node.word(what, &diagnostics), mappedField(name, at: node.place, what) != nil else { continue }
      if names.contains(exactly: name) {
        report(.duplicateKey, at: node.place, "\(what): '\(name)' is listed twice")
      } else {
        names.append(name)
      }
    }
    return names.count == nodes.count && !names.isEmpty ? names : nil
  }

  /// The field with this name; an unmapped one is reported, unless another diagnostic has already named it.
  private mutating func mappedField(_ name: String, at place: SourcePlace, _ what: String) -> FieldDraft? {
    if let field = fields.named(name) { return field }
    if fields.isMeant(name) { return nil }
    let names = name.split(exactly: ".")
    let parts = (fields.tree.tree(at: names)?.all ?? []).prefix(12).map { "'\(fields.drafts[$0].name)'" }
    let hint =
      parts.isEmpty
      ? NearestName.hint(name, in: fields.drafts.map(\.name)) ?? "map it under 'fields'"
      : "name its fields: \(parts.joined(separator: ", "))"
    report(.unknownTargetField, at: place, "\(what): no field '\(name)' is mapped", hint: hint)
    return nil
  }

  private mutating func mergeRule(_ entry: YAMLEntry?) -> MergeRule? {
    guard let entry, entry.value.entries("merge", &diagnostics) != nil else { return nil }
    let node = entry.value
    node.checkKeys("merge", known: MappingKeywords.merge, required: ["by", "keep"], at: entry.keyPlace, &diagnostics)
    var rule = MergeRule(by: [], keep: .first, place: entry.keyPlace)
    if let by = node["by"] { rule.by = fieldNames(by, "merge.by") ?? [] }
    if let keep = node["keep"], let word = keep.word("merge.keep", oneOf: MergeRule.Keep.allCases.map(\.rawValue), &diagnostics) {
      rule.keep = MergeRule.Keep(rawValue: word) ?? .first
      checkTime(word, at: keep.place)
    }
    rule.others = node["others"].flatMap { preference($0, "merge.others") }
    for entry in node["fields"].flatMap({ $0.entries("merge.fields", &diagnostics) }) ?? [] {
      let field = mappedField(entry.key, at: entry.keyPlace, "merge.fields")
      guard let preference = preference(entry.value, "merge.fields.\(entry.key)") else { continue }
      rule.fields[entry.key] = preference
      guard let field else { continue }
      if target.key.contains(exactly: field.name) {
        report(
          .badArgument, at: entry.keyPlace, "'\(field.name)' is the target's key: the survivor keeps its own", hint: "remove it")
      } else if rule.by.contains(exactly: field.name) {
        report(
          .badArgument, at: entry.keyPlace, "records are merged by '\(field.name)': it is the same in all of them",
          hint: "remove it")
      } else {
        check(preference, of: field, at: entry.value.place)
      }
    }
    return rule.by.isEmpty ? nil : rule
  }

  private mutating func preference(_ node: YAMLNode, _ what: String) -> MergeRule.Preference? {
    let words = MergeRule.Preference.allCases.map(\.rawValue)
    guard let word = node.word(what, oneOf: words, &diagnostics) else { return nil }
    checkTime(word, at: node.place)
    return MergeRule.Preference(rawValue: word)
  }

  private mutating func checkTime(_ word: String, at place: SourcePlace) {
    guard ["newest", "oldest"].contains(word), source.updatedAt == nil, !source.updatedAtIsStated else { return }
    report(
      .missingKeyword, at: place, "'\(word)' needs 'source.updated_at': the field with the time of a record's last change",
      hint: "add it to 'source', or use first or last")
  }

  private mutating func check(_ preference: MergeRule.Preference, of field: FieldDraft, at place: SourcePlace) {
    guard !field.facts.isPoisoned else { return }
    let type = field.facts.type
    let isFine: Bool
    switch (preference, type) {
    case (_, .any), (_, .oneOf): isFine = true
    case (.longest, .string), (.longest, .list): isFine = true
    case (.earliest, .date), (.earliest, .datetime), (.latest, .date), (.latest, .datetime): isFine = true
    case (.longest, _), (.earliest, _), (.latest, _): isFine = false
    default: isFine = true
    }
    guard !isFine else { return }
    let wanted = preference == .longest ? "texts and lists" : "dates and date-times"
    report(
      .typeMismatch, at: place,
      "'\(preference.rawValue)' compares \(wanted), but '\(field.name)' is \(Assignability.article(type))")
  }

  private static func listing(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}

struct MappingRules {
  var assertions: [RuleModel] = []
  /// Ids of the rules under `validate`.
  var names: [String] = []
  var unique: [UniqueRule] = []
  var merge: MergeRule?
}
