import Core
import Testing

@testable import Report

@Suite struct CellCorrectionTests {
  private func table(_ text: String?) -> CellCorrection.Original {
    .init(kind: text == nil ? .null : .string, text: text, isTable: true)
  }
  private func json(_ kind: CellKind, _ text: String?) -> CellCorrection.Original {
    .init(kind: kind, text: text, isTable: false)
  }

  @Test func `a cell as it was written is the same, with and without the escape of formulas`() {
    for text in ["", "a", "=1", "+49", "-1", "@x", "\tx", "'", "'a", "'=1", "''=1", " ", "\"", "007", "é"] {
      #expect(CellCorrection.of(text, table(text)) == .same, "\(text)")
      #expect(CellCorrection.of(text, json(.string, text)) == .same, "\(text)")
    }
    for (written, text) in [("'=1", "=1"), ("'+49", "+49"), ("'-", "-"), ("'@x", "@x"), ("'\tx", "\tx"), ("'\rx", "\rx")] {
      #expect(CellCorrection.of(written, table(text)) == .same, "\(written)")
    }
    for original in [table(nil), table(""), json(.missing, nil), json(.null, nil), json(.string, ""), json(.blocked, nil)] {
      #expect(CellCorrection.of(nil, original) == .same && CellCorrection.of("", original) == .same)
    }
  }

  @Test func `texts of a table are texts, and an empty cell is null`() {
    for (cell, original, value) in [
      ("b", "a", "b"), ("'=2", "=1", "=2"), ("=2", "a", "=2"), ("'+1", "", "+1"), ("02139", "2139", "02139"), (" b", "b", " b"),
      ("'b", "a", "'b"), ("'=2", "'=1", "'=2"), ("true", "x", "true"), ("{}", "x", "{}"),
    ] {
      #expect(CellCorrection.of(cell, table(original)) == .changed(.string(value)), "\(cell)")
    }
    #expect(CellCorrection.of(nil, table("a")) == .changed(.null))
    #expect(CellCorrection.of("", table("a")) == .changed(.null))
    #expect(CellCorrection.of("a", table(nil)) == .changed(.string("a")))
    #expect(CellCorrection.of("7", table("007")) == .reformatted)
  }

  @Test func `JSON values keep their type`() {
    for (cell, original, value) in [
      ("13", json(.integer, "12"), JSONValue.number("13")), ("1.50", json(.decimal, "2.5"), .number("1.50")),
      ("-1e3", json(.number, "1"), .number("-1e3")), ("false", json(.true, "true"), .bool(false)),
      ("TRUE", json(.false, "false"), .bool(true)), ("[1, 2]", json(.list, "[1]"), .array([.number(1), .number(2)])),
      ("{\"a\": \"b\"}", json(.object, "{\"a\":1}"), .object([.init("a", .string("b"))])),
      ("5", json(.string, "x"), .string("5")),
      ("5", json(.null, nil), .string("5")), ("5", json(.missing, nil), .string("5")),
      ("'=1", json(.missing, nil), .string("=1")),
    ] {
      #expect(CellCorrection.of(cell, original) == .changed(value), "\(cell)")
    }
    for original in [json(.integer, "12"), json(.true, "true"), json(.list, "[1]"), json(.object, "{}"), json(.string, "x")] {
      #expect(CellCorrection.of(nil, original) == .changed(.null))
    }
    #expect(CellCorrection.of("[ 1,\n2 ]", json(.list, "[1,2]")) == .same)
    #expect(CellCorrection.of("[2,1]", json(.list, "[1,2]")) == .changed(.array([.number(2), .number(1)])))
    #expect(CellCorrection.of("TRUE", json(.true, "true")) == .reformatted)
    #expect(CellCorrection.of("1,5", json(.decimal, "1.5")) == .reformatted)
    #expect(CellCorrection.of("1.23457E+16", json(.integer, "12345678901234567")) == .reformatted)
  }

  @Test func `a cell that cannot be such a value is refused with what to write`() {
    for (cell, original, reason) in [
      ("12 EUR", json(.integer, "12"), "write one, such as 12.5"), ("012", json(.integer, "13"), "a number there"),
      ("0x1", json(.number, "1"), "a number there"), ("\"1\"", json(.decimal, "1.5"), "a number there"),
      ("yes", json(.true, "true"), "write true or false"), ("1", json(.false, "false"), "write true or false"),
      ("a, b", json(.list, "[1]"), "a list there: write it as JSON"),
      ("1", json(.object, "{}"), "an object there: write it as JSON"),
      ("{\"a\":1,\"a\":2}", json(.object, "{}"), "an object there"), ("#REF!", table("x"), "a spreadsheet error, #REF!"),
      ("a <redacted>", table("x"), "in place of a secret"),
    ] {
      guard case .refused(let text) = CellCorrection.of(cell, original) else {
        Issue.record("\(cell) is not refused")
        continue
      }
      #expect(text.contains(reason), "\(text)")
    }
    // They were there before.
    #expect(CellCorrection.of("#REF!", table("#REF!")) == .same)
    #expect(CellCorrection.of("b <redacted>", table("a <redacted>")) == .changed(.string("b <redacted>")))
  }

  @Test func `a number that the spreadsheet has shortened is refused, also where there was none`() {
    for original in [
      table("49151"), table(nil), table("x"), json(.integer, "12"), json(.missing, nil), json(.string, "4915112345679"),
    ] {
      guard case .refused(let reason) = CellCorrection.of("4.91512E+12", original) else {
        Issue.record("\(original) is not refused")
        continue
      }
      #expect(reason.hasPrefix("the spreadsheet has shortened the number: format the cell as text"), "\(reason)")
    }
    // Also if the column is confirmed, when it is no longer taken for the source's value.
    let long = table("4915112345678901")
    #expect(CellCorrection.of("4.91511E+15", long) == .reformatted)
    guard case .refused = CellCorrection.of("4.91511E+15", long, isConfirmed: true) else {
      Issue.record("it is not refused")
      return
    }
    #expect(CellCorrection.of("5.1E+15", table("4.9E+15")) == .changed(.string("5.1E+15")))
  }

  @Test func `letters that a spreadsheet has lost are refused`() {
    for (cell, original) in [("????", "Иван"), ("J?rg", "Jörg"), ("JÃ¶rg", "Jörg"), ("J\u{FFFD}rg", "Jorg")] {
      guard case .refused(let reason) = CellCorrection.of(cell, table(original)) else {
        Issue.record("\(cell) is not refused")
        continue
      }
      #expect(reason.contains("save the table again as CSV in UTF-8"), "\(reason)")
    }
  }

  @Test func `a column that a person has confirmed has corrections only`() {
    for (cell, original) in [
      ("7", "007"), ("TRUE", "true"), ("2026-01-02", "2026-1-2"), ("5", "+5"), ("441000000000", "4.41E+11"),
    ] {
      #expect(CellCorrection.of(cell, table(original)) == .reformatted, "\(cell)")
      #expect(CellCorrection.of(cell, table(original), isConfirmed: true) == .changed(.string(cell)), "\(cell)")
    }
    #expect(CellCorrection.of("007", table("007"), isConfirmed: true) == .same)
    #expect(CellCorrection.of("FALSE", json(.true, "true"), isConfirmed: true) == .changed(.bool(false)))
  }

  @Test func `a secret that the table does not show is the same`() {
    let secret = "corrected-cell-secret-1"
    Redactor.process.learn(secret)
    #expect(CellCorrection.of("token <redacted>", table("token \(secret)")) == .same)
    #expect(CellCorrection.of("token \(secret)", table("token \(secret)")) == .same)
    guard case .refused = CellCorrection.of("new <redacted>", table("token \(secret)")) else {
      Issue.record("it is not refused")
      return
    }
  }
}
