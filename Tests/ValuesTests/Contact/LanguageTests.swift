import Core
import Testing

@testable import Values

struct LanguageTests {
  private func code(_ text: String) -> String? { of(text) { Language.code(of: $0) }?.string }

  @Test(arguments: [
    ("en", "en"), ("EN", "en"), (" en ", "en"), ("eng", "en"), ("English", "en"), ("english", "en"), ("ENGLISH", "en"),
    ("en-US", "en"),
    ("en_us", "en"), ("EN-gb", "en"), ("English (US)", "en"), ("English, American", "en"), ("de", "de"), ("ger", "de"),
    ("deu", "de"),
    ("German", "de"), ("Deutsch", "de"), ("de-CH-1996", "de"), ("zh-Hant-TW", "zh"), ("zh_Hans_CN", "zh"),
    ("Chinese (Simplified)", "zh"),
    ("中文", "zh"), ("Mandarin", "zh"), ("cmn", "zh"), ("русский", "ru"), ("РУССКИЙ", "ru"), ("Cantonese", "yue"),
    ("yue-HK", "yue"), ("pt-BR", "pt"), ("Português", "pt"),
    ("Portugues", "pt"),
    ("Brazilian Portuguese", "pt"), ("Spanish; Castilian", "es"), ("español", "es"), ("Norwegian Bokmål", "nb"),
    ("Norwegian", "no"),
    ("no", "no"), ("fil", "fil"), ("Tagalog", "tl"), ("iw", "he"), ("in", "id"), ("ji", "yi"), ("mo", "ro"), ("jw", "jv"),
    ("Farsi", "fa"), ("Persian", "fa"),
    ("gre", "el"), ("Greek, Modern", "el"), ("sr-Latn-RS", "sr"), ("Serbo-Croatian", "sh"), ("haw", "haw"),
    ("Swiss German", "gsw"),
    ("ASL", "ase"), ("uk", "uk"), ("Русский", "ru"), ("日本語", "ja"), ("Haitian Creole", "ht"), ("Scottish Gaelic", "gd"),
    ("Lao", "lo"),
    ("Ewe", "ee"), ("Twi", "tw"), ("Ido", "io"), ("Māori", "mi"), ("Low German", "nds"),
  ])
  func codesTagsAndNamesAreKnown(text: String, expected: String) { #expect(code(text) == expected) }

  @Test(arguments: [
    "", " ", "e", "xx", "zz-ZZ", "Elvish", "en-", "-en", "en--US", "en-toolongsubtag", "en_US.UTF-8", "en US", "English German",
    "123", "en,de", "the", "🇬🇧",
    "en\u{0}", "e n", String(repeating: "en-", count: 100), String(repeating: "x", count: 500), "日",
  ])
  func otherTextIsNoLanguage(text: String) { #expect(code(text) == nil) }

  @Test func everyCodeAndEveryNameBelongsToOneLanguage() throws {
    var owners: [String: String] = [:]
    for (rows, isCode) in [("\(LanguageTable.codes)", true), ("\(LanguageTable.names)", false)] {
      for line in rows.split(separator: "\n") {
        let cells = line.split(separator: "|").map(String.init)
        let owner = try #require(cells.first)
        #expect(owner.count <= Language.longestCode && owner == owner.lowercased())
        for name in cells.dropFirst() {
          #expect(code(name) == owner, "\(name)")
          if !isCode { #expect(code(name.uppercased()) == owner, "\(name)") }
          #expect(owners[name.lowercased()] ?? owner == owner, "\(name)")
          owners[name.lowercased()] = owner
        }
      }
    }
    let codes = Language.allCodes
    #expect(codes == codes.sorted() && Set(codes).count == codes.count)
    // ISO 639-1 and `sh`.
    #expect(codes.count { $0.count == 2 } == 184)
  }
}
