import Testing

@testable import Core

struct JSONIntegerTests {
  @Test(
    arguments: [
      ("1", 1), ("1.0", 1), ("1e2", 100), ("1.7040672E12", 1_704_067_200_000), ("100E-2", 1), ("-0.0", 0), ("-12.50e1", -125),
      ("9223372036854775807", Int.max), ("9223372036854775807.0", Int.max), ("-9223372036854775808e0", Int.min),
      ("9007199254740993.0", 9_007_199_254_740_993), ("0e999999999999999999", 0),
      ("1.5", nil), ("1e-1", nil), ("1E400", nil), ("9223372036854775808", nil), ("1e99999999999999999999", nil), ("", nil),
      ("x", nil),
    ] as [(String, Int?)])
  func `a whole number is an integer in any notation`(digits: String, expected: Int?) {
    #expect(Int(json: digits) == expected)
    #expect(JSONValue.number(digits).intValue == expected)
  }
}
