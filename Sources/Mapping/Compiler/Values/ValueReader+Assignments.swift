import Core
import Schema
import Transform

/// Values against the nodes of the target schema.
extension ValueReader {
  /// Whether a value can be assigned to its target: each value that the mapping itself writes is checked against the whole
  /// schema of the target, any other by its type and its length. Returns false if something was reported.
  mutating func check(_ facts: ValueFacts, into position: TargetPosition, at place: SourcePlace) -> Bool {
    let count = diagnostics.all.count
    judge(facts, into: position, at: place)
    return diagnostics.all.count == count
  }

  private mutating func judge(_ facts: ValueFacts, into position: TargetPosition, at place: SourcePlace) {
    guard !facts.isPoisoned, case .node(let index) = position, let target = target.schema else { return }
    // If the target does not accept a list, its elements are covered by the report about the list's type.
    if let known = facts.known, target.nodes[index].types.contains(.array) || !known.contains(where: \.isElement) {
      let items = target.nodes[index].items
      for value in known {
        if let node = value.isElement ? items : index { check(value, node: node, target) }
      }
      if !known.isEmpty || facts.type.element == nil || target.nodes[index].types.contains(.array) { return }
    }
    if let mismatch = Assignability(schema: target).mismatch(facts.type, into: index) {
      report(.notAssignable, at: place, "cannot assign \(mismatch.source) to \(mismatch.target)", hint: mismatch.hint)
      return
    }
    let node = target.nodes[index]
    if let most = node.maxLength, let longest = facts.longest, longest > most, facts.type != .any {
      let hint = facts.type == .string ? "shorten it to what the target accepts: {truncate: \(most)}" : nil
      report(
        .tooLongForTarget, at: place, "the value has up to \(longest) characters, but the target accepts \(most)", hint: hint)
    }
  }

  /// Reports the first problem of one value of the mapping.
  private mutating func check(_ known: KnownValue, node index: Int, _ target: TargetSchema) {
    guard let failure = self.target.validator?.failures(in: known.value, node: index).first else { return }
    let node = target.nodes[index]
    let shown = "\(known.what): \(known.value.text)"
    switch failure.code {
    case .schemaType:
      let isTextMeant = node.types.subtracting(.null) == .string
      switch known.value {
      case .number, .bool:
        guard isTextMeant else { fallthrough }
        report(
          .wrongKind, at: known.place, "\(shown) is \(Assignability.article(.literal(known.value))), but the target accepts text",
          hint: "write \"\(written(known))\"")
      default:
        report(
          .notAssignable, at: known.place,
          "\(shown) is \(Assignability.article(.literal(known.value))), but the target accepts \(Assignability.describe(node))")
      }
    case .schemaEnum, .schemaConst:
      let members = node.enumeration ?? []
      let texts = members.compactMap(\.stringValue)
      let hint =
        known.value.stringValue.flatMap { NearestName.hint($0, in: texts) }
        ?? (members.count <= 12 ? "one of: \(members.map(\.text).joined(separator: ", "))" : nil)
      report(.enumMember, at: known.place, "\(shown) is not in the target's enum", hint: hint)
    case .schemaMaxLength:
      let most = node.maxLength.map(String.init) ?? "fewer"
      let count = known.value.stringValue.map { $0.unicodeScalars.count } ?? 0
      report(.tooLongForTarget, at: known.place, "\(shown) has \(count) characters, but the target accepts \(most)")
    case .schemaPattern:
      report(.patternNeverMatches, at: known.place, "\(shown) does not match the target's pattern \(node.pattern ?? "")")
    default:
      report(.constantOutsideTarget, at: known.place, "\(shown): \(failure.message)")
    }
  }

  /// The scalar as written: `0123`, not 123.
  private func written(_ known: KnownValue) -> String {
    let fallback = known.value.text
    guard let line = diagnostics.files[known.place.file]?.line(known.place.line) else { return fallback }
    let text = line.dropFirst(known.place.column - 1).prefix(known.place.length)
    return text.isEmpty ? fallback : String(text)
  }
}
