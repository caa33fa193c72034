/// The specification's metaschemas, with its own content (2020-12 and 2019-09: core, section 8 and the appendices of each
/// vocabulary; draft-07), so that a schema may refer to them.
enum Metaschemas {
  /// The text of the metaschema at an address; nil if there is none.
  static func text(of uri: String) -> String? {
    let prefixes = [
      ("https://json-schema.org/draft/2020-12/", draft2020), ("https://json-schema.org/draft/2019-09/", draft2019),
    ]
    for (prefix, texts) in prefixes where uri.hasPrefix(prefix) { return texts[String(uri.dropFirst(prefix.count))] }
    switch uri {
    case Draft.draft7.metaschema: return draft7
    case Dialect.openAPI31: return openAPI
    default: return nil
    }
  }

  /// A dialect of 2020-12 with annotations of its own.
  private static let openAPI = ##"""
    {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://spec.openapis.org/oas/3.1/dialect/base",
     "$vocabulary": {
       "https://json-schema.org/draft/2020-12/vocab/core": true,
       "https://json-schema.org/draft/2020-12/vocab/applicator": true,
       "https://json-schema.org/draft/2020-12/vocab/unevaluated": true,
       "https://json-schema.org/draft/2020-12/vocab/validation": true,
       "https://json-schema.org/draft/2020-12/vocab/meta-data": true,
       "https://json-schema.org/draft/2020-12/vocab/format-annotation": true,
       "https://json-schema.org/draft/2020-12/vocab/content": true,
       "https://spec.openapis.org/oas/3.1/vocab/base": false},
     "$dynamicAnchor": "meta", "$ref": "https://json-schema.org/draft/2020-12/schema"}
    """##

  private static let draft7 = ##"""
    {"$schema": "http://json-schema.org/draft-07/schema#", "$id": "http://json-schema.org/draft-07/schema#",
     "definitions": {
       "schemaArray": {"type": "array", "minItems": 1, "items": {"$ref": "#"}},
       "nonNegativeInteger": {"type": "integer", "minimum": 0},
       "nonNegativeIntegerDefault0": {"allOf": [{"$ref": "#/definitions/nonNegativeInteger"}, {"default": 0}]},
       "simpleTypes": {"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]},
       "stringArray": {"type": "array", "items": {"type": "string"}, "uniqueItems": true, "default": []}},
     "type": ["object", "boolean"],
     "properties": {
       "$id": {"type": "string", "format": "uri-reference"}, "$schema": {"type": "string", "format": "uri"},
       "$ref": {"type": "string", "format": "uri-reference"}, "$comment": {"type": "string"},
       "title": {"type": "string"}, "description": {"type": "string"}, "default": true,
       "readOnly": {"type": "boolean", "default": false}, "writeOnly": {"type": "boolean", "default": false},
       "examples": {"type": "array", "items": true},
       "multipleOf": {"type": "number", "exclusiveMinimum": 0},
       "maximum": {"type": "number"}, "exclusiveMaximum": {"type": "number"},
       "minimum": {"type": "number"}, "exclusiveMinimum": {"type": "number"},
       "maxLength": {"$ref": "#/definitions/nonNegativeInteger"}, "minLength": {"$ref": "#/definitions/nonNegativeIntegerDefault0"},
       "pattern": {"type": "string", "format": "regex"},
       "additionalItems": {"$ref": "#"},
       "items": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/schemaArray"}], "default": true},
       "maxItems": {"$ref": "#/definitions/nonNegativeInteger"}, "minItems": {"$ref": "#/definitions/nonNegativeIntegerDefault0"},
       "uniqueItems": {"type": "boolean", "default": false},
       "contains": {"$ref": "#"},
       "maxProperties": {"$ref": "#/definitions/nonNegativeInteger"},
       "minProperties": {"$ref": "#/definitions/nonNegativeIntegerDefault0"},
       "required": {"$ref": "#/definitions/stringArray"},
       "additionalProperties": {"$ref": "#"},
       "definitions": {"type": "object", "additionalProperties": {"$ref": "#"}, "default": {}},
       "properties": {"type": "object", "additionalProperties": {"$ref": "#"}, "default": {}},
       "patternProperties": {"type": "object", "additionalProperties": {"$ref": "#"}, "propertyNames": {"format": "regex"}, "default": {}},
       "dependencies": {"type": "object", "additionalProperties": {"anyOf": [{"$ref": "#"}, {"$ref": "#/definitions/stringArray"}]}},
       "propertyNames": {"$ref": "#"},
       "const": true, "enum": {"type": "array", "items": true},
       "type": {"anyOf": [{"$ref": "#/definitions/simpleTypes"},
         {"type": "array", "items": {"$ref": "#/definitions/simpleTypes"}, "minItems": 1, "uniqueItems": true}]},
       "format": {"type": "string"}, "contentMediaType": {"type": "string"}, "contentEncoding": {"type": "string"},
       "if": {"$ref": "#"}, "then": {"$ref": "#"}, "else": {"$ref": "#"},
       "allOf": {"$ref": "#/definitions/schemaArray"}, "anyOf": {"$ref": "#/definitions/schemaArray"},
       "oneOf": {"$ref": "#/definitions/schemaArray"}, "not": {"$ref": "#"}},
     "default": true}
    """##
}
