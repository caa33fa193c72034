import Core
import Testing
import Values

@testable import Profiles

@Suite struct SketchTests {
  @Test(arguments: [0, 1, 5, 513, 700, 2_000, 5_000, 12_000, 30_000, 100_000])
  func `the number of different values is within its stated error`(count: Int) {
    for seed in [0, 1_000_000] {
      var sketch = RegisterSketch()
      defer { sketch.release() }
      for value in 0..<count {
        let text = Array("value \(value + seed)".utf8)
        let hash = Hash64.of(text.span)
        sketch.add(hash)
        sketch.add(hash)
      }
      let error = Double(abs(sketch.estimate - count)) * 100
      #expect(error <= RegisterSketch.errorPercent * Double(count), "\(sketch.estimate) instead of \(count)")
    }
  }

  @Test func `up to 512 different values are counted exactly, one more is estimated`() {
    var sketch = ValueSketch()
    defer { sketch.release() }
    func add(_ value: Int) { sketch.add(Hash64.of(Array("\(value)".utf8).span), rank: RecordRank.of(value)) { .none } }
    for value in 0..<512 { add(value) }
    for value in 0..<512 { add(value) }
    let distinct = sketch.distinct
    #expect(distinct == .init(estimate: 512, errorPercent: 0))
    add(512)
    #expect(sketch.distinct.estimate > 512 && sketch.distinct.errorPercent == RegisterSketch.errorPercent)
    #expect(!sketch.counts.isExact)
  }

  @Test func `a frequent value among many different ones is found in the sample`() {
    var sketch = ValueSketch()
    defer { sketch.release() }
    for position in 0..<50_000 {
      let text = Array((position % 10 == 3 ? "n/a" : "v\(position)").utf8)
      sketch.add(Hash64.of(text.span), rank: RecordRank.of(position)) { ValueText(bytes: text) }
    }
    let first = sketch.counts.ranked()[0]
    #expect(first.text.bytes == Array("n/a".utf8))
    let share = Double(first.count) / Double(sketch.counts.observations)
    #expect(share > 0.05 && share < 0.2)
    #expect(sketch.counts.entryCount <= ValueSketch.exactLimit && sketch.counts.entryCount > 100)
  }

  @Test(arguments: [
    ("+49 (30) 901820", "+99 (99) 9…"), ("Ada Lovelace", "Aaa Aa…"), ("ada@example.com", "aaa@a….aaa"),
    ("2024-03-10", "9999-99-99"),
    ("12345", "9…"), ("1234", "9999"), ("Köln", "A*aa"), ("a\tb", "a*a"), ("ÄÖÜäöüß", "*…"), ("#!", "#!"),
  ])
  func `shapes`(text: String, shape: String) {
    let bytes = Array(text.utf8)
    bytes.withUnsafeBufferPointer { buffer in
      let found = TextShape.of(buffer, isMasked: false)
      #expect(TextShape.text((0..<found.count).map { found.bytes[$0] }) == shape)
    }
  }

  @Test func `a shape ends after 32 characters`() {
    let bytes = Array(String(repeating: "a1", count: 40).utf8)
    bytes.withUnsafeBufferPointer { buffer in
      let found = TextShape.of(buffer, isMasked: false)
      #expect(TextShape.text((0..<found.count).map { found.bytes[$0] }) == String(repeating: "a9", count: 16) + "…")
    }
  }

  @Test(
    arguments: [
      ("12", 12.0), ("-0.5", -0.5), ("0", 0), ("0.25", 0.25), ("007", nil), ("1e5", nil), ("1.", nil), (".5", nil), ("-", nil),
      ("1 2", nil), ("", nil), ("+1", nil), ("12345678901234567890", 12345678901234567168),
    ] as [(String, Double?)])
  func `texts that read as numbers`(text: String, number: Double?) {
    Array(text.utf8).withUnsafeBufferPointer { #expect(PlainNumber.ofText($0) == number) }
  }

  @Test(
    arguments: [
      ("2024-02-29", "2024-02-29"), ("2023-02-29", nil), ("2024-03-10T12:30:00Z", "2024-03-10"),
      ("2024-03-10 12:30", "2024-03-10"),
      ("2024-03-10x12:30", nil), ("2024-3-10", nil), ("20240310", nil), ("2024-03-10T", nil),
    ] as [(String, String?)])
  func `texts that read as dates`(text: String, day: String?) {
    Array(text.utf8).withUnsafeBufferPointer { bytes in
      #expect(DateTally.day(of: bytes).map { DateTally.text($0.daysSinceEpoch) } == day)
    }
  }

  @Test func `dates are counted in the finest unit that fits`() throws {
    func unit(_ days: some Sequence<Int>) throws -> (FieldSummary.Dates.Unit, Int) {
      var tally = DateTally(isMasked: false)
      for day in days { tally.add(CivilDate(days: day), day, today: 0) }
      let dates = try #require(tally.summary)
      return (dates.unit, dates.bins.reduce(0) { $0 + $1.count })
    }
    #expect(try unit(0..<400) == (.day, 400))
    #expect(try unit(0..<401) == (.month, 401))
    #expect(try unit(stride(from: 0, to: 365 * 40, by: 9)) == (.year, 1623))
    #expect(try unit(stride(from: -700_000, to: 700_000, by: 300)) == (.decade, 4667))
  }

  @Test func `numbers have bins between 1, 2, 5 and 10`() throws {
    var tally = NumberTally(isMasked: false)
    defer { tally.release() }
    for text in ["0", "1", "1.5", "4.99", "-3", "1000000"] {
      Array(text.utf8).withUnsafeBufferPointer { tally.add(PlainNumber.ofText($0)!, $0) }
    }
    let bins = try #require(tally.summary).bins
    #expect(
      bins.map { "\($0.from ?? "")..\($0.to ?? ""): \($0.count)" } == [
        "-5..-2: 1", "-0.000001..0.000001: 1", "1..2: 2", "2..5: 1", "1000000..2000000: 1",
      ])
  }

  @Test func `lengths have bins that double beyond 16`() throws {
    var tally = LengthTally()
    defer { tally.release() }
    for length in [1, 1, 16, 17, 32, 33, 100] { tally.add(length) }
    let lengths = try #require(tally.summary)
    #expect(lengths.shortest == 1 && lengths.longest == 100)
    #expect(
      lengths.bins.map { "\($0.from!)..\($0.to!): \($0.count)" } == [
        "1..1: 2", "16..16: 1", "17..32: 2", "33..64: 1", "65..128: 1",
      ])
  }
}
