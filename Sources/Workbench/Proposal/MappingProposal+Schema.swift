import Core
import Mapping
import Schema

/// With a schema: each target field gets the source field that fits best, or a comment that explains why it has none.
extension MappingProposal {
  func fill(_ draft: inout ProposedMapping, _ schema: TargetSchema, _ source: ProposedSource) {
    let targets = TargetField.all(of: schema)
    let validator = TargetValidator(schema)
    var known = options.known
    if options.fillsKeyFromSource, let key = options.targetKey, !source.key.isEmpty {
      known.append(KnownPair(target: key.split(exactly: "."), source: source.key, reason: "both identify a record"))
    }
    let pairing = FieldPairing(
      targets, fields, schema, entity: source.entity, key: source.key, known: known)
    var used: Set<Int> = []
    for (index, target) in targets.enumerated() {
      let node = schema.nodes[target.node]
      let meaning = NameMatch.meaning(target.path)
      var field = ProposedField(target: target.path, value: .nothing)
      field.isRequired = target.isRequired || options.targetKey.map { $0.isExactly(target.path.joined(separator: ".")) } == true
      field.omitsNull = !target.isRequired && !validator.failures(in: .null, node: target.node).isEmpty
      let pair = pairing.pairs[index]
      if let parts = nameParts(for: target, node, meaning, pair) {
        used.formUnion(parts.indices)
        field.value = .from(parts.paths)
        field.steps = ["trim", #"{join: " "}"#]
        field.review = ["combined from \(parts.paths.joined(separator: " and "))"]
        note(meaning, target.path, &draft)
      } else if let pair, let path = SourcePathText.text(fields[pair.source].path) {
        used.insert(pair.source)
        take(pair, path, &field, &draft)
        note(meaning, target.path, &draft)
      } else if options.fillsConstants, target.isRequired, target.isWritable, let members = node.enumeration, members.count == 1 {
        field.value = .constant(members[0].text)
        field.review = ["the only value that the target accepts"]
      } else {
        field.remarks = [gap(pairing.gaps[index] ?? .init(), target, node)]
      }
      draft.fields.append(field)
    }
    draft.leftOver = fields.indices.filter { !used.contains($0) && fields[$0].path != source.key }.compactMap {
      SourcePathText.text(fields[$0].path)
    }
    chooseTargetKey(&draft, source)
  }

  private func take(
    _ pair: FieldPairing.Pair, _ path: String, _ field: inout ProposedField, _ draft: inout ProposedMapping
  ) {
    let chain = pair.chain
    field.value = .from([path])
    field.steps = chain.steps
    field.isList = chain.isAsList
    field.remarks = chain.remarks
    // GHL's times are meant in the zone of the location, unless they have an offset.
    if fields[pair.source].isDeclared, chain.steps.contains("datetime") { draft.settings = "timezone: location" }
    if !pair.match.isExact { field.review.append("\(path): \(pair.match.reason)") }
    field.review += chain.assumptions
    if var lookup = chain.lookup {
      let name = lookupName(lookup.name, draft)
      field.steps = field.steps.map { $0.hasPrefix("{lookup:") ? "{lookup: \(YAMLText.scalar(name))}" : $0 }
      lookup.name = name
      draft.lookups.append(lookup)
    }
  }

  /// Why a target is not mapped, and which fields of the sample come close to it.
  private func gap(_ gap: FieldPairing.Gap, _ target: TargetField, _ node: TargetNode) -> String {
    func name(_ index: Int) -> String { SourcePathText.text(fields[index].path).map(YAMLText.scalar) ?? fields[index].name }
    func list(_ indices: [Int]) -> String { indices.prefix(4).map(name).joined(separator: ", ") }
    var reasons: [String] = []
    if !target.isWritable { reasons.append("a mapping cannot write a name with a dot") }
    if !gap.ties.isEmpty { reasons.append("\(list(gap.ties)) fit equally well: choose one") }
    for misfit in gap.misfits.prefix(3) {
      let why =
        misfit.remarks.isEmpty
        ? "its values are \(Self.kinds(of: fields[misfit.source]))" : misfit.remarks.joined(separator: "; ")
      reasons.append("\(name(misfit.source)): \(why)")
    }
    if !gap.opposites.isEmpty {
      reasons.append(
        "\(list(gap.opposites)) \(gap.opposites.count == 1 ? "says" : "say") the opposite: to use it, invert it with a lookup {\"true\": false, \"false\": true}"
      )
    }
    if !gap.doubtful.isEmpty {
      reasons.append("\(list(gap.doubtful)) may say the opposite: compare the values before you use it")
    }
    if !gap.similar.isEmpty {
      reasons.append("nearest: \(list(gap.similar)), a similar name only: use it if it means the same")
    }
    if !gap.near.isEmpty { reasons.append("nearest: \(list(gap.near))") }
    if reasons.isEmpty { reasons = ["no similar field in \(sourceName)"] }
    if gap.misfits.isEmpty, let members = node.enumeration {
      let shown = members.prefix(12).map(\.text).joined(separator: ", ")
      reasons.append("the target accepts only \(shown)\(members.count > 12 ? ", …" : "")")
    }
    let kind = target.isRequired ? "not mapped, required" : "not mapped"
    let takes = node.enumeration != nil && node.types == .all ? "enum" : Assignability.describe(node)
    return "\(kind) (\(takes)): \(reasons.joined(separator: "; "))"
  }

  private static func kinds(of field: FieldProfile) -> String {
    FieldProfile.Kind.allCases.filter { field.kinds[$0] != nil }.map { "\($0.rawValue)s" }.joined(separator: " or ")
  }

  private func lookupName(_ base: String, _ draft: ProposedMapping) -> String {
    var name = base
    var number = 2
    while draft.lookups.contains(where: { $0.name.isExactly(name) }) {
      name = "\(base)\(number)"
      number += 1
    }
    return name
  }

  /// First and last name for a person's full name, if the source has exactly one of each and no field for the full name.
  private func nameParts(
    for target: TargetField, _ node: TargetNode, _ meaning: String?, _ pair: FieldPairing.Pair?
  ) -> (paths: [String], indices: [Int])? {
    guard meaning == "name", node.types.contains(.string), node.enumeration == nil, (pair?.match.tier ?? 9) > 1, target.isWritable
    else { return nil }
    // On a product, for example, they are not part of its name.
    guard let owner = target.path.dropLast().last else { return nameParts() }
    let people: Set<String> = ["contact", "person", "customer", "user", "lead", "member", "client", "owner", "employee"]
    return people.isSuperset(of: NameMatch.words(owner)) ? nameParts() : nil
  }

  private func nameParts() -> (paths: [String], indices: [Int])? {
    var indices: [Int] = []
    for meaning in ["firstname", "lastname"] {
      let found = fields.indices.filter { NameMatch.meaning(fields[$0].path) == meaning && fields[$0].isMostly(.string) }
      guard found.count == 1 else { return nil }
      indices += found
    }
    let paths = indices.compactMap { SourcePathText.text(fields[$0].path) }
    return paths.count == 2 ? (paths, indices) : nil
  }

  private func chooseTargetKey(_ draft: inout ProposedMapping, _ source: ProposedSource) {
    let key = SourcePathText.text(source.key)
    if let key = options.targetKey {
      (draft.targetKey, draft.targetReview) = ([key], options.targetKeyReview)
      return
    }
    let mapped = draft.fields.filter(\.isMapped)
    let byPath = mapped.first { field in
      if case .from(let paths) = field.value { paths.count == 1 && paths.first == key } else { false }
    }
    if let byPath {
      draft.targetKey = [byPath.name]
      return
    }
    let byMeaning = draft.fields.first { NameMatch.meaning($0.target) == "id" }
    let field = byMeaning ?? mapped.first(where: \.isRequired) ?? mapped.first ?? draft.fields.first
    draft.targetKey = [field?.name ?? "id"]
    // If the source has no key, this is removed again.
    draft.targetReview = "no field is filled from the source's key, \(key ?? "id")"
  }
}
