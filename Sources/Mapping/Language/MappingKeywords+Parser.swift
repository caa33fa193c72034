/// Queries of the parser on the table.
extension MappingKeywords {
  static let document = documentGroup.names
  static let requiredInDocument = documentGroup.required
  static let source = sourceGroup.names
  static let target = targetGroup.names
  static let settings = settingsGroup.names
  static let field = fieldGroup.names
  /// Those that make a map a long form even where the target is an object.
  static let values = fieldGroup.alternatives
  static let variable = variableGroup.names
  static let roots = ["vars", "custom", "item", "parent", "record"]
  static let unique = uniqueGroup.names
  static let merge = mergeGroup.names
  static let test = testGroup.names
  static let testCase = caseGroup.names
  /// What a test, or a case of one, can expect.
  static let expectations = expectationKeywords.map(\.name)
}
