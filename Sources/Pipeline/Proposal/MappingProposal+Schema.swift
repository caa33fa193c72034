import Core
import Mapping
import Schema

/// With a schema: each target field gets the source field that fits best.
extension MappingProposal {
  private struct Candidate {
    var target: Int
    var source: Int
    var score: Double
    var reason: String
  }

  func fill(_ draft: inout ProposedMapping, _ schema: TargetSchema, _ source: ProposedSource) {
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
      let validator = TargetValidator(schema)
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
    while draft.lookups.contains(where: { $0.name.isExactly(name) }) {
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
  func placeholder(for field: inout ProposedField, _ schema: TargetSchema, _ source: ProposedSource) -> Bool {
    guard let target = TargetField.all(of: schema).first(where: { $0.path.isExactly(field.target) }), target.isRequired else {
      return false
    }
    let node = schema.nodes[target.node]
    let validator = TargetValidator(schema)
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
