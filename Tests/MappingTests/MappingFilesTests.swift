import Mapping
import TestSupport
import Testing

@Suite struct MappingFilesTests {
  @Test func `a mapping's files are itself, its schemas with what they refer to, and its lookups`() throws {
    let folder = TemporaryFolder()
    try folder.write(
      "m.yaml",
      """
      mapping: 1
      target: {schema: s/a.json}
      source: {schema: "s/b.json#/x", custom_fields: fields.json}
      lookups: {inline: {a: b}, owners: {file: l/owners.csv, key: a}}
      """)
    try folder.write("s/a.json", ##"{"properties": {"a": {"$ref": "c.json#/x"}, "b": {"$ref": "#/y"}}}"##)
    try folder.write("s/c.json", #"{"items": {"$ref": "a.json"}}"#)
    let found = MappingFiles.all(of: folder.path + "/m.yaml")?.map { String($0.dropFirst(folder.path.count + 1)) }
    #expect(found == ["m.yaml", "fields.json", "l/owners.csv", "s/a.json", "s/c.json", "s/b.json"])
    try folder.write("m.yaml", "mapping: [")
    #expect(MappingFiles.all(of: folder.path + "/m.yaml") == nil)
  }
}
