import Testing

@testable import Report

@Suite struct SpreadsheetFormTests {
  @Test(arguments: [
    // Numbers as a spreadsheet writes them.
    ("007", "7"), ("0049151", "49151"), ("1.50", "1.5"), ("1.0", "1"), ("1.5", "1,5"), ("-007.10", "-7.1"),
    ("+14155552671", "14155552671"),
    ("1e5", "100000"), ("1E5", "1E+05"), ("1E5", "1.00E+05"), ("0.0", "0"), ("-0", "0"), ("00", "0"),
    ("4915112345678901", "4.91511E+15"), ("12345678901234567", "1.23457E+16"), ("12345678901234567", "12345678901234600"),
    ("12345678901234567", "12345678901234500"), ("12345678901234567", "1.23456789012346E+16"), ("9999999999999999", "1E+16"),
    ("0.00001234567", "1.23457E-05"), ("99999.99999999999999", "100000"),
    // Booleans, line breaks, dates.
    ("true", "TRUE"), ("false", "FALSE"), ("a\nb", "a\r\nb"), ("a\r\nb", "a\nb"), ("a\rb", "a\nb"),
    ("2026-01-02", "02.01.2026"), ("2026-01-02", "1/2/2026"), ("2026-01-02", "2/1/26"), ("2026-01-02", "2026/01/02"),
    ("01/02/2026", "1/2/2026"), ("01.02.2026", "1/2/2026"), ("2026-01-02 10:30:00", "02.01.2026 10:30"),
    ("2026-01-02T00:00:00", "02.01.2026"), (String(repeating: "x", count: 40_000), String(repeating: "x", count: 32_767)),
  ])
  func `what a spreadsheet does by itself is not a correction`(_ original: String, _ cell: String) {
    #expect(SpreadsheetForm.isReformatted(cell, from: original))
  }

  @Test(arguments: [
    // Nothing that a spreadsheet writes by itself.
    ("7", "007"), ("2139", "02139"), ("1.5", "1.50"), ("14155552671", "+14155552671"), ("7", "8"), ("007", "8"), ("12", "1,2"),
    ("1234567", "1234568"), ("12345678901234567", "12345678901234667"), ("1.23457E+16", "12345678901234567"),
    ("4.9E+15", "4.8E+15"),
    ("1e5", "1e6"), ("12", "1.3E+01"), ("true", "false"), ("true", "FALSE"), ("TRUE", "true"), ("yes", "TRUE"), ("a\nb", "a b"),
    ("a ", "a"),
    ("2026-01-02", "2026-02-01"), ("2026-01-02", "03.01.2026"), ("01/02/2026", "02/01/2026"), ("1/2/26", "2/1/26"),
    ("2026-01-02 10:30", "02.01.2026 11:30"), ("1.2.3", "1-2-3"), ("x", "X"), ("é", "e\u{301}"), ("1.2.3", "1.2.4"), ("", "-"),
    (String(repeating: "x", count: 40_000), String(repeating: "x", count: 32_766)), ("1.", "1"), (".5", "0.5"), ("1e", "1"),
    ("--1", "1"),
  ])
  func `what a person has written is a correction`(_ original: String, _ cell: String) {
    #expect(!SpreadsheetForm.isReformatted(cell, from: original))
  }

  @Test func `errors of a spreadsheet are recognized`() {
    for error in ["#NAME?", "#REF!", "#VALUE!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!", "Err:508", "###", "########"] {
      #expect(SpreadsheetForm.isError(error), "\(error)")
    }
    for text in ["", "#", "##", "#1", "#name", "Err:", "Err:50", "Err:abc", "n/a"] {
      #expect(!SpreadsheetForm.isError(text), "\(text)")
    }
  }
}
