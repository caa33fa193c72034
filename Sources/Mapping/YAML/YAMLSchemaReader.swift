package import Core
package import Schema

/// Reads schemas and OpenAPI documents written in YAML for the schema compiler: the same tree as for a JSON file, with the
/// places of the YAML. Aliases and merge keys are resolved; what comes from an anchor has the anchor's place.
package enum YAMLSchemaReader {
  package static func read(file: String, bytes: [UInt8]) -> (PlacedValue?, [Diagnostic]) {
    var diagnostics = Diagnostics()
    let node = YAMLReader.read(file: file, bytes: bytes, resolvesAliases: true, &diagnostics)
    return (node.map(placed), diagnostics.sorted)
  }

  private static func placed(_ node: YAMLNode) -> PlacedValue {
    switch node.content {
    case .refused: PlacedValue(.scalar(.null), at: node.place)
    case .scalar(let scalar): PlacedValue(.scalar(scalar.jsonValue), at: node.place)
    case .sequence(let elements): PlacedValue(.array(elements.map(placed)), at: node.place)
    case .mapping(let entries):
      PlacedValue(
        .object(entries.filter { !$0.isDuplicate }.map { .init($0.key, at: $0.keyPlace, placed($0.value)) }), at: node.place)
    }
  }
}
