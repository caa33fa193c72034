/// The words of the mapping language, version 1.
enum MappingKeywords {
  static let document = [
    "mapping", "name", "source", "target", "settings", "lookups", "vars", "where", "fields", "validate", "unique", "merge", "pii",
    "tests",
  ]
  static let source = ["entity", "key", "updated_at", "each", "extra", "schema", "custom_fields"]
  static let target = ["entity", "key", "schema"]
  static let settings = ["timezone", "region", "region_from", "blank_is_null"]
  static let field = [
    "from", "const", "expr", "case", "else", "when", "do", "default", "required", "on_error", "write", "nulls", "pii",
    "references",
  ]
  static let unique = ["fields", "severity", "across"]
  static let merge = ["by", "keep", "fields", "others"]
  static let test = ["name", "given", "cases", "lookups", "settings", "now"] + expectations
  /// What a test, or a case of one, can ask for.
  static let expectations = ["expect", "expect_exactly", "expect_rejected", "expect_filtered", "expect_warnings"]
  /// Those that make a map a long form even where the target is an object.
  static let values = ["from", "const", "expr", "case"]
  static let variable = ["from", "const", "expr", "case", "else", "do", "default", "required", "on_error"]
  static let roots = ["vars", "custom", "item", "parent", "record"]
}
