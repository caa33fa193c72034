import Core
import Values

/// Keywords that apply schemas. Those that belong together (`if`, `then`, `else`) are read with the first of them.
extension SchemaReader {
  /// False: another kind of keyword.
  mutating func readApplicator(
    _ keyword: Keyword, _ value: JSONValue, _ node: Int, _ site: Site, _ parts: inout Parts
  ) -> Bool {
    switch keyword {
    case .allOf:
      guard let list = list(keyword, value, node, site) else { break }
      parts.add(.allOf(list), keyword)
      parts.raw.references += tables.lists[list]
    case .anyOf: if let list = list(keyword, value, node, site) { parts.addRest(.anyOf(list), keyword) }
    case .oneOf: if let list = list(keyword, value, node, site) { parts.addRest(.oneOf(list), keyword) }
    case .not: parts.addRest(.negation(negation(node, of: site)), keyword)
    case .condition:
      let condition = SchemaProgram.Condition(
        condition: schema(node, in: site), then: site.child(.then).map { schema($0, in: site) },
        otherwise: site.child(.otherwise).map { schema($0, in: site) })
      tables.conditions.append(condition)
      parts.addRest(.conditional(tables.conditions.count - 1), keyword)
    case .then, .otherwise:
      // Without `if` they have no effect, but must still be schemas.
      _ = schema(node, in: site)
      return true
    case .properties, .patternProperties, .additionalProperties: readMembers(keyword, value, node, site, &parts)
    case .propertyNames: parts.addRest(.propertyNames(schema(node, in: site)), keyword)
    case .dependentSchemas, .dependencies: readDependencies(keyword, value, node, site, &parts)
    case .prefixItems, .items, .additionalItems: readElements(keyword, value, node, site, &parts)
    case .contains:
      var rule = SchemaProgram.Contains(schema: schema(node, in: site), marks: site.dialect.draft == .draft2020)
      func limit(_ keyword: Keyword) -> Int? {
        guard let child = site.child(keyword), Keyword.named(keyword.rawValue, in: site.dialect) != nil,
          case .number(let digits) = site.document.value(child)
        else { return nil }
        return Self.count(digits)
      }
      rule.least = limit(.minContains) ?? 1
      rule.most = limit(.maxContains) ?? .max
      tables.contains.append(rule)
      parts.addRest(.contains(tables.contains.count - 1), keyword)
    default: return false
    }
    parts.raw.isAsserting = true
    return true
  }

  /// A table entry for a list of at least one schema.
  private mutating func list(_ keyword: Keyword, _ value: JSONValue, _ node: Int, _ site: Site) -> Int? {
    guard case .array(let elements) = value, !elements.isEmpty else {
      report(
        .schemaSyntax, at: site.document.valuePlace(node), "'\(keyword.rawValue)' must be a list of at least one schema")
      return nil
    }
    // The others apply to the same value.
    let isOfElements = keyword == .prefixItems
    tables.lists.append(
      site.document.nodes[node].children.map { isOfElements ? schema($0, in: site) : part($0, of: site) })
    return tables.lists.count - 1
  }

  /// The schemas of an object of schemas.
  mutating func subschemas(_ keyword: Keyword, _ node: Int, _ site: Site) -> [(name: String, schema: Int)] {
    guard case .object(let members) = site.document.value(node) else {
      report(
        .schemaSyntax, at: site.document.valuePlace(node), "'\(keyword.rawValue)' must be an object of schemas")
      return []
    }
    return zip(members, site.document.nodes[node].children).map { ($0.name, schema($1, in: site)) }
  }

  /// The three keywords about members, as one: read with the first of them.
  private mutating func readMembers(
    _ keyword: Keyword, _ value: JSONValue, _ node: Int, _ site: Site, _ parts: inout Parts
  ) {
    let isRead = parts.checks.contains { if case .members = $0.rule { true } else { false } }
    guard !isRead else { return }
    var members = SchemaProgram.Members()
    if let node = site.child(.properties) {
      let found = subschemas(.properties, node, site)
      members.declared = .init(found.map(\.name))
      members.schemas = found.map(\.schema)
      parts.raw.node.properties = found.map { .init(name: $0.name, node: $0.schema) }
    }
    if let node = site.child(.patternProperties) {
      for (index, entry) in subschemas(.patternProperties, node, site).enumerated() {
        let place = site.document.namePlace(site.document.nodes[node].children[index])
        do throws(PatternError) {
          members.patterns.append((try pattern(entry.name, at: place), entry.schema))
        } catch {
          report(.schemaSyntax, at: place, "a name in 'patternProperties' is not a regular expression: \(error)")
        }
      }
      parts.raw.hasRest = true
    }
    if let node = site.child(.additionalProperties) {
      let schema = schema(node, in: site)
      members.additional = schema
      // Only the names of members tell which are additional.
      parts.raw.node.additional = members.patterns.isEmpty ? .node(schema) : .allowed
    } else if !members.patterns.isEmpty {
      parts.raw.node.additional = .allowed
    }
    tables.members.append(members)
    parts.add(.members(tables.members.count - 1), keyword)
  }

  /// `prefixItems` and `items`, or before 2020-12 both forms of `items` and `additionalItems`.
  private mutating func readElements(
    _ keyword: Keyword, _ value: JSONValue, _ node: Int, _ site: Site, _ parts: inout Parts
  ) {
    let isRead = parts.checks.contains { if case .elements = $0.rule { true } else { false } }
    guard !isRead else { return }
    var elements = SchemaProgram.Elements()
    if site.dialect.draft == .draft2020 {
      if let node = site.child(.prefixItems) {
        if let list = list(.prefixItems, site.document.value(node), node, site) { elements.first = tables.lists[list] }
      }
      if let node = site.child(.items) {
        if site.document.value(node).arrayValue != nil {
          report(
            .schemaSyntax, at: site.document.valuePlace(node), "'items' must be one schema, not a list of schemas",
            hint: "2020-12 calls a list of schemas 'prefixItems'")
        } else {
          elements.rest = schema(node, in: site)
        }
      }
    } else {
      let additional = site.child(.additionalItems).map { schema($0, in: site) }
      if let node = site.child(.items) {
        if site.document.value(node).arrayValue != nil {
          elements.first = site.document.nodes[node].children.map { schema($0, in: site) }
          elements.firstKeyword = .items
          elements.rest = additional
          elements.restKeyword = .additionalItems
        } else {
          // `additionalItems` has no effect beside one schema for all.
          elements.rest = schema(node, in: site)
        }
      }
    }
    if elements.first.isEmpty { parts.raw.node.items = elements.rest } else { parts.raw.hasRest = true }
    tables.elements.append(elements)
    parts.add(.elements(tables.elements.count - 1), keyword)
  }

  private mutating func readDependencies(
    _ keyword: Keyword, _ value: JSONValue, _ node: Int, _ site: Site, _ parts: inout Parts
  ) {
    guard case .object(let members) = value else {
      let wanted = keyword == .dependencies ? "schemas or lists of member names" : "schemas"
      report(
        .schemaSyntax, at: site.document.valuePlace(node), "'\(keyword.rawValue)' must be an object of \(wanted)")
      return
    }
    if keyword == .dependencies, site.dialect.draft > .draft7 {
      warn(
        .unknownKey, at: site.document.namePlace(node),
        "'dependencies' belongs to older drafts; it is checked as draft-07 means it",
        hint: "\(site.dialect.draft.name) calls it 'dependentRequired' or 'dependentSchemas'")
    }
    var dependencies: [SchemaProgram.Dependency] = []
    for (member, child) in zip(members, site.document.nodes[node].children) {
      var dependency = SchemaProgram.Dependency(name: Array(member.name.utf8), text: member.name)
      if keyword == .dependencies, member.value.arrayValue != nil {
        dependency.required = .init(names("dependencies", member.value, child, site))
      } else {
        dependency.schema = schema(child, in: site)
      }
      dependencies.append(dependency)
    }
    tables.dependencies.append(dependencies)
    parts.addRest(.dependentSchemas(tables.dependencies.count - 1), keyword)
  }
}
