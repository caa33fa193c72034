/// The table as the parser asks for it.
extension MappingKeywords {
  static let document = documentGroup.names
  static let reservedInDocument = documentGroup.reserved
  static let requiredInDocument = documentGroup.required
  static let source = sourceGroup.names
  static let target = targetGroup.names
  static let settings = settingsGroup.names
  static let field = fieldGroup.names
  /// Words of the document are refused by name in a field, too, as long as they are reserved.
  static let reservedInField = fieldGroup.reserved + reservedInDocument
  /// Those that make a map a long form even where the target is an object.
  static let values = fieldGroup.alternatives
  static let variable = variableGroup.names
  static let roots = ["vars", "custom", "item", "parent", "record"]

  /// Functions of the language that this version does not have.
  static let reservedFunctions: Set<String> = [
    "slice", "normalize", "pad_left", "prefix", "suffix", "language", "url", "postal_code", "name", "round", "epoch",
    "format", "at", "compact", "sha256", "uuid5", "mask",
  ]
}
