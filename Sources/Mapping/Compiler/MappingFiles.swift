import Core
import Files
import FoundationEssentials
import Records

/// The files that a mapping is made of.
package enum MappingFiles {
  private static let maximumFiles = 200

  /// The mapping itself, its schemas with the files that they refer to, its lookups and its custom fields; nil if it cannot be
  /// read far enough to determine them.
  package static func all(of mapping: String) -> [String]? {
    var ignored = Diagnostics()
    guard let root = YAMLReader.load(path: mapping, &ignored), root.isMapping else { return nil }
    let folder = FilePath.folder(of: mapping)
    let schemas = [root["target"]?["schema"], root["source"]?["schema"]]
    let lookups = (root["lookups"]?.entries ?? []).compactMap { $0.value["file"] }.map { $0[FileKeywords.path] ?? $0 }
    let others = [root["source"]?["custom_fields"]] + lookups
    func paths(_ nodes: [YAMLNode?]) -> [String] {
      nodes.compactMap { $0?.scalar?.text }.filter { !$0.isEmpty }.map { FilePath.join(folder, $0) }
    }
    var found = [mapping] + paths(others)
    for schema in paths(schemas) { addSchema(schema, &found) }
    return found
  }

  /// A schema file and the other files that it refers to.
  private static func addSchema(_ reference: String, _ found: inout [String]) {
    let path = String(reference.prefix { $0 != "#" })
    guard !path.isEmpty, !found.contains(exactly: path), found.count < maximumFiles else { return }
    found.append(path)
    guard case .success(let bytes) = SmallText.bytes(of: path), let schema = try? JSONReader.read(bytes) else { return }
    for other in references(in: schema) where !other.hasPrefix("#") && !other.contains("://") {
      addSchema(FilePath.join(FilePath.folder(of: path), other), &found)
    }
  }

  private static func references(in schema: JSONValue) -> [String] {
    switch schema {
    case .array(let elements): elements.flatMap(references)
    case .object(let members):
      members.flatMap { member in
        member.name == "$ref" ? [member.value.stringValue].compactMap(\.self) : references(in: member.value)
      }
    default: []
    }
  }
}
