import Core
import Testing

@Suite struct NearestNameTests {
  static let cases: [(String, [String], String?)] = [
    ("fristName", ["lastName", "firstName"], "firstName"), ("emial", ["email", "mail"], "email"), ("EMAIL", ["email"], "email"),
    ("x", ["y", "z"], "y"), ("abc", ["xyz"], nil), ("", ["a"], "a"), ("a", [""], ""), ("tags", ["tags"], nil),
    ("größe", ["größer", "grosse"], "größer"), ("name", ["nämе", "naem"], "naem"), ("abcdef", ["abcxyf", "abcdex"], "abcdex"),
    ("ab", ["ba"], "ba"), ("abcd", ["acbd", "abxd"], "acbd"),
    ("phoneNumber", ["phone", "phoneNumbr", "phoneNumberx"], "phoneNumbr"),
  ]

  @Test("the nearest name is found, of equals the first", arguments: cases)
  func nearest(name: String, names: [String], expected: String?) {
    #expect(NearestName.find(name, in: names) == expected)
  }
}
