import Core
import Schema
import Testing
import Values

@testable import Transform

/// The cached places of a column `n`.
@Suite struct IntegerPlaceTreeTests {
  private static func tree(_ schema: String) throws -> (tree: IntegerPlaceTree, places: IntegerPlaces) {
    let result = SchemaCompiler.compile(file: "t.json", text: #"{"properties": {"n": \#(schema)}}"#)
    let places = try #require(result.validator, "\(result.diagnostics.map(\.message))").integerPlaces
    let column = try #require(IntegerColumn(TestMapping.field("n", TestMapping.source("n")), places))
    return (IntegerPlaceTree(column), places)
  }

  private static func member(_ name: String, of place: Int, in tree: IntegerPlaceTree) -> Int {
    let bytes = Array(name.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { tree.member(Text(start: $0, count: buffer.count), of: place) } ?? -1
    }
  }

  private static let schemas = [
    #"{"items": {"type": "integer"}}"#, #"{"items": {"items": {"type": "integer"}}}"#,
    #"{"prefixItems": [{"type": "integer"}, {}], "items": {"type": "integer"}}"#,
    #"{"prefixItems": [{}, {"type": "integer"}]}"#, #"{"const": [1, [2, 2.5], {"a": 3}]}"#,
    #"{"additionalProperties": {"type": "integer"}}"#,
    #"{"properties": {"a": {"type": "integer"}, "b": {"items": {"enum": [[1, 2], [3.5]]}}}}"#,
    #"{"patternProperties": {"^a": {"type": "integer"}}, "additionalProperties": {"items": {"type": "integer"}}}"#,
    #"{"properties": {"a": {}}, "additionalProperties": {"type": "integer"}}"#,
    #"{"anyOf": [{"items": {"properties": {"a": {"type": "integer"}}}}, {"type": "null"}]}"#,
    #"{"properties": {"é": {"type": "integer"}}, "additionalProperties": {"type": "string"}}"#,
  ]

  @Test("each place has the schema's own answer, however often it is asked for", arguments: schemas)
  func answers(schema: String) throws {
    let (tree, places) = try Self.tree(schema)
    let steps: [IntegerPlaces.Step] =
      [.member(Name("a")), .member(Name("ab")), .member(Name("b")), .member(Name("x")), .member(Name("é"))]
      + (0...4).map { .element($0) }
    func descend(_ step: IntegerPlaces.Step, _ place: Int) -> Int {
      switch step {
      case .member(let name): Self.member(name.text, of: place, in: tree)
      case .element(let index): tree.element(index, of: place)
      }
    }
    for _ in 0..<2 {
      for first in steps {
        let place = descend(first, tree.start())
        #expect(tree.takesIntegersOnly(at: place) == places.contain([.member(Name("n")), first]), "\(first)")
        for second in steps {
          let inner = descend(second, place)
          #expect(tree.takesIntegersOnly(at: inner) == places.contain([.member(Name("n")), first, second]), "\(first) \(second)")
        }
      }
    }
  }

  @Test("elements that the schema cannot tell apart share a place")
  func elements() throws {
    let (tree, _) = try Self.tree(#"{"items": {"type": "integer"}}"#)
    #expect(Set((0..<50).map { tree.element($0, of: tree.start()) }).count == 1)
    #expect(tree.count == 2)
    let (other, _) = try Self.tree(#"{"prefixItems": [{"type": "integer"}, {"type": "number"}], "items": {"type": "integer"}}"#)
    #expect(Set((0..<50).map { other.element($0, of: other.start()) }).count == 3)
  }

  @Test("so do members, and a name with an escape is the name that it stands for")
  func members() throws {
    let (tree, _) = try Self.tree(#"{"properties": {"a": {"type": "integer"}}}"#)
    let names = ["x", "y", "z", #"\u0078"#].map { Self.member($0, of: tree.start(), in: tree) }
    #expect(Set(names).count == 1)
    #expect(!tree.takesIntegersOnly(at: names[0]))
    #expect(tree.takesIntegersOnly(at: Self.member("a", of: tree.start(), in: tree)))
    #expect(tree.takesIntegersOnly(at: Self.member(#"\u0061"#, of: tree.start(), in: tree)))
  }

  @Test("the cache is cleared when it has too many names")
  func limit() throws {
    let (tree, _) = try Self.tree(#"{"patternProperties": {"^a": {"type": "integer"}}}"#)
    var most = 0
    for number in 0..<20_000 {
      let place = Self.member("a\(number)", of: tree.start(), in: tree)
      if number.isMultiple(of: 1000) { #expect(tree.takesIntegersOnly(at: place)) }
      most = max(most, tree.count)
    }
    #expect(most < 5000)
  }
}
