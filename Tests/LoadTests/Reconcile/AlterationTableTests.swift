import Core
import Foundation
import Load
import TestSupport
import Testing

/// What somebody can do to the records of a target, and which of the measures of `waybill reconcile` shows it: the hash total, keys,
/// fields, or the other control totals. The result is a table, `fixtures/golden/alterations.txt`; `WAYBILL_REWRITE_GOLDEN=1` writes it
/// anew. Read it before it is committed: an empty place in it is something that nobody would notice.
@Suite struct AlterationTableTests {
  typealias Stored = AlteredTarget.Stored

  struct Alteration: Sendable {
    var what: String
    /// Where it is no difference, and why.
    var equal: [String: String] = [:]
    var alter: @Sendable (inout [Stored]) -> Void

    init(_ what: String, equal: [String: String] = [:], alter: @escaping @Sendable (inout [Stored]) -> Void) {
      (self.what, self.equal, self.alter) = (what, equal, alter)
    }

    /// Record k3 gets another value.
    static func field(_ what: String, _ field: String, _ value: String, equal: [String: String] = [:]) -> Alteration {
      Alteration(what, equal: equal) { $0[2] = $0[2].setting(field, to: value) }
    }
  }

  private static let everywhere = ["CSV", "NDJSON", "SQLITE", "HTTP"]

  static let alterations: [Alteration] = [
    .field("one byte of a text", "name", #""Zoë 8""#), .field("one digit of a number", "credit", "3.26"),
    Alteration("two numbers, with the same sum") {
      $0[2] = $0[2].setting("credit", to: "3.75")
      $0[3] = $0[3].setting("credit", to: "3.75")
    },
    Alteration("a number swapped between two records") { swap("credit", &$0) },
    Alteration("two fields of a record swapped") {
      let (name, email) = ($0[2].record["name"]?.text, $0[2].record["email"]?.text)
      $0[2] = $0[2].setting("name", to: email).setting("email", to: name)
    },
    Alteration("all values of two records swapped") {
      for field in AlteredTarget.columns.map(\.name) where field != "id" { swap(field, &$0) }
    },
    Alteration("the keys of two records swapped") { swap("id", &$0) },
    Alteration("a key") { $0[2] = $0[2].setting("id", to: #""k9""#) },
    Alteration("a record removed") { $0.remove(at: 2) },
    Alteration("a record added") { $0.append(Stored(origin: 9, record: $0[2].record).setting("id", to: #""x9""#)) },
    Alteration("a record twice") { $0.append(Stored(origin: 9, record: $0[2].record)) },
    Alteration("a column shifted by one record") { records in
      let emails = records.map { $0.record["email"]?.text }
      for index in records.indices { records[index] = records[index].setting("email", to: emails[(index + 1) % emails.count]) }
    },
    .field("null instead of a text", "email", "null"), .field("null instead of a number", "points", "null"),
    .field("an empty text instead of null", "note", #""""#),
    Alteration("null instead of an empty text") { $0[3] = $0[3].setting("note", to: "null") },
    .field("upper case", "email", #""ANN3@example.com""#), .field("a trailing blank", "name", #""Zoë 3 ""#),
    .field("a text cut short", "email", #""Ann3@exam""#), .field("another Unicode normalization form", "name", #""Zoe\u0308 3""#),
    .field("a boolean", "active", "false"), .field("a date a day later", "joined", #""2026-05-04""#),
    Alteration("the last date a day later") { $0[5] = $0[5].setting("joined", to: #""2026-05-07""#) },
    .field("a time an hour later", "seen", #""2026-05-03T11:00:00+02:00""#),
    .field(
      "another offset, the same instant", "seen", #""2026-05-03T08:00:00Z""#,
      equal: ["HTTP": "the destination declares `instant` for this field"]),
    .field("a list in another order", "tags", #"["a","b"]"#),
    .field(
      "a number written differently", "credit", "3.250",
      equal: ["NDJSON": "the same number", "SQLITE": "the same number", "HTTP": "the same number"]),
    .field(
      "a number as a text", "credit", #""3.25""#, equal: ["CSV": "a file of texts", "SQLITE": "the column makes it a number"]),
    Alteration(
      "the records in another order",
      equal: Dictionary(uniqueKeysWithValues: everywhere.map { ($0, "the order of records means nothing") })
    ) { $0.reverse() },
  ]

  private static func swap(_ field: String, _ records: inout [Stored]) {
    let (three, four) = (records[2].record[field]?.text, records[3].record[field]?.text)
    records[2] = records[2].setting(field, to: four)
    records[3] = records[3].setting(field, to: three)
  }

  /// `hash + field`
  private static func caught(_ target: AlteredTarget) async throws -> [String] {
    let (counts, differences) = try await target.compare()
    var caught: [String] = []
    if counts.loadedDigest != counts.storedDigest { caught.append("hash") }
    if differences.contains(where: { $0.kind != .different }) { caught.append("key") }
    if differences.contains(where: { $0.kind == .different }) { caught.append("field") }
    let hasSameCounts = counts.loaded == counts.stored && counts.loadedKeys == counts.storedKeys
    let hasSameTotals = counts.totals.allSatisfy { $0.isEqual == true } && counts.dates.allSatisfy { $0.isEqual }
    if !hasSameCounts || !hasSameTotals { caught.append("totals") }
    #expect(counts.isEqual == caught.isEmpty, "\(target.name): \(caught), \(differences)")
    return caught
  }

  @Test func `each alteration of a target is caught, as the table says`() async throws {
    let targets = try await AlteredTarget.all()
    #expect(targets.map(\.name) == Self.everywhere)
    var rows = [["ALTERED"] + targets.map(\.name)]
    for alteration in Self.alterations {
      var row = [alteration.what]
      for target in targets {
        var stored = try target.stored()
        alteration.alter(&stored)
        do { try target.set(stored) } catch {
          // A primary key keeps a record from being there twice.
          #expect(target.name == "SQLITE" && alteration.what == "a record twice")
          row.append("not possible")
          continue
        }
        let caught = try await Self.caught(target)
        let isEqual = alteration.equal[target.name] != nil
        #expect(caught.isEmpty == isEqual, "\(alteration.what), \(target.name): \(caught)")
        if !isEqual { #expect(caught.contains("hash"), "\(alteration.what), \(target.name)") }
        row.append(caught.isEmpty ? "equal" : caught.joined(separator: " + "))
      }
      rows.append(row)
    }
    let remarks = Self.alterations.flatMap { alteration in
      Self.everywhere.compactMap { name in alteration.equal[name].map { "equal: \(alteration.what), \(name): \($0)\n" } }
    }
    try Self.expect(Self.table(rows) + "\n" + remarks.joined())
  }

  private static func table(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.enumerated().map { $1.padding(toLength: widths[$0], withPad: " ", startingAt: 0) }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  private static func expect(_ text: String) throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "fixtures/golden/alterations.txt")
    if ProcessInfo.processInfo.environment["WAYBILL_REWRITE_GOLDEN"] == "1" {
      try text.write(to: url, atomically: true, encoding: .utf8)
    } else {
      #expect(try text == String(contentsOf: url, encoding: .utf8))
    }
  }

  @Test func `what a run records of a load is what a comparison says of it`() async throws {
    for target in try await AlteredTarget.all() + [AlteredTarget.file(.json)] {
      // As it was loaded.
      let counts = try await target.compare().counts
      let totals = try #require(try target.totals())
      #expect(totals.digest == counts.loadedDigest && totals.digest == counts.storedDigest && totals.digest.count == 64)
      #expect((totals.records, totals.distinctKeys) == (6, 6) && (counts.loadedKeys, counts.storedKeys) == (6, 6))
      #expect(totals.sums == counts.totals.map { LoadedTotals.Sum(column: $0.column, total: $0.loaded) })
      // 1.25 to 6.25, and 10 to 60.
      #expect(totals.sums.map(\.column) == [3, 4] && totals.sums.map(\.total.sum) == [.exactly("22.5"), .exactly("210")])
      #expect(
        totals.dates == [
          .init(column: 6, range: .init(records: 6, earliest: "2026-05-01", latest: "2026-05-06")),
          .init(
            column: 7,
            range: .init(records: 6, earliest: "2026-05-01T10:00:00+02:00", latest: "2026-05-06T10:00:00+02:00")),
        ])
      #expect(counts.dates.map { LoadedTotals.Dates(column: $0.column, range: $0.loaded) } == totals.dates)
      #expect(counts.dates.allSatisfy { $0.isEqual } && counts.totals.allSatisfy { $0.isEqual == true })
    }
  }
}
