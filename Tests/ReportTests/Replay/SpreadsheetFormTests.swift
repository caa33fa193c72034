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
    ("True", "TRUE"), ("true", "WAHR"), ("false", "FAUX"), ("1.5", "1.50"), ("1.", "1"), (".5", "0.5"), ("5.", "5"),
    ("1234567", "1,234,567"), ("1234567.5", "1.234.567,50"), ("12,5", "125"), ("1.500", "1500"), ("1,234", "1234"),
    ("12.3456", "12.35"), ("0.123456789012", "0.123456789"),
    ("2026-01-02 10:15:30", "1/2/2026 10:15"), ("2026-01-02 22:15", "01/02/26 10:15 PM"), ("2026-01-02 10:15", "2026-01-02"),
    ("2026-01-02T10:15:30.123Z", "2026-01-02 10:15:30"), ("08:05:00", "8:05:00"), ("08:05", "08:05:00 AM"), ("8:05:30", "8:05"),
    ("1-2", "2-Jan"), ("1/2", "2-Jan"), ("1/2", "01.02.2026"), ("3.4", "03. Apr"), ("3-4", "3-Apr"), ("MAR1", "1-Mar"),
    ("SEPT2", "2-Sep"), ("Mar-2021", "Mar-21"), ("2026-03", "Mar-26"), ("2026-01-02", "2-Jan-26"),
    ("2026-01-02", "02. Januar 2026"),
    ("2026-01-02", "46024"), ("01/02/2026", "46024"), ("01/02/2026", "2026-02-01"), ("1/2/26", "1/2/2026"),
    ("1.2.3", "01.02.2003"),
    ("1.2.3", "1-2-3"), ("2026-1-2", "2026-01-02"),
  ])
  func `what a spreadsheet does by itself is not a correction`(_ original: String, _ cell: String) {
    #expect(SpreadsheetForm.isReformatted(cell, from: original))
  }

  @Test(arguments: [
    // Nothing that a spreadsheet writes by itself.
    ("7", "007"), ("2139", "02139"), ("12,5", "12.5"), ("1.5", "15"), ("12.6", "13"), ("14155552671", "+14155552671"), ("7", "8"),
    ("007", "8"), ("12", "1,2"),
    ("1234567", "1234568"), ("12345678901234567", "12345678901234667"), ("1.23457E+16", "12345678901234567"),
    ("4.9E+15", "4.8E+15"),
    ("1e5", "1e6"), ("12", "1.3E+01"), ("true", "false"), ("true", "FALSE"), ("TRUE", "true"), ("yes", "TRUE"), ("a\nb", "a b"),
    ("a ", "a"),
    ("2026-01-02", "2026-02-01"), ("2026-01-02", "03.01.2026"), ("01/02/2026", "02/01/2026"), ("1/2/26", "2/1/26"),
    ("2026-01-02 10:30", "02.01.2026 11:30"), ("415.555.2671", "415-555-2671"), ("30-1234-5678", "030-1234-5678"), ("1-2", "2-1"),
    ("10:15", "10:00"), ("10:15", "11:15"), ("2026-01-02 10:15", "2026-01-02 10:16"), ("2026-01-02", "46025"),
    ("13-14", "13-Jan"),
    ("2026-13-45", "13.45.2026"), ("1-2", "3-Jan"), ("x", "X"), ("é", "e\u{301}"), ("1.2.3", "1.2.4"), ("", "-"),
    (String(repeating: "x", count: 40_000), String(repeating: "x", count: 32_766)), ("1e", "1"),
    ("--1", "1"),
  ])
  func `what a person has written is a correction`(_ original: String, _ cell: String) {
    #expect(!SpreadsheetForm.isReformatted(cell, from: original))
  }

  @Test func `numbers that were shortened, and letters that were lost, are recognized`() {
    for cell in ["4.91512E+12", "4,91512E+12", "1E+16", "-1.2E-05", "1.23456789012346E+16"] {
      #expect(SpreadsheetForm.isShortened(cell), "\(cell)")
    }
    for cell in ["", "E+12", "1e+16", "1E16", "12.5E+10", "1.2E+", "1.2E+1234", "x1E+10"] {
      #expect(!SpreadsheetForm.isShortened(cell), "\(cell)")
    }
    for (original, cell) in [
      ("Иван", "????"), ("Jörg", "J?rg"), ("Jörg", "JÃ¶rg"), ("“é”", "â€œÃ©â€\u{9D}"), ("a", "\u{FFFD}"), ("Jörg", "J\u{FFFD}rg"),
      ("Köln Иван", "Köln ????"), ("e\u{301}", "e?"),
    ] {
      #expect(SpreadsheetForm.hasLostLetters(cell, from: original), "\(cell)")
    }
    for (original, cell) in [
      ("Иван", "Ivan"), ("Jörg", "Jürg"), ("why", "why?"), ("Jörg", "Joerg"), ("é?", "é!"), ("", "?"), ("\u{FFFD}é", "\u{FFFD}e"),
      ("é", "é"),
    ] {
      #expect(!SpreadsheetForm.hasLostLetters(cell, from: original), "\(cell)")
    }
  }

  @Test(arguments: [
    ("007", true), ("1.5", true), ("+49 151", true), ("2026-01-02", true), ("Jan 5", true), ("1E5", true), ("10:15 PM", true),
    ("$5", true), ("", false), ("ann@example.org", false), ("a1", false), ("Name 7", false), ("x", false),
  ])
  func `only numbers and dates are formatted`(_ text: String, _ expected: Bool) {
    #expect(SpreadsheetForm.isFormattable(text) == expected)
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
