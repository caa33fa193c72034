import Control
import Core
import Files
import Mapping
import Records
import Settings

/// Reads a pipeline file and reports all its errors at once.
struct PipelineReader: SettingsReader {
  let file: String
  /// The base of relative paths; empty: the working folder.
  let folder: String
  let environment: [String: String]
  let formats: SourceFormats
  var diagnostics: Diagnostics
  var environmentValues: [EnvironmentValue] = []
  var gateReferences: [GateReference] = []

  static func read(
    path: String, text: String?, environment: [String: String], formats: SourceFormats = .standard
  ) -> (document: PipelineDocument?, diagnostics: Diagnostics) {
    var diagnostics = Diagnostics()
    let root =
      if let text {
        YAMLReader.read(file: path, text: text, &diagnostics)
      } else {
        YAMLReader.load(path: path, &diagnostics)
      }
    var reader = PipelineReader(
      file: path, folder: FilePath.folder(of: path), environment: environment, formats: formats, diagnostics: diagnostics)
    let document = root.flatMap { reader.document($0) }
    return (reader.diagnostics.hasErrors ? nil : document, reader.diagnostics)
  }

  private mutating func document(_ root: YAMLNode) -> PipelineDocument? {
    guard root.entries("a pipeline file", &diagnostics) != nil else { return nil }
    checkKeys(root, "a pipeline", PipelineKeywords.document)
    let name = root["pipeline"].flatMap { text($0, "pipeline") }
    let source = root["source"].flatMap { readSource($0) }
    let mappings = root["mappings"].map { readMappings($0) } ?? []
    let destinations = root["destinations"].map { readDestinations($0, mappingCount: mappings.count) } ?? []
    let gates = root["gates"].map { readGates($0) } ?? GateDocument.standard
    guard let name, let source else { return nil }
    return PipelineDocument(
      file: file, digest: FileDigest.sha256(of: diagnostics.files[file]?.text ?? ""), name: name, source: source,
      mappings: mappings, destinations: destinations, gates: gates, gateReferences: gateReferences,
      environmentValues: environmentValues, formats: formats)
  }

  private mutating func readMappings(_ node: YAMLNode) -> [PipelineDocument.MappingReference] {
    guard let elements = node.elements("mappings", &diagnostics) else { return [] }
    if elements.isEmpty { node.reportWrongKind("mappings", wanted: "a list of at least one mapping file", &diagnostics) }
    var found: [PipelineDocument.MappingReference] = []
    for element in elements {
      guard let path = text(element, "a mapping's path") else { continue }
      let resolved = resolve(path)
      if found.contains(where: { $0.path.isExactly(resolved) }) {
        report(.duplicateKey, at: element.place, "'\(path)' is listed twice")
        continue
      }
      found.append(.init(path: resolved, place: element.place))
    }
    return found
  }
}
