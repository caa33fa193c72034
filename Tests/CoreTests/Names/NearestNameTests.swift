import Core
import Testing

@Suite struct NearestNameTests {
  private static let names = ["firstName", "lastName", "email", "id", "tags"]

  @Test(
    "the nearest name is one that can have been meant",
    arguments: [
      ("fristName", "firstName"), ("firstname", "firstName"), ("FIRSTNAME", "firstName"), ("firstNam", "firstName"),
      ("emial", "email"),
      ("mail", "email"), ("tag", "tags"), ("ids", "id"), ("lastNme", "lastName"), ("zzz", nil), ("", nil), ("address", nil),
      ("email", nil),
    ] as [(String, String?)])
  func nearest(name: String, expected: String?) {
    #expect(NearestName.find(name, in: Self.names) == expected)
    let note = name.lowercased() == expected?.lowercased() ? " (differs only in case)" : ""
    #expect(NearestName.hint(name, in: Self.names) == expected.map { "did you mean '\($0)'?\(note)" })
  }

  @Test func `of names that are equally near the first one is taken`() {
    #expect(NearestName.find("nam", in: ["name", "nams"]) == "name")
    #expect(NearestName.find("nam", in: ["nams", "name"]) == "nams")
    #expect(NearestName.find("x", in: [String]()) == nil)
  }

  private static let cases: [(String, [String], String?)] = [
    ("fristName", ["lastName", "firstName"], "firstName"), ("emial", ["email", "mail"], "email"), ("EMAIL", ["email"], "email"),
    ("x", ["y", "z"], nil), ("x", ["y", "X"], "X"), ("abc", ["xyz"], nil), ("", ["a"], nil), ("a", [""], nil),
    ("tags", ["tags"], nil),
    ("größe", ["größer", "grosse"], "größer"), ("name", ["nämе", "naem"], "naem"), ("abcdef", ["abcxyf", "abcdex"], "abcdex"),
    ("ab", ["ba"], "ba"), ("abcd", ["acbd", "abxd"], "acbd"),
    ("phoneNumber", ["phone", "phoneNumbr", "phoneNumberx"], "phoneNumbr"),
  ]

  @Test("the nearest name is found, of equals the first", arguments: cases)
  func nearestOf(name: String, names: [String], expected: String?) {
    #expect(NearestName.find(name, in: names) == expected)
  }
}
