import Core
import Testing

@testable import Schema

/// Whatever stands in a schema or a value, validation comes to an end and says so.
struct LimitTests {
  @Test(arguments: [
    // A circle that only shows when it is walked.
    ##"{"$dynamicAnchor": "a", "$dynamicRef": "#a"}"##,
    ##"{"$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveAnchor": true, "$recursiveRef": "#"}"##,
  ])
  func aCircleOfDynamicReferencesIsStopped(_ schema: String) throws {
    let failures = try validator(schema).failures(in: .null)
    #expect(failures.map(\.code) == [.schemaLimit])
  }

  /// Each level doubles the work, unless verdicts are remembered; with dynamic references they are not.
  @Test(arguments: [("$ref", ProblemCode.schemaAnyOf), ("$dynamicRef", .schemaLimit)])
  func branchesWithoutEndAreJudgedOrStopped(_ reference: String, _ expected: ProblemCode) throws {
    let again = ##"{"\##(reference)": "#a"}"##
    let schema =
      ##"{"$dynamicAnchor": "a", "anyOf": [{"properties": {"n": \##(again)}, "maxProperties": 0}, {"properties": {"n": \##(again)}, "required": ["x"]}]}"##
    let depth = 40
    let text = String(repeating: #"{"n":"#, count: depth) + "{\"y\": 1}" + String(repeating: "}", count: depth)
    #expect(try validator(schema).failures(in: try JSONReader.read(text)).map(\.code) == [expected])
    #expect(try validator(schema).failures(in: try JSONReader.read(#"{"n": {"n": {}}}"#)).map(\.code) == [.schemaAnyOf])
  }

  @Test func largeSchemasOnOneLineCompileInProportion() throws {
    // Each place that a reader asks for must not cost the whole line, nor each branch all those behind it.
    let names = (0..<4_000).map { "\"é\($0)\"" }.joined(separator: ",")
    let chain = (0..<1_000).map {
      ##""a\##($0)": {"anyOf": [{"$ref": "#/$defs/a\##($0 + 1)"}, {"properties": {"p\##($0)": true}}]}"##
    }
    let text =
      ##"{"required": [\##(names)], "properties": {"x": {"$ref": "#/$defs/a0"}}, "$defs": {\##(chain.joined(separator: ",")), "a1000": {}}}"##
    let result = SchemaCompiler.compile(file: "s.json", text: text)
    #expect(result.diagnostics.isEmpty)
    let schema = try #require(result.schema)
    let node = try #require(schema.nodes[schema.root].property("x")?.node)
    #expect(schema.nodes[node].properties.count == 1_000)
  }

  @Test func placesInLongLinesAreThoseOfTheirCharacters() throws {
    let padding = (0..<3_000).map { "\"é\($0)👍🏽\": true" }.joined(separator: ", ")
    let text = "{\"properties\": {\(padding)}, \"type\": \"strin\", \"$comment\": 1}"
    let places = SchemaCompiler.compile(file: "s.json", text: text).diagnostics.map(\.place.column)
    let type = try #require(text.firstRange(of: "\"strin\""))
    #expect(places == [text.distance(from: text.startIndex, to: type.lowerBound) + 1, text.count - 1])
  }

  /// A list of alternatives is tried one by one: that does not count as endless branching.
  @Test func longListsOfAlternativesHaveStepsEnough() {
    #expect(ValidationRun.stepLimit(values: 100_000, schemas: 300) > 100_000 * 300)
    #expect(ValidationRun.stepLimit(values: 1, schemas: 1_000_000) < 3_000_000)
  }

  @Test(arguments: [
    (#"{"pattern": "^(a+)+$"}"#, ["pattern-limit"]), (#"{"not": {"pattern": "^(a+)+$"}}"#, ["pattern-limit"]),
    (#"{"if": {"pattern": "^(a+)+$"}, "then": false}"#, ["pattern-limit"]),
    (#"{"oneOf": [{"pattern": "^(a+)+$"}, true]}"#, ["pattern-limit"]),
    // Whatever the pattern says, one alternative is enough.
    (#"{"anyOf": [{"pattern": "^(a+)+$"}, true]}"#, []), (#"{"anyOf": [{"pattern": "^(a+)+$"}, false]}"#, ["schema-anyOf"]),
  ])
  func aPatternThatGivesUpMakesNothingValid(_ schema: String, _ codes: [String]) throws {
    let text = String(repeating: "a", count: 60) + "b"
    #expect(try validator(schema).failures(in: .string(text)).map(\.code.slug) == codes)
  }

  @Test func anElementThatCannotBeJudgedMayBeOneTooMany() throws {
    let validator = try validator(#"{"contains": {"pattern": "^(a+)+$"}, "minContains": 0, "maxContains": 1}"#)
    let text = String(repeating: "a", count: 60) + "b"
    #expect(validator.failures(in: .array([.string(text)])).map(\.code) == [.patternLimit])
  }

  @Test func theFailuresOfALongListTakeTimeInProportion() throws {
    let validator = try validator(#"{"items": {"properties": {"a": {"type": "integer"}}}}"#)
    let list = JSONValue.array((0..<20_000).map { .object([.init("z", .null), .init("a", .string(String($0)))]) })
    let found = validator.failures(in: list)
    #expect(found.count == 20_000)
    #expect(found.enumerated().allSatisfy { $0.element.instance == "/\($0.offset)/a" })
  }

  @Test(arguments: ["allOf", "anyOf", "oneOf"])
  func schemasThatMeetAgainAreJudgedOnce(_ keyword: String) throws {
    let levels = (0..<50).map {
      let next = ##"{"$ref": "#/$defs/a\##($0 + 1)"}"##
      return ##""a\##($0)": {"\##(keyword)": [\##(next), \##(keyword == "oneOf" ? #"{"not": \#(next)}"# : next)]}"##
    }
    let validator = try validator(
      ##"{"items": {"$ref": "#/$defs/a0"}, "$defs": {\##(levels.joined(separator: ",")), "a50": {"type": "string"}}}"##)
    #expect(validator.failures(in: try JSONReader.read(#"["x", "y"]"#)).isEmpty)
    let found = validator.failures(in: try JSONReader.read(#"["x", 1]"#)).map { "\($0.instance) \($0.schema)" }
    switch keyword {
    case "allOf": #expect(found == ["/1 #/$defs/a50/type"])
    case "anyOf": #expect(found == ["/1 #/$defs/a0/anyOf"])
    default: #expect(found.isEmpty)
    }
  }

  /// A name is not a value of its own: what is known about one must not be applied to another.
  @Test func manyNamesAreJudgedOneByOne() throws {
    let validator = try validator(##"{"propertyNames": {"$ref": "#/$defs/even"}, "$defs": {"even": {"pattern": "[02468]$"}}}"##)
    let names = JSONValue.object((0..<40_000).map { .init("n\($0)", .null) })
    let found = validator.failures(in: names)
    #expect(found.count == 20_000)
    #expect(found.enumerated().allSatisfy { $0.element.instance == "/n\(2 * $0.offset + 1)" })
  }

  @Test(arguments: [1, 100, 1000])
  func deepValuesAreFollowedThroughSeveralSchemasPerLevel(_ depth: Int) throws {
    let schema =
      ##"{"$ref": "#/$defs/n", "$defs": {"n": {"allOf": [{"anyOf": [{"properties": {"n": {"$ref": "#/$defs/n"}}}]}], "unevaluatedProperties": false}}}"##
    let text = String(repeating: #"{"n":"#, count: depth) + "1" + String(repeating: "}", count: depth)
    let failures = try validator(schema).failures(in: try JSONReader.read(text))
    #expect(failures.isEmpty)
  }

  @Test func textsNestedDeeperThanTheLimitAreFaults() throws {
    let validator = try validator("{}")
    let space = ValidationSpace()
    for (text, expected) in [
      (String(repeating: "[", count: 1024) + String(repeating: "]", count: 1024), nil as ProblemCode?),
      (String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000), .recordTooDeep),
      (String(repeating: #"{"a":"#, count: 10_000), .recordTooDeep), (String(repeating: "[", count: 100), .invalidJSON),
    ] {
      let result = Array(text.utf8).withUnsafeBufferPointer { validator.failures(in: $0, space) }
      switch result {
      case .success(let failures): #expect(expected == nil && failures.isEmpty)
      case .failure(let fault): #expect(fault.code == expected)
      }
    }
    let schema = String(repeating: #"{"not":"#, count: 10_000) + "true" + String(repeating: "}", count: 10_000)
    let compilation = SchemaCompiler.compile(file: "s.json", text: schema)
    #expect(compilation.diagnostics.map(\.code) == [.schemaSyntax])
    #expect(compilation.diagnostics.first?.message.contains("1024") == true)
  }

  @Test(arguments: [
    ##"{"$ref": "#"}"##, ##"{"allOf": [{"$ref": "#"}]}"##, ##"{"not": {"anyOf": [{"$ref": "#"}]}}"##,
    ##"{"if": {"$ref": "#/$defs/a"}, "$defs": {"a": {"oneOf": [{"$ref": "#/$defs/b"}]}, "b": {"then": true, "if": {"$ref": "#/$defs/a"}}}}"##,
    ##"{"dependentSchemas": {"a": {"$ref": "#"}}}"##,
  ])
  func aCircleWithoutAStepIntoTheValueIsAnError(_ text: String) {
    let result = SchemaCompiler.compile(file: "s.json", text: text)
    #expect(result.validator == nil)
    #expect(result.diagnostics.map(\.code) == [.schemaSyntax])
    #expect(result.diagnostics.first?.message.contains("refers to it") == true)
  }

  @Test func largeValuesTakeTimeInProportion() throws {
    let names = (0..<1000).map { #""p\#($0)": \#($0)"# }.joined(separator: ", ")
    let required = (0..<1000).map { #""p\#($0)""# }.joined(separator: ", ")
    let properties = (0..<1000).map { #""p\#($0)": {"type": "integer"}"# }.joined(separator: ", ")
    let validator = try validator(
      #"{"properties": {\#(properties)}, "required": [\#(required)], "unevaluatedProperties": false}"#)
    #expect(validator.failures(in: try JSONReader.read("{\(names)}")).isEmpty)
    let list = (0..<4_000).map { #"{"a": \#($0)}"# }.joined(separator: ",")
    #expect(try self.validator("unique").failures(in: try JSONReader.read("[\(list)]")).isEmpty)
    #expect(try self.validator("unique").failures(in: try JSONReader.read("[\(list), {\"a\": 5.0}]")).count == 1)
  }

  private func validator(_ text: String) throws -> SchemaValidator {
    try SchemaTests.validator(text == "unique" ? #"{"uniqueItems": true}"# : text)
  }

  /// Mutated schemas and values: a diagnostic or a verdict, never a crash.
  @Test(arguments: 0..<8)
  func mutationsNeverCrash(_ seed: UInt64) throws {
    var random = Mutation(seed: seed)
    let schemas = try ["values", "strings", "numbers", "containers", "references"].flatMap { name in
      try #require(try Fixtures.json("keywords/\(name).json").arrayValue).compactMap { $0["schema"]?.text }
    }
    var verdicts = 0
    for _ in 0..<150 {
      let schema = random.mutate(schemas[random.below(schemas.count)])
      let result = SchemaCompiler.compile(file: "s.json", text: schema)
      #expect(result.validator != nil || result.diagnostics.contains { $0.severity == .error }, "\(schema)")
      guard let validator = result.validator else { continue }
      let value = random.mutate(schemas[random.below(schemas.count)])
      let space = ValidationSpace()
      _ = Array(value.utf8).withUnsafeBufferPointer { validator.failures(in: $0, space) }
      verdicts += 1
    }
    #expect(verdicts > 0)
  }
}

/// A small generator of numbers, the same on every machine, and what it does to texts.
struct Mutation {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func below(_ limit: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(limit))
  }

  /// One to three letters changed, dropped, doubled or swapped for JSON's own.
  mutating func mutate(_ text: String) -> String {
    var bytes = Array(text.utf8)
    for _ in 0...below(3) where !bytes.isEmpty {
      let place = below(bytes.count)
      switch below(4) {
      case 0: bytes.remove(at: place)
      case 1: bytes.insert(bytes[place], at: place)
      case 2: bytes[place] = Array("{}[]\",:0-1tn#$".utf8)[below(14)]
      default: bytes.swapAt(place, below(bytes.count))
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
