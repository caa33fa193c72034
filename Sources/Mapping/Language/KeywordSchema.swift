package import Core

/// A JSON Schema (2020-12) from keyword tables: what an editor needs to complete, check and explain a YAML file.
///
/// It is as strict about keys and words as the parser; what only the compiler knows (paths, types, lookups) is left to
/// `waybill check`.
package struct KeywordSchema {
  package static let dialect = "https://json-schema.org/draft/2020-12/schema"

  package var title: String
  package var summary: String
  package var document: KeywordGroup
  /// What `.named` refers to, in a fixed order.
  package var definitions: [(name: String, schema: Definition)]
  /// `${NAME}` may replace any plain value.
  package var allowsVariables = false

  package enum Definition: Sendable {
    case shape(KeywordShape, String)
    /// Made elsewhere: the functions.
    case schema(JSONValue)
  }

  package init(title: String, summary: String, document: KeywordGroup, definitions: [(name: String, schema: Definition)] = []) {
    self.title = title
    self.summary = summary
    self.document = document
    self.definitions = definitions
  }

  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("$schema", .string(Self.dialect)), .init("title", .string(title)), .init("description", .string(summary)),
    ]
    members += schema(of: .group(document))
    if !definitions.isEmpty {
      let made = definitions.map { definition -> JSONValue.Member in
        switch definition.schema {
        case .shape(let shape, let summary):
          .init(definition.name, .object([.init("description", .string(summary))] + schema(of: shape)))
        case .schema(let schema): .init(definition.name, schema)
        }
      }
      members.append(.init("$defs", .object(made)))
    }
    return .object(members)
  }

  private func schema(of shape: KeywordShape) -> [JSONValue.Member] {
    switch shape {
    case .text: [.init("type", "string"), .init("minLength", .number(1))]
    case .word: [.init("type", ["string", "number", "boolean"])]
    case .words(let words): orVariable([.init("enum", .array(words.map { .string($0) }))])
    case .boolean: orVariable([.init("type", "boolean")])
    case .integer(let range): orVariable([.init("type", "integer")] + bounds(range, "minimum", "maximum"))
    case .number(let range): orVariable(number(in: range))
    case .percent: orVariable(number(in: 0...100))
    case .scalar: [.init("type", ["string", "number", "boolean", "null"])]
    case .literal: []
    case .flat: [.init("type", ["string", "number", "boolean", "null", "array"])]
    case .list(let element, let counts):
      [.init("type", "array"), .init("items", .object(schema(of: element)))] + bounds(counts, "minItems", "maxItems")
    case .map(let value, let least, let except): map(value, least, except)
    case .table(let value, let without):
      map(value, 1, []) + [.init("not", .object([.init("required", .array(without.map { .string($0) }))]))]
    case .group(let group): self.group(group)
    case .anyOf(let shapes): [.init("anyOf", .array(shapes.map { .object(schema(of: $0)) }))]
    case .named(let name): [.init("$ref", .string("#/$defs/\(name)"))]
    }
  }

  private func number(in range: ClosedRange<Double>) -> [JSONValue.Member] {
    [
      .init("type", "number"), .init("minimum", .number(range.lowerBound)), .init("maximum", .number(range.upperBound)),
    ]
  }

  private func map(_ value: KeywordShape, _ least: Int, _ except: [String]) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("type", "object"), .init("additionalProperties", .object(schema(of: value))),
    ]
    if least > 0 { members.append(.init("minProperties", .number(least))) }
    if !except.isEmpty {
      let names = JSONValue.array(except.map { .string($0) })
      members.append(.init("propertyNames", .object([.init("not", .object([.init("enum", names)]))])))
    }
    return members
  }

  private func group(_ group: KeywordGroup) -> [JSONValue.Member] {
    let known = group.keywords.filter { !$0.isReserved }
    var members: [JSONValue.Member] = [
      .init("type", "object"),
      .init(
        "properties",
        .object(
          known.map { keyword in
            .init(keyword.name, .object([.init("description", .string(keyword.summary))] + schema(of: keyword.shape)))
          })),
      .init("additionalProperties", .bool(false)),
    ]
    if !group.required.isEmpty { members.append(.init("required", .array(group.required.map { .string($0) }))) }
    if group.isChoice { members += [.init("minProperties", .number(1)), .init("maxProperties", .number(1))] }
    let alternatives = group.alternatives.filter(group.names.contains)
    if alternatives.count == 1 {
      members.append(.init("allOf", .array(alternatives.map(Self.requiring))))
    } else if !alternatives.isEmpty {
      members.append(.init("anyOf", .array(alternatives.map(Self.requiring))))
    }
    return members
  }

  private static func requiring(_ name: String) -> JSONValue { .object([.init("required", .array([.string(name)]))]) }

  private func bounds(_ range: ClosedRange<Int>, _ least: String, _ most: String) -> [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    if range.lowerBound != .min, !(least == "minItems" && range.lowerBound == 0) {
      members.append(.init(least, .number(range.lowerBound)))
    }
    if range.upperBound != .max { members.append(.init(most, .number(range.upperBound))) }
    return members
  }

  private func orVariable(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
    guard allowsVariables else { return members }
    let variable: [JSONValue.Member] = [.init("type", "string"), .init("pattern", .string(#"\$\{"#))]
    return [.init("anyOf", .array([.object(members), .object(variable)]))]
  }
}

extension JSONValue.Member {
  /// A member whose value is a word or a list of words.
  fileprivate init(_ name: String, _ word: StaticString) { self.init(name, .string(word.description)) }
  fileprivate init(_ name: String, _ words: [StaticString]) { self.init(name, .array(words.map { .string($0.description) })) }
}
