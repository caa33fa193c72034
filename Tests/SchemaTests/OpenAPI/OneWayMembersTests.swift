import Core
import Foundation
import Testing

@testable import Schema

/// How many schemas result from a document whose schemas are read together with the read-only members around them.
struct OneWayMembersTests {
  /// Schemas that each have a read-only member of their own and refer to all later ones.
  private static func compile(count: Int, required: [String] = []) throws -> SchemaCompilation {
    let names = required.isEmpty ? "" : "\"required\": \(required),"
    let schemas = (1...count).map { number in
      let later = (number..<count).map { ##"{"$ref": "#/components/schemas/S\##($0 + 1)"}"## }.joined(separator: ", ")
      return """
        "S\(number)": {"type": "object", \(names) "properties": {"m\(number)": {"type": "string", "readOnly": true}}
          \(later.isEmpty ? "" : #", "anyOf": [\#(later)]"#)}
        """
    }
    let text = #"{"openapi": "3.0.3", "components": {"schemas": {\#(schemas.joined(separator: ", "))}}}"#
    let file = FileManager.default.temporaryDirectory.appending(path: "waybill-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: file) }
    try text.write(to: file, atomically: true, encoding: .utf8)
    var options = SchemaOptions()
    (options.direction, options.makesStandalone) = (.request, true)
    return SchemaCompiler.load(path: "\(file.path)#/components/schemas/S1", name: "api.json", options: options)
  }

  private static func definitions(_ result: SchemaCompilation) throws -> Int {
    try #require(result.standalone).json["$defs"]?.objectValue?.count ?? 0
  }

  @Test func `Members that nothing requires do not multiply the schemas they surround`() throws {
    let count = 12
    let result = try Self.compile(count: count)
    #expect(result.diagnostics.map(\.message) == [])
    #expect(try Self.definitions(result) == count - 1)
    // Each with its member, and with a reference to each later one.
    #expect(try #require(result.validator).program.nodes.count == 2 * count + count * (count - 1) / 2)
  }

  @Test func `A schema is read once more for each set of members that it requires`() throws {
    let result = try Self.compile(count: 12, required: ["m1", "m2", "name"])
    #expect(result.diagnostics.filter { $0.severity == .error }.map(\.message) == [])
    // 'm1' is always around it; 'm2' only on some paths, to all but the second.
    #expect(try Self.definitions(result) == 1 + 2 * 10)
    let validator = try #require(result.validator)
    #expect(validator.failures(in: try JSONReader.read(#"{"name": "x", "m2": "y"}"#)).isEmpty)
    #expect(!validator.failures(in: try JSONReader.read(#"{"m1": "x", "m2": "y"}"#)).isEmpty)
  }

  @Test func `A schema that would have to be read in too many ways is refused`() throws {
    let names = (1...14).map { "m\($0)" }
    let result = try Self.compile(count: 14, required: names)
    #expect(result.validator == nil)
    let errors = result.diagnostics.filter { $0.severity == .error }
    #expect(!errors.isEmpty)
    for error in errors {
      #expect(
        error.message
          == "the schemas that refer to this one combine read-only and write-only members in more than 256 ways")
      #expect(error.code == .schemaUnsupported)
    }
    #expect(try Self.compile(count: 8, required: names).validator != nil)
  }
}
