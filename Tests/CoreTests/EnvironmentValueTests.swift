import Testing

@testable import Core

/// What a file takes from the environment is not shown in messages about it.
@Suite struct EnvironmentValueTests {
  private static func values(_ pairs: KeyValuePairs<String, String>) -> [EnvironmentValue] {
    pairs.map { EnvironmentValue(file: "f", name: $0.key, value: $0.value) }
  }

  @Test(arguments: [
    ("the mapping 'vacme-7hunter2secretx.yaml'", "the mapping 'v${TOK}x.yaml'"),
    ("acme-7hunter2secret.yaml", "${TOK}.yaml"), ("acme.yaml", "${LOC}.yaml"), ("acmex.yaml", "acmex.yaml"),
    ("'70' is over 70", "'${N}' is over 70"), ("correcthorsebatterystaple", "${A}${B}"),
    ("acme-7hunter2secretacme-7hunter2secret", "${TOK}${TOK}"), ("", ""), ("acme", "${LOC}"), ("TOK", "TOK"),
  ])
  func `each value is shown as its name, the longest first`(_ text: String, _ shown: String) {
    let values = Self.values([
      "LOC": "acme", "TOK": "acme-7hunter2secret", "N": "70", "A": "correcthorse", "B": "batterystaple", "NONE": "",
    ])
    for order in [values, values.reversed()] { #expect(EnvironmentValue.hiding(order, in: text) == shown) }
  }

  @Test func `a name that contains another value stays as it is`() {
    #expect(EnvironmentValue.hiding(Self.values(["SECRET": "password", "P": "SECRET"]), in: "password") == "${SECRET}")
  }
}
