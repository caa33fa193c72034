import Foundation

/// A project with one mapping over one NDJSON file.
enum SmallProject {
  static let mapping = "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {entity: p, key: id}\n"

  /// - Parameters:
  ///   - rest: the mapping from `fields` on.
  ///   - more: more keys of the pipeline.
  static func write(
    in folder: String, _ rest: String = "fields: {id: id}\n", input: String = "{\"id\":\"1\"}\n", more: String = ""
  ) throws {
    let pipeline = """
      pipeline: small
      source: {ndjson: {contact: in.ndjson}}
      mappings: [m.yaml]
      destinations: {files: {csv: {path: out.csv}}}

      """ + more
    for (name, text) in [("waybill.yaml", pipeline), ("m.yaml", mapping + rest), ("in.ndjson", input)] {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
  }
}
