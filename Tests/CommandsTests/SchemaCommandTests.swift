import Core
import Foundation
import Testing

@testable import Commands

@Suite("schema")
struct SchemaCommandTests {
  @Test(arguments: ["mapping", "pipeline"])
  func `It prints a JSON Schema`(language: String) async throws {
    let ended = await waybill("schema", language)
    #expect(ended.code == .done)
    let schema = try JSONReader.read(ended.output)
    #expect(schema["$schema"]?.stringValue == "https://json-schema.org/draft/2020-12/schema")
    #expect(schema["properties"]?[language] != nil)
    #expect(schema["additionalProperties"] == .bool(false))
  }

  @Test func `With --output it writes the file, and makes a state folder that is its owner's alone`() async throws {
    try await withFolder { folder in
      let path = folder + "/.waybill/mapping.schema.json"
      for _ in 1...2 {
        let ended = await waybill("schema", "mapping", "--output", path)
        #expect(ended.code == .done, "\(ended.error)")
        #expect(ended.output == "")
      }
      #expect(try String(contentsOfFile: path, encoding: .utf8) == (await waybill("schema", "mapping")).output)
      let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/.waybill")
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
    }
  }

  @Test func `Another word is a matter of usage`() async throws {
    #expect(await waybill("schema", "mappings").code == .usage)
  }
}
