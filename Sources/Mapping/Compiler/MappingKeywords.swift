/// The words of the mapping language, version 1.
enum MappingKeywords {
  static let document = [
    "mapping", "name", "source", "target", "settings", "lookups", "vars", "fields", "unique", "merge", "pii",
  ]
  /// Of the document; they belong to the language, and are refused by name until they work.
  static let reservedInDocument = ["where", "validate", "tests"]
  static let source = ["entity", "key", "updated_at", "each", "extra", "schema", "custom_fields"]
  static let target = ["entity", "key", "schema"]
  static let settings = ["timezone", "region", "region_from", "blank_is_null"]
  static let field = ["from", "const", "do", "default", "required", "on_error", "write", "nulls", "pii", "references"]
  static let reservedInField = ["when", "case", "else", "expr", "where", "validate", "unique", "merge", "tests"]
  static let unique = ["fields", "severity", "across"]
  static let merge = ["by", "keep", "fields", "others"]
  /// Those that make a map a long form even where the target is an object.
  static let values = ["from", "const", "expr", "case"]
  static let variable = ["from", "const", "do", "default", "required", "on_error"]
  static let roots = ["vars", "custom", "item", "parent", "record"]
  /// Functions of the language that this version does not have.
  static let reservedFunctions: Set<String> = [
    "slice", "normalize", "pad_left", "prefix", "suffix", "language", "url", "postal_code", "name", "round", "epoch",
    "format", "at", "compact", "sha256", "uuid5", "mask",
  ]
}
