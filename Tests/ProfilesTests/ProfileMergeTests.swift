import Core
import Records
import Testing

@testable import Profiles

/// A profile is the same for any division of the records.
@Suite struct ProfileMergeTests {
  /// Few and many different values, numbers, dates of forty years, lists, missing and strange members.
  static func records(_ count: Int, seed: UInt64) -> [String] {
    var numbers = SeededNumbers(seed)
    return (0..<count).map { index in
      var members = [#""id":"c\#(index)""#, #""card":\#(Int.random(in: 0..<3000, using: &numbers))"#]
      members.append(#""status":"\#(["open", "closed", "lead"].randomElement(using: &numbers)!)""#)
      members.append(#""amount":\#(Double(Int.random(in: -5000..<500_000, using: &numbers)) / 100)"#)
      let day =
        "19\(Int.random(in: 60...99, using: &numbers))-0\(Int.random(in: 1...9, using: &numbers))-1\(Int.random(in: 0...9, using: &numbers))"
      members.append(#""seen":"\#(day)T10:00:00Z""#)
      if Bool.random(using: &numbers) { members.append(#""tags":["a","t\#(index % 700)"]"#) }
      if index % 7 == 0 { members.append(#""address":{"city":"","code":"\#(String(repeating: "x-9", count: index % 12))"}"#) }
      if index % 400 == 3 { members.append(#""odd\#(index)":{"deep":[{"er":null}]}"#) }
      members.append(#""customFields":[{"id":"f\#(index % 3)","value":\#(index % 5)},{"id":"f9","fieldValueString":"é"}]"#)
      members.shuffle(using: &numbers)
      return "{\(members.joined(separator: ","))}"
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `any division among workers gives the same bytes`(seed: UInt64) {
    let records = Self.records(3_000, seed: seed)
    let whole = Profiled.text(Profiled.side(records))
    var numbers = SeededNumbers(seed &+ 100)
    for workers in [2, 5] {
      var parts = [[(position: Int, text: String)]](repeating: [], count: workers)
      for (position, text) in records.enumerated() {
        parts[Int.random(in: 0..<workers, using: &numbers)].append((position, text))
      }
      var profilers = parts.map { Profiled.profiler($0) }
      profilers.shuffle(using: &numbers)
      while profilers.count > 1 {
        let one = profilers.removeLast()
        profilers[Int.random(in: profilers.indices, using: &numbers)].merge(one)
      }
      #expect(Profiled.text(profilers[0].side()) == whole, "\(workers) workers")
    }
  }

  @Test func `the number of threads does not matter`() async throws {
    let text = Self.records(4_000, seed: 9).joined(separator: "\n") + "\n"
    let one = try await Profiled.run(text, format: .ndjson, threads: 1)
    #expect(one.side.records == 4_000)
    for threads in [2, 5] {
      let other = try await Profiled.run(text, format: .ndjson, threads: threads)
      #expect(Profiled.text(other.side) == Profiled.text(one.side))
    }
  }

  @Test func `which fields are kept beyond the limit does not depend on the division`() {
    var numbers = SeededNumbers(5)
    let records = (0..<400).map { index in
      #"{"k\#(index % 150)":1,"map":{"m\#(Int.random(in: 0..<200, using: &numbers))":{"x":"\#(index)"}},"list":[{"l\#(index % 90)":2}]}"#
    }
    let limit = 40
    func side(_ profiler: SideProfiler) -> String { Profiled.text(profiler.side(limit: limit)) }
    let all = records.enumerated().map { (position: $0, text: $1) }
    let whole = Profiled.profiler(all, limit: limit)
    let kept = whole.side(limit: limit)
    #expect(kept.fields.count <= limit && kept.fields.count >= limit - 1)
    #expect(kept.moreFields > 300)
    let halves = [all.filter { $0.position < 200 }, all.filter { $0.position >= 200 }].map { Profiled.profiler($0, limit: limit) }
    halves[1].merge(halves[0])
    #expect(side(halves[1]) == side(whole))
    let odd = [all.filter { $0.position % 2 == 1 }, all.filter { $0.position % 2 == 0 }].map {
      Profiled.profiler($0, limit: limit)
    }
    odd[0].merge(odd[1])
    #expect(side(odd[0]) == side(whole))
  }

  @Test func `counts are those of the records`() throws {
    let side = Profiled.side([
      #"{"id":1,"name":"Ada","tags":["x","y"],"city":" "}"#, #"{"id":2,"name":null,"tags":[],"born":"1815-12-10"}"#,
      #"{"id":2.50,"tags":"x","born":"2999-01-01T00:00"}"#, #"{"id":"07","active":true,"tags":["x",null]}"#,
    ])
    #expect(side.fields.map(\.name) == ["id", "name", "tags", "tags[]", "city", "born", "active"])
    let id = try #require(side.field(named: "id"))
    #expect(id.present == 4 && id.filled == 4 && id.missing == 0)
    #expect(id.types.integer == 2 && id.types.number == 1 && id.types.text == 1)
    #expect(id.distinct?.estimate == 4 && id.distinct?.isExact == true)
    #expect(id.numbers?.count == 3 && id.numbers?.smallest == "1" && id.numbers?.largest == "2.50")
    let tags = try #require(side.field(named: "tags"))
    #expect(tags.present == 4 && tags.filled == 3 && tags.blanks == 1 && tags.lengths?.longest == 2)
    let elements = try #require(side.field(named: "tags[]"))
    #expect(elements.present == 2 && elements.values == 3 && elements.nulls == 1 && elements.filled == 2)
    #expect(elements.top?.values.first == .init(text: "x", count: 2))
    let city = try #require(side.field(named: "city"))
    #expect(city.present == 1 && city.blanks == 1 && city.filled == 0 && city.distinct == nil)
    let born = try #require(side.field(named: "born"))
    #expect(born.dates?.count == 2 && born.dates?.future == 1 && born.dates?.before1900 == 1)
  }

  @Test func `stored profiles of two runs merge as far as they tell`() throws {
    let records = Self.records(2_000, seed: 8)
    let whole = Profiled.side(records)
    let parts = [Array(records[..<700]), Array(records[700...])].map { Profiled.side($0) }
    let merged = parts[0].merged(with: parts[1])
    #expect(merged.records == 2_000)
    for field in whole.fields {
      let other = try #require(merged.field(named: field.name))
      #expect(other.present == field.present && other.missing == field.missing && other.filled == field.filled, "\(field.name)")
      #expect(other.types == field.types && other.readsAs == field.readsAs, "\(field.name)")
      #expect(other.lengths == field.lengths && other.numbers == field.numbers && other.texts == field.texts, "\(field.name)")
      #expect(other.dates == field.dates, "\(field.name)")
      if field.isMasked {
        #expect(other.distinct?.isAtLeast ?? true)
      } else {
        #expect(other.distinct == field.distinct, "\(field.name)")
      }
    }
    let status = try #require(merged.field(named: "status")?.top)
    #expect(status == whole.field(named: "status")?.top && status.sample.isExact)
  }

  @Test func `a document is read back as it was written`() throws {
    let side = Profiled.side(Self.records(900, seed: 4))
    let document = ProfileDocument(
      mapping: "people", input: "x", records: 900, notProfiled: 2, today: "2026-07-01", isUnmasked: true, source: side,
      target: side)
    #expect(ProfileDocument.read(Array(document.json.prettyText.utf8)) == document)
    #expect(ProfileDocument.read(Array("{}".utf8)) == nil)
    #expect(ProfileDocument.read(Array("{".utf8)) == nil)
  }

  @Test(arguments: [513, 700, 878, 900, 1_500, 3_000])
  func `an estimate is never larger than the number of values`(_ count: Int) throws {
    let side = Profiled.side((1...count).map { #"{"id":"c\#($0)"}"# })
    let id = try #require(side.field(named: "id"))
    let distinct = try #require(id.distinct)
    #expect(id.values == count && distinct.estimate <= count)
    #expect(Double(count - distinct.estimate) * 100 <= distinct.errorPercent * Double(count))
  }
}
