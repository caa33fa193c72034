/// The keywords of JSON Schema 2020-12, by what becomes of them here.
enum SchemaKeywords {
  /// Checked, or needed to find other schemas.
  static let supported: Set<String> = [
    "type", "required", "enum", "const", "format", "minLength", "maxLength", "pattern", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties",
    "maxProperties", "additionalProperties", "properties", "items", "$ref", "$defs", "$anchor", "$id", "$schema",
  ]

  /// Say nothing about an instance, by the specification.
  static let annotations: Set<String> = [
    "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "contentEncoding",
    "contentMediaType", "contentSchema",
  ]

  /// Say something that is not checked yet.
  static let unsupported: Set<String> = [
    "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependentRequired", "contains",
    "minContains", "maxContains", "prefixItems", "patternProperties", "propertyNames", "unevaluatedItems",
    "unevaluatedProperties", "$dynamicRef", "$dynamicAnchor", "$vocabulary",
  ]

  /// Words that say something in another draft or dialect and nothing in 2020-12, and what to write instead.
  static let foreign: [String: String] = [
    "dependencies": "2020-12 calls it 'dependentRequired' or 'dependentSchemas'",
    "additionalItems": "2020-12 gives the elements' schema as 'items'",
    "$recursiveRef": "2020-12 calls it '$dynamicRef'; a recursive schema needs only '$ref'",
    "$recursiveAnchor": "2020-12 calls it '$dynamicAnchor'",
    "nullable": "JSON Schema writes \"type\": [\"string\", \"null\"]",
    "discriminator": "it belongs to OpenAPI",
  ]

  /// In a fixed order, so that "did you mean" answers the same each time.
  static let all: [String] = supported.union(annotations).union(unsupported).sorted()

  static let typeNames = ["null", "boolean", "integer", "number", "string", "array", "object"]

  static let metaschema = "https://json-schema.org/draft/2020-12/schema"
}
