import Core
import Transform

/// `tests`: read and checked with everything else, so that a typo in a test does not make it pass.
struct TestPhase: ScopedPhase {
  var scope: MappingScope
  let filter: MappingFilter
  let fields: MappingFields
  let rules: MappingRules
  private(set) var tests: [MappingTest] = []

  init(_ before: UsePhase) {
    scope = before.scope
    filter = before.filter
    fields = before.fields
    rules = before.rules
    // A test is compiled with what it replaces, and without tests.
    if context.options.overrides.isEmpty, let node = context.document["tests"] { tests = readTests(node) }
  }

  private mutating func readTests(_ node: YAMLNode) -> [MappingTest] {
    guard let elements = node.elements("tests", &diagnostics) else { return [] }
    return elements.flatMap { readTest($0) }
  }

  private mutating func readTest(_ node: YAMLNode) -> [MappingTest] {
    guard node.entries("a test", &diagnostics) != nil else { return [] }
    node.checkKeys("a test", known: MappingKeywords.test, required: ["name"], &diagnostics)
    let name = node["name"]?.text("name", &diagnostics) ?? "a test without a name"
    let given = node["given"].flatMap { self.given($0) } ?? .object([])
    let overrides = MappingOverrides(settings: checked(settings: node["settings"]), lookups: checked(lookups: node["lookups"]))
    let now = moment(node["now"])
    guard let cases = node.entry("cases") else {
      guard let outcome = outcome(of: node, "the test '\(name)'") else { return [] }
      return [
        MappingTest(
          name: name, place: node["name"]?.place ?? node.place, given: completed(given), expectation: outcome.expectation,
          warnings: outcome.warnings, overrides: overrides, now: now)
      ]
    }
    for word in MappingKeywords.expectations {
      guard let entry = node.entry(word) else { continue }
      report(.badArgument, at: entry.keyPlace, "'\(word)' belongs in each of the cases, not beside them")
    }
    guard let elements = cases.value.elements("cases", &diagnostics) else { return [] }
    if elements.isEmpty { report(.wrongKind, at: cases.keyPlace, "cases must have at least one case") }
    return elements.enumerated().compactMap { index, element in
      guard element.entries("a case", &diagnostics) != nil else { return nil }
      element.checkKeys("a case", known: MappingKeywords.testCase, &diagnostics)
      let own = element["given"].flatMap { self.given($0) } ?? .object([])
      guard let outcome = outcome(of: element, "case \(index + 1) of '\(name)'") else { return nil }
      let title = element["name"]?.text("name", &diagnostics) ?? "case \(index + 1)"
      return MappingTest(
        name: "\(name): \(title)", place: element.place, given: completed(given.merged(with: own)),
        expectation: outcome.expectation,
        warnings: outcome.warnings, overrides: overrides, now: now)
    }
  }

  private mutating func outcome(
    of node: YAMLNode, _ what: String
  ) -> (expectation: MappingTest.Expectation, warnings: [MappingTest.Code]?)? {
    let stated = ["expect", "expect_exactly", "expect_rejected", "expect_filtered"].compactMap { node.entry($0) }
    if stated.count > 1 {
      report(.badArgument, at: stated[1].keyPlace, "'\(stated[0].key)' and '\(stated[1].key)' cannot be used together")
    }
    let warnings = node["expect_warnings"].map { codes($0, "expect_warnings") }
    guard let entry = stated.first else {
      guard warnings == nil else { return (.accepted, warnings) }
      // An invalid key has been reported, and may be the missing one.
      let known = MappingKeywords.test + MappingKeywords.testCase
      guard node.entries?.contains(where: { !known.contains($0.key) }) != true else { return nil }
      let hint = "one of: \(MappingKeywords.expectations.joined(separator: ", "))"
      report(.missingKeyword, at: node.place, "\(what) does not name an expectation", hint: hint)
      return nil
    }
    switch entry.key {
    case "expect_rejected": return (.rejected(codes(entry.value, "expect_rejected")), warnings)
    case "expect_filtered":
      guard let value = entry.value.boolean("expect_filtered", &diagnostics) else { return nil }
      if !value { report(.badArgument, at: entry.value.place, "expect_filtered must be true or absent") }
      return (.filtered, warnings)
    default:
      let nodes = entry.value.elements ?? [entry.value]
      let expected = nodes.compactMap { node in
        self.expected(node, entry.key, under: []).map { MappingTest.Expected(record: $0, place: node.place) }
      }
      return expected.count == nodes.count ? (.records(expected, isExact: entry.key == "expect_exactly"), warnings) : nil
    }
  }

  /// A target record; `address.city: x` stands for a nested one, as under `fields`.
  private mutating func expected(_ node: YAMLNode, _ what: String, under prefix: [String]) -> JSONValue? {
    guard let entries = node.entries(what, &diagnostics) else { return nil }
    var record = JSONValue.object([])
    for entry in entries {
      let names = entry.key.split(exactly: ".")
      let path = prefix + names
      let isWritten = fields.tree.writer(of: path) != nil
      if !isWritten, !fields.isMeant(path.joined(separator: ".")) {
        let hint = NearestName.hint(path.joined(separator: "."), in: fields.drafts.map(\.name))
        report(
          .unknownTargetField, at: entry.keyPlace, "\(what): no field '\(path.joined(separator: "."))' is mapped", hint: hint)
      }
      let isNested = entry.value.isMapping && fields.tree.tree(at: path)?.names.isEmpty == false
      let value = isNested ? expected(entry.value, what, under: path) : entry.value.literal(what, &diagnostics)
      guard let value else { return nil }
      record = record.merged(with: names.reversed().reduce(value) { .object([.init($1, $0)]) })
    }
    return record
  }

  private mutating func codes(_ node: YAMLNode, _ what: String) -> [MappingTest.Code] {
    let nodes = node.elements ?? [node]
    let known = ProblemCode.allCases.map(\.slug) + rules.names
    return nodes.compactMap { node in
      guard let word = node.word(what, &diagnostics) else { return nil }
      if !known.contains(exactly: word) {
        let hint = NearestName.hint(word, in: known) ?? "a code of the ledger (`waybill explain CODE`), or the ID of a rule"
        report(.unknownWord, at: node.place, "\(what): there is no code '\(word)'", hint: hint)
      }
      return .init(slug: word, place: node.place)
    }
  }

  private mutating func checked(settings node: YAMLNode?) -> YAMLNode? {
    guard let node else { return nil }
    var replaced = settings
    read(settings: node, into: &replaced)
    return node
  }

  private mutating func checked(lookups node: YAMLNode?) -> YAMLNode? {
    guard let node, let entries = node.entries("lookups", &diagnostics) else { return nil }
    for entry in entries where !lookups.states.contains(where: { $0.name.isExactly(entry.key) }) {
      let hint = NearestName.hint(entry.key, in: lookups.states.map(\.name))
      report(.unknownLookup, at: entry.keyPlace, "the mapping has no lookup '\(entry.key)'", hint: hint)
    }
    return node
  }

  private mutating func moment(_ node: YAMLNode?) -> String? {
    guard let node, let text = node.word("now", &diagnostics) else { return nil }
    if MomentText.isMoment(text) { return text }
    report(
      .badArgument, at: node.place, "now: '\(text)' is not a time with an offset", hint: "write one such as 2024-05-01T12:00:00Z")
    return nil
  }
}

extension JSONValue {
  /// Members of `other` go over those of the same name; objects are merged, anything else is replaced.
  func merged(with other: JSONValue) -> JSONValue {
    guard case .object(var members) = self, case .object(let more) = other else { return other }
    for member in more {
      if let index = members.firstIndex(where: { $0.name.isExactly(member.name) }) {
        members[index].value = members[index].value.merged(with: member.value)
      } else {
        members.append(member)
      }
    }
    return .object(members)
  }
}
