import Foundation

/// A project with one mapping over one NDJSON file.
enum SmallProject {
  static let mapping = "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {entity: p, key: id}\n"

  /// - Parameter rest: the mapping from `fields` on.
  static func write(in folder: String, _ rest: String = "fields: {id: id}\n", input: String = "{\"id\":\"1\"}\n") throws {
    let pipeline = """
      pipeline: small
      source: {ndjson: {contact: in.ndjson}}
      mappings: [m.yaml]
      destinations: {files: {csv: {path: out.csv}}}
      """
    for (name, text) in [("waybill.yaml", pipeline), ("m.yaml", mapping + rest), ("in.ndjson", input)] {
      try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
  }
}
