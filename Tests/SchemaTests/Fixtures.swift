import Core
import Foundation
import Testing

@testable import Schema

/// Files under `fixtures/schema`.
enum Fixtures {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "fixtures/schema")

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  static func json(_ name: String) throws -> JSONValue { try JSONReader.read(text(name)) }
}

/// A schema that must compile without any word.
func compiled(_ text: String) throws -> TargetSchema {
  let result = SchemaCompiler.compile(file: "test.json", text: text)
  #expect(result.diagnostics.map(\.message) == [])
  return try #require(result.schema)
}

/// The whole of a schema that must compile without an error.
func validator(_ text: String, file: String = "test.json", options: SchemaOptions = .init()) throws -> SchemaValidator {
  let result = SchemaCompiler.compile(file: file, text: text, options: options)
  #expect(result.diagnostics.filter { $0.severity == .error }.map(\.message) == [], "\(text)")
  return try #require(result.validator)
}
