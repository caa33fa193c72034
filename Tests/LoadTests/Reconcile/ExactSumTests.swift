import Core
import Testing

@testable import Load

/// Sums and digests that do not depend on the order of the records.
@Suite struct ExactSumTests {
  private func sum(_ numbers: [String]) -> String? {
    var sum = ExactSum()
    for number in numbers { sum.add(DecimalDigits(number)) }
    return sum.text
  }

  @Test(
    arguments: [
      ([], "0"), (["0", "-0.00"], "0"), (["0.1", "0.2"], "0.3"), (["1", "-1.0"], "0"), (["12.50"], "12.5"),
      (["-12.5", "2"], "-10.5"),
      (["999999999", "1"], "1000000000"), (["1e9", "-1"], "999999999"),
      (["1e400", "1"], "1" + String(repeating: "0", count: 399) + "1"),
      (["1e-400", "1"], "1." + String(repeating: "0", count: 399) + "1"),
      (
        ["123456789012345678901234567890", "0.000000001"],
        "123456789012345678901234567890.000000001"
      ), (["1.5E+2", "2e-1"], "150.2"),
      (["-0.000000000000000001", "1"], "0.999999999999999999"), (["1e500"], nil), (["1e-500"], nil), (["1", "1e500"], nil),
    ] as [([String], String?)])
  func `sums are exact`(_ numbers: [String], _ expected: String?) {
    #expect(sum(numbers) == expected)
    #expect(sum(numbers.reversed()) == expected)
  }

  @Test func `a sum of many numbers is the same in any order`() {
    var numbers = (0..<2_000).map { number in "\(number % 3 == 0 ? "-" : "")\(number * 7919 % 10_007).\(number % 1_000)" }
    let expected = sum(numbers)
    for _ in 0..<20 {
      numbers.shuffle()
      #expect(sum(numbers) == expected)
    }
    #expect(sum(Array(repeating: "0.1", count: 30_000)) == "3000")
  }

  // MARK: Digests

  private static let labels = [Array("a".utf8), Array("b".utf8)]

  private func digest(_ records: [(Name, [JSONValue?])], key: [UInt8] = [1]) -> String {
    var digest = SetDigest(key: key)
    for (key, values) in records { digest.add(key, values, of: Self.labels) }
    return digest.text
  }

  @Test func `a digest does not depend on the order, but on every key, field and value`() {
    let records: [(Name, [JSONValue?])] = (0..<200).map { (Name("k\($0)"), [.number($0), $0 % 2 == 0 ? .string("x") : nil]) }
    let expected = digest(records)
    #expect(expected.count == 64 && digest([]) == String(repeating: "0", count: 64))
    for _ in 0..<50 { #expect(digest(records.shuffled()) == expected) }
    var changed = records
    changed[7].1[0] = .string("7")
    var swapped = records
    (swapped[7].1, swapped[9].1) = (swapped[9].1, swapped[7].1)
    var moved = records
    moved[8].1 = [.string("x"), .number(8)]
    let others = [changed, swapped, moved, records.dropLast(), records + [records[3]], records + [records[3], records[3]]]
    #expect(Set(others.map { digest($0) } + [expected]).count == 7)
    // Without the key, nobody can try values.
    #expect(digest(records, key: [2]) != expected)
  }

  @Test func `null and a missing value are the same, and the ends of texts are part of the digest`() {
    #expect(digest([("k", [.null, nil])]) == digest([("k", [nil, .null])]))
    #expect(digest([("ka", [nil, nil])]) != digest([("k", [.string("a"), nil])]))
    #expect(digest([("k", [.string("a"), .string("b")])]) != digest([("k", [.string("b"), .string("a")])]))
  }
}
