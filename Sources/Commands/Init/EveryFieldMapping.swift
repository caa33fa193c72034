import Core
import GHL

/// `waybill init --ghl`: a mapping that copies every field of a GHL entity, as a starting point or reference.
enum EveryFieldMapping {
  static let entities = ["contact", "task", "note", "appointment", "business"]

  static func file(of entity: String) -> (path: String, bytes: [UInt8])? {
    text(of: entity).map { ("mappings/\(plural(entity)).yaml", Array($0.utf8)) }
  }

  static func plural(_ entity: String) -> String { entity == "business" ? "businesses" : entity + "s" }

  /// Nil for an entity that the catalog does not have.
  static func text(of entity: String, catalog: GHLCatalog = GHLCatalog()) -> String? {
    guard let shape = catalog.shape(of: entity), let key = catalog.keyField(of: entity) else { return nil }
    // A contact is fetched by its ID, which omits list-only fields; `searchAfter` is a cursor, not data.
    let left = entity == "contact" ? GHLCatalog.listOnlyContactFields.union(["searchAfter"]) : []
    let fields = shape.fields.map(\.name).filter { !left.contains($0) }
    let width = fields.map(\.count).max() ?? 0
    var text = """
      # Every field of GHL's \(plural(entity)), unchanged. Remove what you do not need, and add steps to the rest:
      # `waybill functions` lists the functions. There is no `schema` under `target` yet, so nothing is checked against one.
      mapping: 1
      name: \(plural(entity))
      source: {entity: \(entity), key: \(key)}
      target: {entity: \(entity), key: \(key)}

      fields:

      """
    for field in fields { text += "  \(field): \(String(repeating: " ", count: width - field.count))\(field)\n" }
    if entity == "contact" {
      text += """

          # Custom fields, by their keys: `waybill list fields` shows them.
          # plan: custom.plan

        """
    }
    return text
  }

  /// The files of the whole project: the usual pipeline over these mappings.
  static func files(starter: [UInt8]) -> [(path: String, bytes: [UInt8])] {
    var lines = String(decoding: starter, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let listed = lines.indices.filter { lines[$0].hasPrefix("  - mappings/") }
    let mappings = entities.map { "  - mappings/\(plural($0)).yaml" }
    if let first = listed.first, let last = listed.last { lines.replaceSubrange(first...last, with: mappings) }
    return [("waybill.yaml", Array(lines.joined(separator: "\n").utf8))] + entities.compactMap(file)
  }
}
