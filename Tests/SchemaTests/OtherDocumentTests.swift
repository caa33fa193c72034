import Core
import Testing

@testable import Schema

/// Files that are not schemas: the message says what they are, and what to do.
struct OtherDocumentTests {
  private func compile(_ text: String, file: String = "s.json") -> SchemaCompilation {
    SchemaCompiler.compile(file: file, text: text)
  }

  @Test(arguments: [
    ("<!DOCTYPE html><html><body>Log in</body></html>", "this is an HTML page, not a schema", "login or error page"),
    ("\n  <html lang=en>", "this is an HTML page", "download the file again"),
    (#"<?xml version="1.0"?><xs:schema/>"#, "this is XML, not a JSON Schema", "in JSON or YAML"),
    ("", "the schema file is empty", "{}"),
    (
      #"{"info": {"schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": []}"#,
      "this is a Postman collection", "as OpenAPI"
    ),
    (
      #"{"asyncapi": "2.6.0", "components": {"schemas": {"Contact": {}}}}"#, "this is an AsyncAPI document: name the schema",
      "it has: Contact"
    ),
    (#"{"data": {"__schema": {}}}"#, "this is a GraphQL schema", "JSON Schema"),
    (#"{"type": "record", "name": "C", "fields": []}"#, "this is an Avro schema", "JSON Schema"),
    (#"{"openapi": "3.0.3", "paths": {}}"#, "this is an OpenAPI document", "the document has no components/schemas"),
    (#"{"swagger": "2.0", "definitions": {"B": {}, "A": {}}}"#, "this is an OpenAPI document", "it has: B, A"),
    (
      #"{"components": {"schemas": {"Contact": {}}}}"#, "it contains schemas: name one of them, as FILE#/components/schemas/NAME",
      "it has: Contact"
    ),
    (#"{"contactId": "1", "email": "x"}"#, "not a JSON Schema: 'contactId', 'email' are not schema keywords", "file of records"),
    (#"{"a1": 1, "b2": 1, "c3": 1, "d4": 1, "e5": 1}"#, "'d4' and others are not schema keywords", "file of records"),
  ])
  func `A document of another kind is named`(_ text: String, _ message: String, _ hint: String) {
    let result = compile(text)
    #expect(result.validator == nil)
    #expect(result.diagnostics.count == 1)
    #expect(result.diagnostics.first?.message.contains(message) == true, "\(result.diagnostics)")
    #expect(result.diagnostics.first?.hint?.contains(hint) == true, "\(result.diagnostics)")
  }

  @Test(arguments: ["$defs", "definitions"])
  func `A root that only defines schemas allows any value, which is reported`(_ keyword: String) {
    let result = compile(#"{"$id": "https://a.example/s", "title": "t", "\#(keyword)": {"A": {"type": "string"}, "B": {}}}"#)
    #expect(result.validator != nil)
    #expect(result.diagnostics.map(\.severity) == [.warning])
    #expect(result.diagnostics.first?.message.contains("name one of them, as FILE#/\(keyword)/NAME") == true)
    #expect(result.diagnostics.first?.hint == "it has: A, B")
  }

  @Test(arguments: ["{}", #"{"title": "anything"}"#, #"{"$schema": "https://json-schema.org/draft/2020-12/schema"}"#, "true"])
  func `A schema that allows any value on purpose is accepted`(_ text: String) {
    let result = compile(text)
    #expect(result.validator != nil)
    #expect(result.diagnostics.map(\.message) == [])
  }
}
