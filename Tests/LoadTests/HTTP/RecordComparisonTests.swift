import Core
import Load
import Testing

/// What counts as a difference between the record that was sent and the stored record.
@Suite struct RecordComparisonTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var normalizes: [String: Set<FieldNormalizer>] = [:]
    var sent: String
    var stored: String
    /// The fields that differ; `!` marks missing ones.
    var differences: [String] = []
    var testDescription: String {
      let rules = normalizes.map { "\($0): \($1.map(\.rawValue).sorted())" }.sorted().joined(separator: ", ")
      return "\(sent) and \(stored) {\(rules)}"
    }

    init(_ sent: String, _ stored: String, _ normalizes: [String: Set<FieldNormalizer>] = [:], _ differences: String...) {
      (self.sent, self.stored, self.normalizes, self.differences) = (sent, stored, normalizes, differences)
    }
  }

  private func check(_ example: Case) throws {
    let place = SourcePlace(file: "waybill.yaml", line: 1, column: 1)
    let fields = example.normalizes.map { name, normalizers in
      NormalizedField(name.split(separator: ".").map { Name($0) }, normalizers, place: place)
    }
    let (sent, stored) = (try JSONReader.read(example.sent), try JSONReader.read(example.stored))
    let found = RecordComparison(fields).differences(from: sent, in: stored)
    #expect(found.map { $0.path.joined(separator: ".") + ($0.isMissing ? "!" : "") } == example.differences)
  }

  @Test(arguments: [
    Case(#"{"a": 1}"#, #"{"a": 1.0, "id": 7, "at": "now"}"#),
    Case(#"{"a": 1, "b": "x"}"#, #"{"a": 2}"#, [:], "a", "b!"),
    Case(#"{"a": null}"#, "{}"),
    Case(#"{"a": ""}"#, "{}", [:], "a!"),
    Case(#"{"a": "1"}"#, #"{"a": 1}"#, [:], "a"),
    Case(#"{"a": 9007199254740993}"#, #"{"a": 9007199254740992}"#, [:], "a"),
    Case(#"{"a": 0.1234567890123456789}"#, #"{"a": 0.1234567890123456788}"#, [:], "a"),
    Case(#"{"a": [0.30, 1e2, -0, 12345678901234567890]}"#, #"{"a": [0.3, 100.0, 0, 1234567890123456789e1]}"#),
    Case(#"{"a": 1e999999999}"#, #"{"a": 2e999999999}"#, [:], "a"),
    Case(#"{"a": null, "b": "x"}"#, #"{"a": 5, "b": 5}"#, ["a": [.default], "b": [.default]], "b"),
    Case(#"{"a": {"b": null}}"#, #"{"a": {"b": 5}}"#, ["a": [.default]]),
    Case(#"{"a": null}"#, #"{"a": 5}"#, [:], "a"),
    Case(#"{"a": {"b": 1, "c": 2}}"#, #"{"a": {"b": 1, "c": 3, "d": 4}}"#, [:], "a.c"),
    Case(#"{"a": {"b": 1, "c": {"d": 2}, "e": null}}"#, "{}", [:], "a.b!", "a.c.d!"),
    Case(#"{"a": {"b": 1}}"#, #"{"a": null}"#, [:], "a.b!"),
    Case(#"{"a": {"b": 1}}"#, #"{"a": "x"}"#, [:], "a"),
    Case(#"{"a": {"b": null}}"#, "{}"),
    Case(#"{"a": {}}"#, "{}", [:], "a!"),
    Case(#"{"a": [1, {"b": null}]}"#, #"{"a": [1.0, {}]}"#),
    Case(#"{"a": [1, 2]}"#, #"{"a": [2, 1]}"#, [:], "a"),
    Case(#"{"a": "x"}"#, #"[1]"#, [:], "a!"),
    Case(#"{"a": "é"}"#, "{\"a\": \"e\u{301}\"}", [:], "a"),
  ]) func `a record matches if every field that was sent has its value`(example: Case) throws { try check(example) }

  @Test(arguments: [
    Case(#"{"a": " x\u00a0"}"#, #"{"a": "x"}"#, ["a": [.trim]]),
    Case(#"{"a": "x  y"}"#, #"{"a": "x y"}"#, ["a": [.trim]], "a"),
    Case(#"{"a": " x \t\ny"}"#, #"{"a": "x y"}"#, ["a": [.spaces]]),
    Case(#"{"a": "xy"}"#, #"{"a": "x y"}"#, ["a": [.spaces]], "a"),
    Case(#"{"a": "ÅSE@X.org"}"#, #"{"a": "åse@x.ORG"}"#, ["a": [.lower]]),
    Case(#"{"a": "ΟΔΟΣ"}"#, #"{"a": "οδοσ"}"#, ["a": [.lower]]),
    Case(#"{"a": "x"}"#, #"{"a": "y"}"#, ["a": [.lower, .trim, .spaces]], "a"),
    Case(#"{"a": " +49 (30) 12-3"}"#, #"{"a": "+4930123"}"#, ["a": [.digits]]),
    Case(#"{"a": "٣0"}"#, #"{"a": "30"}"#, ["a": [.digits]]),
    Case(#"{"a": "+4930"}"#, #"{"a": "4930"}"#, ["a": [.digits]], "a"),
    Case(#"{"a": "12.50"}"#, #"{"a": 12.5}"#, ["a": [.number]]),
    Case(#"{"a": "1e2"}"#, #"{"a": "100"}"#, ["a": [.number]]),
    Case(#"{"a": "007"}"#, #"{"a": 7}"#, ["a": [.number]], "a"),
    Case(#"{"a": "x"}"#, #"{"a": 7}"#, ["a": [.number]], "a"),
    Case(#"{"a": "2026-05-01T10:00:00.25+02:00"}"#, #"{"a": "2026-05-01T08:00:00Z"}"#, ["a": [.instant]]),
    Case(#"{"a": "2026-05-01T10:00:00Z"}"#, #"{"a": "2026-05-01T10:00:01Z"}"#, ["a": [.instant]], "a"),
    Case(#"{"a": "2026-05-01T10:00:00Z"}"#, #"{"a": "2026-05-01T10:00:00"}"#, ["a": [.instant]], "a"),
    Case(#"{"a": "2026-05-01"}"#, #"{"a": "2026-05-01T00:00:00Z"}"#, ["a": [.instant]], "a"),
    Case(#"{"a": ""}"#, "{}", ["a": [.empty]]),
    Case(#"{"a": []}"#, #"{"a": null}"#, ["a": [.empty]]),
    Case(#"{"a": {"b": ""}}"#, "{}", ["a": [.empty]]),
    Case(#"{"a": " "}"#, "{}", ["a": [.empty]], "a!"),
    Case(#"{"a": " "}"#, "{}", ["a": [.empty, .trim]]),
    Case(#"{"a": 0}"#, "{}", ["a": [.empty]], "a!"),
    Case(#"{"a": false}"#, #"{"a": ""}"#, ["a": [.empty]], "a"),
    Case(#"{"a": ["y", "x", "x"]}"#, #"{"a": ["x", "y", "x"]}"#, ["a": [.unordered]]),
    Case(#"{"a": ["x", "x", "y"]}"#, #"{"a": ["x", "y", "y"]}"#, ["a": [.unordered]], "a"),
    Case(#"{"a": ["x"]}"#, #"{"a": ["x", "x"]}"#, ["a": [.unordered]], "a"),
    Case(#"{"a": [2.0, {"b": 1, "c": null}]}"#, #"{"a": [{"b": 1.0}, 2]}"#, ["a": [.unordered]]),
    Case(#"{"a": ["B", "a"]}"#, #"{"a": ["A", "b"]}"#, ["a": [.unordered, .lower]]),
    Case(#"{"a": null}"#, #"{"a": null}"#, ["a": [.unordered, .digits, .number, .instant]]),
  ]) func `a declared normalization is not a difference`(example: Case) throws { try check(example) }

  @Test(arguments: [
    Case(#"{"a": {"b": "X", "c": "X"}}"#, #"{"a": {"b": "x", "c": "x"}}"#, ["a.b": [.lower]], "a.c"),
    Case(#"{"a": {"b": "X", "c": " X"}}"#, #"{"a": {"b": "x", "c": "x"}}"#, ["a": [.lower], "a.c": [.trim]]),
    Case(#"{"a": [{"b": "X"}, {"b": "Y"}]}"#, #"{"a": [{"b": "x"}, {"b": "y"}]}"#, ["a.b": [.lower]]),
    Case(#"{"a": [{"b": "X"}, {"b": "Y"}]}"#, #"{"a": [{"b": "y"}, {"b": "x"}]}"#, ["a.b": [.lower], "a": [.unordered]]),
    Case(#"{"b": "X"}"#, #"{"b": "x"}"#, ["a": [.lower]], "b"),
  ]) func `a normalizer applies only to values at or below its path`(example: Case) throws { try check(example) }
}
