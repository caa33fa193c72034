import Core
import Values

/// Keywords of the validation and format vocabularies.
extension SchemaReader {
  /// False: another kind of keyword.
  mutating func readAssertion(
    _ keyword: Keyword, _ value: JSONValue, _ node: Int, _ site: Site, _ parts: inout Parts
  ) -> Bool {
    switch keyword {
    case .type:
      guard let types = types(value, node, site) else { break }
      parts.raw.node.types.formIntersection(types)
      parts.add(.types(types), keyword)
    case .enum: readEnumeration(value, node, site, &parts)
    case .const:
      parts.raw.node.enumeration = ExactJSON.common(parts.raw.node.enumeration, [value])
      parts.raw.node.isConstant = true
      addEnumeration([value], keyword, &parts)
    case .required:
      let names = names(keyword.rawValue, value, node, site)
      parts.raw.node.required = names
      tables.names.append(.init(names))
      parts.add(.required(tables.names.count - 1), keyword)
    case .format: readFormat(value, node, site, &parts)
    case .pattern: readPattern(value, node, site, &parts)
    case .minLength, .maxLength, .minItems, .maxItems, .minProperties, .maxProperties:
      if let count = count(keyword, value, node, site) { addCount(keyword, count, &parts) }
    case .minContains, .maxContains: _ = count(keyword, value, node, site)
    case .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum:
      if let digits = number(keyword, value, node, site) { addLimit(keyword, digits, keyword, &parts) }
    case .multipleOf: readMultipleOf(value, node, site, &parts)
    case .uniqueItems:
      guard boolean(keyword.rawValue, value, node, site) else { break }
      parts.raw.node.uniqueItems = true
      parts.add(.uniqueItems, keyword)
    case .dependentRequired: readDependentRequired(value, node, site, &parts)
    default: return false
    }
    parts.raw.isAsserting = true
    return true
  }

  /// Names of types in other languages.
  private static let foreignTypes: [String: String?] = [
    "any": nil, "int": "integer", "long": "integer", "float": "number", "double": "number", "decimal": "number",
    "bool": "boolean", "str": "string", "text": "string", "list": "array", "map": "object", "dict": "object",
  ]

  private static func typeHint(_ name: String) -> String {
    switch foreignTypes[name] {
    case .some(.some(let meant)): "did you mean '\(meant)'?"
    case .some(.none): "for any value, leave out 'type'"
    case .none: NearestName.hint(name, in: typeNames) ?? "the types are \(typeNames.joined(separator: ", "))"
    }
  }

  private static let typeNames = ["null", "boolean", "integer", "number", "string", "array", "object"]

  private mutating func types(_ value: JSONValue, _ node: Int, _ site: Site) -> JSONTypes? {
    let names: [(name: JSONValue, node: Int)]
    switch value {
    case .string: names = [(value, node)]
    case .array(let elements) where !elements.isEmpty:
      // A list that a translation made stands where its one name stands.
      let children = site.document.nodes[node].children
      names = elements.enumerated().map { ($1, $0 < children.count ? children[$0] : node) }
    default:
      report(
        .schemaSyntax, at: site.document.valuePlace(node), "'type' must be the name of a type or a list of such names")
      return nil
    }
    var types: JSONTypes = []
    var seen: Set<String> = []
    for (name, node) in names {
      let place = site.document.valuePlace(node)
      switch name.stringValue {
      case "null": types.insert(.null)
      case "boolean": types.insert(.boolean)
      case "integer": types.insert(.integer)
      // Every integer is a number.
      case "number": types.formUnion([.number, .integer])
      case "string": types.insert(.string)
      case "array": types.insert(.array)
      case "object": types.insert(.object)
      case let other?:
        report(
          .schemaSyntax, at: place, "unknown type '\(other)'",
          hint: Self.typeHint(other))
        types = .all
      case nil:
        report(.schemaSyntax, at: place, "'type' must be the name of a type or a list of such names")
        types = .all
      }
      if let text = name.stringValue, !seen.insert(text).inserted {
        report(.schemaSyntax, at: place, "type '\(text)' is given twice")
      }
    }
    return types
  }

  private mutating func readEnumeration(_ value: JSONValue, _ node: Int, _ site: Site, _ parts: inout Parts) {
    guard case .array(let members) = value else {
      report(.schemaSyntax, at: site.document.valuePlace(node), "'enum' must be a list of values")
      return
    }
    if members.isEmpty {
      warn(.schemaSyntax, at: site.document.valuePlace(node), "'enum' has no value, so nothing is valid")
    }
    var seen: Set<[UInt8]> = []
    for (member, child) in zip(members, site.document.nodes[node].children)
    where !seen.insert(ExactJSON.key(of: member)).inserted {
      warn(.schemaSyntax, at: site.document.valuePlace(child), "this value is in 'enum' twice")
    }
    parts.raw.node.enumeration = ExactJSON.common(parts.raw.node.enumeration, members)
    addEnumeration(members, .enum, &parts)
  }

  private mutating func addEnumeration(_ values: [JSONValue], _ keyword: Keyword, _ parts: inout Parts) {
    // A nested target is judged by its columns, which do not see the whole object.
    if values.contains(where: { $0.objectValue != nil }) { parts.raw.hasRest = true }
    tables.enumerations.append(.init(keys: ByteSet(values.map(ExactJSON.key)), values: values))
    parts.add(.enumeration(tables.enumerations.count - 1), keyword)
  }

  /// A list of different member names.
  mutating func names(_ what: String, _ value: JSONValue, _ node: Int, _ site: Site) -> [String] {
    guard case .array(let elements) = value else {
      let hint =
        value.boolValue == nil || what != "required" ? nil : "name it in the 'required' of the object that it belongs to"
      report(
        .schemaSyntax, at: site.document.valuePlace(node), "'\(what)' must be a list of member names", hint: hint)
      return []
    }
    var names: [String] = []
    var seen: Set<Name> = []
    for (element, child) in zip(elements, site.document.nodes[node].children) {
      let place = site.document.valuePlace(child)
      guard let name = element.stringValue else {
        report(.schemaSyntax, at: place, "'\(what)' must be a list of member names")
        continue
      }
      if seen.insert(Name(name)).inserted {
        names.append(name)
      } else {
        report(.schemaSyntax, at: place, "'\(name)' is required twice")
      }
    }
    return names
  }

  private mutating func readFormat(_ value: JSONValue, _ node: Int, _ site: Site, _ parts: inout Parts) {
    guard let name = value.stringValue else {
      report(.schemaSyntax, at: site.document.valuePlace(node), "'format' must be a string")
      return
    }
    if readOpenAPIFormat(name, site, &parts) { return }
    let vocabularies = site.dialect.vocabularies
    guard let format = StringFormat(name: name), site.dialect.draft > .draft7 || !format.isNewerThanDraft7 else {
      warn(
        .unknownWord, at: site.document.valuePlace(node), "unknown format '\(name)': nothing is checked",
        hint: NearestName.hint(name, in: StringFormat.allCases.map(\.name)))
      parts.raw.node.format = name
      return
    }
    let isAsserted =
      vocabularies.contains(.formatAssertion)
      || (vocabularies.contains(.formatAnnotation) && library.options.formats == .assert)
    guard isAsserted else { return }
    parts.raw.node.format = name
    parts.add(.format(format), .format)
  }

  private mutating func readPattern(_ value: JSONValue, _ node: Int, _ site: Site, _ parts: inout Parts) {
    guard let text = value.stringValue else {
      report(.schemaSyntax, at: site.document.valuePlace(node), "'pattern' must be a string")
      return
    }
    if Self.isLiteral(text) {
      warn(
        .schemaSyntax, at: site.document.valuePlace(node), "this pattern matches no text: the slashes around it are part of it",
        hint: "write it without them")
    }
    do throws(PatternError) {
      addPattern(try pattern(text, at: site.document.valuePlace(node)), text, .pattern, &parts)
    } catch {
      report(.schemaSyntax, at: site.document.valuePlace(node), "'pattern' is not a regular expression: \(error)")
    }
  }

  /// Whether this is a JavaScript regular expression literal, `/^a+$/`: nothing can precede `^` or follow `$`.
  private static func isLiteral(_ pattern: String) -> Bool {
    guard pattern.hasPrefix("/"), pattern.hasSuffix("/"), !pattern.contains("|") else { return false }
    return pattern.hasPrefix("/^") || (pattern.hasSuffix("$/") && !pattern.hasSuffix("\\$/"))
  }

  /// The static part has room for one pattern that can be evaluated.
  mutating func addPattern(_ number: Int, _ text: String, _ keyword: Keyword, _ parts: inout Parts) {
    parts.add(.pattern(number), keyword)
    if parts.raw.node.pattern == nil, !tables.patterns[number].isUndecided {
      parts.raw.node.pattern = text
    } else {
      parts.raw.hasRest = true
    }
  }

  private mutating func readMultipleOf(_ value: JSONValue, _ node: Int, _ site: Site, _ parts: inout Parts) {
    guard let digits = number(.multipleOf, value, node, site) else { return }
    guard let divisor = Divisor(digits) else {
      report(.schemaSyntax, at: site.document.valuePlace(node), "'multipleOf' must be greater than 0")
      return
    }
    parts.raw.node.multipleOf = digits
    tables.divisors.append(.init(divisor: divisor, text: digits))
    parts.add(.multipleOf(tables.divisors.count - 1), .multipleOf)
  }

  private mutating func number(_ keyword: Keyword, _ value: JSONValue, _ node: Int, _ site: Site) -> String? {
    if case .number(let digits) = value { return digits }
    report(.schemaSyntax, at: site.document.valuePlace(node), "'\(keyword.rawValue)' must be a number")
    return nil
  }

  /// A whole number from 0, perhaps written `2.0`; beyond 64 bits it counts as no limit.
  mutating func count(_ keyword: Keyword, _ value: JSONValue, _ node: Int, _ site: Site) -> Int? {
    if case .number(let digits) = value, let count = Self.count(digits) { return count }
    report(.schemaSyntax, at: site.document.valuePlace(node), "'\(keyword.rawValue)' must be a whole number, 0 or more")
    return nil
  }

  static func count(_ digits: String) -> Int? {
    switch digits.withBytes({ Numbers.integer($0) }) {
    case .value(let count): count >= 0 ? Int(count) : nil
    case .refused(let refusal): refusal == .outOfRange && !digits.hasPrefix("-") ? .max : nil
    }
  }

  mutating func boolean(_ name: String, _ value: JSONValue, _ node: Int, _ site: Site) -> Bool {
    if let value = value.boolValue { return value }
    report(.schemaSyntax, at: site.document.valuePlace(node), "'\(name)' must be true or false")
    return false
  }

  private func addCount(_ keyword: Keyword, _ count: Int, _ parts: inout Parts) {
    switch keyword {
    case .minLength:
      parts.raw.node.minLength = count
      parts.add(.minLength(count), keyword)
    case .maxLength:
      parts.raw.node.maxLength = count
      parts.add(.maxLength(count), keyword)
    case .minItems:
      parts.raw.node.minItems = count
      parts.add(.minItems(count), keyword)
    case .maxItems:
      parts.raw.node.maxItems = count
      parts.add(.maxItems(count), keyword)
    case .minProperties:
      parts.raw.node.minProperties = count
      parts.addRest(.minProperties(count), keyword)
    default:
      parts.raw.node.maxProperties = count
      parts.addRest(.maxProperties(count), keyword)
    }
  }

  /// - Parameter source: the keyword that states the limit, perhaps a `format`.
  mutating func addLimit(_ kind: Keyword, _ digits: String, _ source: Keyword, _ parts: inout Parts) {
    tables.limits.append(.init(digits))
    let index = tables.limits.count - 1
    func stricter(_ known: String?, isUpper: Bool) -> String? { SchemaMerger.stricter(known, digits, isUpper: isUpper) }
    switch kind {
    case .minimum:
      parts.raw.node.minimum = stricter(parts.raw.node.minimum, isUpper: false)
      parts.add(.minimum(index), source)
    case .maximum:
      parts.raw.node.maximum = stricter(parts.raw.node.maximum, isUpper: true)
      parts.add(.maximum(index), source)
    case .exclusiveMinimum:
      parts.raw.node.exclusiveMinimum = digits
      parts.add(.exclusiveMinimum(index), source)
    default:
      parts.raw.node.exclusiveMaximum = digits
      parts.add(.exclusiveMaximum(index), source)
    }
  }

  private mutating func readDependentRequired(_ value: JSONValue, _ node: Int, _ site: Site, _ parts: inout Parts) {
    guard case .object(let members) = value else {
      report(
        .schemaSyntax, at: site.document.valuePlace(node), "'dependentRequired' must be an object of lists of member names")
      return
    }
    var dependencies: [SchemaProgram.Dependency] = []
    for (member, child) in zip(members, site.document.nodes[node].children) {
      let names = names("dependentRequired", member.value, child, site)
      dependencies.append(.init(name: Array(member.name.utf8), text: member.name, required: .init(names)))
    }
    tables.dependencies.append(dependencies)
    parts.addRest(.dependentRequired(tables.dependencies.count - 1), .dependentRequired)
  }
}
