import Core
import Files
import Pipeline
import Records

/// Where a project keeps schemas for editors.
enum EditorSchema {
  /// Inside the project; the mapping's header names it.
  static let mappingPath = ".waybill/mapping.schema.json"
  static let pipelinePath = ".waybill/pipeline.schema.json"

  /// The first line of a mapping in `mappings/`.
  static let mappingHeader = "# yaml-language-server: $schema=../\(mappingPath)"
  static let pipelineHeader = "# yaml-language-server: $schema=\(pipelinePath)"

  /// - Throws: `OperationFailure`.
  static func write(_ schema: JSONValue, to path: String) throws {
    // The state folder is always private, whichever command creates it.
    let folder = FilePath.folder(of: path)
    if FilePath.name(of: folder) == ".waybill" { try PrivateFolder.make(folder) }
    let file = try OutputFile(path: path)
    try file.write(schema.prettyText)
    try file.seal()
    try file.commit()
  }
}
