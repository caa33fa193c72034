/// The keywords that find schemas or constrain an instance, in any of the drafts.
enum Keyword: String, Sendable, CaseIterable {
  case schema = "$schema"
  case id = "$id"
  case anchor = "$anchor"
  case reference = "$ref"
  case dynamicReference = "$dynamicRef"
  case dynamicAnchor = "$dynamicAnchor"
  case recursiveReference = "$recursiveRef"
  case recursiveAnchor = "$recursiveAnchor"
  case vocabulary = "$vocabulary"
  case definitions = "$defs"
  case olderDefinitions = "definitions"
  case allOf, anyOf, oneOf, not
  case condition = "if"
  case then
  case otherwise = "else"
  case dependentSchemas, dependencies
  case prefixItems, items, additionalItems, contains
  case properties, patternProperties, additionalProperties, propertyNames
  case unevaluatedItems, unevaluatedProperties
  case type, `enum`, const
  case multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum
  case maxLength, minLength, pattern
  case maxItems, minItems, uniqueItems, maxContains, minContains
  case maxProperties, minProperties, required, dependentRequired
  case format
  case contentSchema, contentMediaType, contentEncoding

  /// Where the subschemas of a keyword's value are.
  enum Subschemas: Sendable {
    case none
    /// The value itself.
    case one
    case list
    /// The values of an object's members.
    case map
    /// A schema or a list of them: `items` before 2020-12.
    case oneOrList
    /// An object of schemas or lists of names: `dependencies`.
    case mapOrNames
  }

  private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

  /// The keyword with this name in a dialect; nil if the dialect has none, or omits its vocabulary.
  static func named(_ name: String, in dialect: Dialect) -> Keyword? {
    guard let keyword = byName[name], keyword.isPart(of: dialect.draft), dialect.openAPI?.has(keyword) ?? true else { return nil }
    return dialect.vocabularies.contains(keyword.home) ? keyword : nil
  }

  func isPart(of draft: Draft) -> Bool {
    switch self {
    case .anchor, .vocabulary, .dependentSchemas, .dependentRequired, .unevaluatedItems, .unevaluatedProperties, .maxContains,
      .minContains, .contentSchema, .definitions:
      draft >= .draft2019
    case .recursiveReference, .recursiveAnchor: draft == .draft2019
    case .dynamicReference, .dynamicAnchor, .prefixItems: draft == .draft2020
    case .additionalItems: draft <= .draft2019
    // Split in two since 2019-09; a schema that still has it keeps its meaning (the metaschemas keep its form).
    default: true
    }
  }

  /// The vocabulary that it belongs to.
  private var home: Vocabularies {
    switch self {
    case .schema, .id, .anchor, .reference, .dynamicReference, .dynamicAnchor, .recursiveReference, .recursiveAnchor,
      .vocabulary, .definitions, .olderDefinitions:
      .core
    case .allOf, .anyOf, .oneOf, .not, .condition, .then, .otherwise, .dependentSchemas, .dependencies, .prefixItems, .items,
      .additionalItems, .contains, .properties, .patternProperties, .additionalProperties, .propertyNames:
      .applicator
    case .unevaluatedItems, .unevaluatedProperties: .unevaluated
    case .format, .contentSchema, .contentMediaType, .contentEncoding: []
    default: .validation
    }
  }

  func subschemas(in draft: Draft) -> Subschemas {
    switch self {
    case .definitions, .olderDefinitions, .dependentSchemas, .properties, .patternProperties: .map
    case .allOf, .anyOf, .oneOf, .prefixItems: .list
    case .not, .condition, .then, .otherwise, .additionalItems, .contains, .additionalProperties, .propertyNames,
      .unevaluatedItems, .unevaluatedProperties, .contentSchema:
      .one
    case .items: draft == .draft2020 ? .one : .oneOrList
    case .dependencies: .mapOrNames
    default: .none
    }
  }

  /// Keywords that, by the specification, neither constrain an instance nor refer to a schema.
  static let annotations: Set<String> = [
    "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment",
  ]

  /// Of OpenAPI's base vocabulary.
  static let openAPIAnnotations: Set<String> = ["discriminator", "xml", "externalDocs", "example"]

  /// In a fixed order, so that "did you mean" is the same each time.
  static let allNames: [String] = (allCases.map(\.rawValue) + annotations).sorted()
}
