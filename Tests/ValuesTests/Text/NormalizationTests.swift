import Core
import Foundation
import Testing

@testable import Values

struct NormalizationTests {
  private func normalized(_ text: String, _ form: NormalizationForm) -> String {
    run(text) { Normalization.normalize($0, to: form, into: &$1) }.text
  }

  private static func text(_ points: Substring) -> String {
    var scalars = String.UnicodeScalarView()
    for point in points.split(separator: " ") {
      if let scalar = UInt32(point, radix: 16).flatMap(Unicode.Scalar.init) { scalars.append(scalar) }
    }
    return String(scalars)
  }

  /// Each row: a text, then its forms C, D, KC and KD.
  @Test func everyRowOfTheTableComesOut() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "fixtures/text/normalization.tsv")
    var rows = 0
    for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
      let cells = line.split(separator: "\t").map(Self.text)
      try #require(cells.count == 5)
      rows += 1
      for (form, expected) in zip(NormalizationForm.allCases, cells.dropFirst()) {
        let result = normalized(cells[0], form)
        #expect(result.unicodeScalars.elementsEqual(expected.unicodeScalars), "\(line) to \(form.rawValue)")
        #expect(normalized(result, form).unicodeScalars.elementsEqual(expected.unicodeScalars), "\(line) twice")
      }
    }
    #expect(rows > 1000)
  }

  @Test(arguments: [
    ("Zoe\u{308}", NormalizationForm.nfc, "Zo\u{EB}"), ("Zo\u{EB}", .nfd, "Zoe\u{308}"), ("ﬁ², Ａ", .nfkc, "fi2, A"),
    ("ﬁ²", .nfc, "ﬁ²"),
    ("ﾊﾟ", .nfkc, "パ"), ("㈱", .nfkd, "(株)"), ("각", .nfd, "\u{1100}\u{1161}\u{11A8}"), ("\u{1100}\u{1161}\u{11A8}", .nfc, "각"),
    ("\u{212B}", .nfc, "\u{C5}"), ("\u{2126}", .nfc, "\u{3A9}"), ("q\u{307}\u{323}", .nfc, "q\u{323}\u{307}"),
    ("a\u{F73}\u{F71}", .nfd, "a\u{F71}\u{F71}\u{F72}"), ("\u{A0}", .nfkc, " "), ("\u{1CCD6}\u{1CCF9}", .nfkc, "A9"),
    ("\u{16D68}", .nfd, "\u{16D67}\u{16D67}"), ("\u{16D67}\u{16D67}", .nfc, "\u{16D68}"), ("", .nfkd, ""),
    ("\u{958}\u{93C}", .nfc, "\u{915}\u{93C}\u{93C}"),
  ])
  func textsTakeTheirForm(text: String, form: NormalizationForm, expected: String) {
    #expect(normalized(text, form).unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test(arguments: NormalizationForm.allCases)
  func whatIsInItsFormIsLeft(form: NormalizationForm) {
    #expect(run("Ada Lovelace, 12 Main St") { Normalization.normalize($0, to: form, into: &$1) }.isSame)
    for text in ["Zo\u{EB} Öst", "Ελλάδα", "Москва", "東京タワー", "서울", "नमस्ते", "مرحبا"] {
      let made = normalized(text, form)
      #expect(run(made) { Normalization.normalize($0, to: form, into: &$1) }.isSame, "\(text)")
    }
  }

  /// Each character of the quick table must pass by itself, be a starter, and compose with nothing before it.
  @Test func theQuickTableHoldsOnlyWhatNoNeighbourChanges() {
    var seconds: Set<UInt32> = Set(0x1161...0x1175).union(0x11A8...0x11C2)
    for value in (0xC0...0x1FFFF as ClosedRange<UInt32>) {
      guard let scalar = Unicode.Scalar(value), scalar.properties.generalCategory != .unassigned else { continue }
      let parts = Array(String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars)
      if parts.count > 1, !(0xAC00...0xD7A3).contains(value) { seconds.formUnion(parts.dropFirst().map(\.value)) }
    }
    #expect(seconds.contains(0x301) && seconds.contains(0x3099))
    for value in (0...0x1FFFF as ClosedRange<UInt32>) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(scalar)
      let forms: [(NormalizationForm, String)] = [
        (.nfc, text.precomposedStringWithCanonicalMapping), (.nfd, text.decomposedStringWithCanonicalMapping),
        (.nfkc, text.precomposedStringWithCompatibilityMapping), (.nfkd, text.decomposedStringWithCompatibilityMapping),
      ]
      for (form, expected) in forms where StableScalars.contains(value, in: form) {
        let isStable =
          expected.unicodeScalars.elementsEqual(CollectionOfOne(scalar))
          && scalar.properties.canonicalCombiningClass == .notReordered
          && !seconds.contains(value)
        #expect(isStable, "U+\(String(value, radix: 16)) in \(form.rawValue)")
      }
    }
  }

  @Test func aHundredThousandMarksAreOrderedInTime() {
    let text = "a" + String(repeating: "\u{301}\u{323}\u{F73}", count: 30_000)
    let result = normalized(text, .nfd)
    #expect(result.unicodeScalars.count == 1 + 4 * 30_000)
    let classes = result.unicodeScalars.dropFirst().map(\.properties.canonicalCombiningClass.rawValue)
    #expect(zip(classes, classes.dropFirst()).allSatisfy { $0 <= $1 })
  }
}
