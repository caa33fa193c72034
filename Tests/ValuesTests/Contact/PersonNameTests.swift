import Core
import Testing

@testable import Values

struct PersonNameTests {
  private func part(_ part: PersonName.Part, _ text: String) -> String? {
    let bytes = Array(text.utf8)
    var arena = ByteArena(capacity: 16)
    arena.begin()
    guard PersonName.append(part, of: bytes.span, into: &arena) else {
      #expect(arena.pendingCount == 0)
      return nil
    }
    return arena.finish().string
  }

  /// `prefix|given|middle|family|suffix`.
  private func parts(_ text: String) -> String {
    [PersonName.Part.prefix, .given, .middle, .family, .suffix].map { part($0, text) ?? "" }.joined(separator: "|")
  }

  @Test(arguments: [
    ("Ada Lovelace", "|Ada||Lovelace|"), ("Ada", "|Ada|||"), ("Ada King Lovelace", "|Ada|King|Lovelace|"),
    ("  Ada   King\tLovelace ", "|Ada|King|Lovelace|"),
    ("ada lovelace", "|ada||lovelace|"), ("Lovelace, Ada", "|Ada||Lovelace|"), ("Lovelace,Ada King", "|Ada|King|Lovelace|"),
    ("Lovelace,", "|Lovelace|||"), (", Ada", "|Ada|||"),
    ("Ludwig van Beethoven", "|Ludwig||van Beethoven|"), ("van Gogh, Vincent Willem", "|Vincent|Willem|van Gogh|"),
    ("Vincent Van Gogh", "|Vincent||Van Gogh|"),
    ("Juan Carlos de la Cruz", "|Juan|Carlos|de la Cruz|"), ("Maria da Silva Souza", "|Maria||da Silva Souza|"),
    ("José Ortega y Gasset", "|José||Ortega y Gasset|"),
    ("José y Ana", "|José|y|Ana|"), ("Walther von der Vogelweide", "|Walther||von der Vogelweide|"),
    ("Osama bin Laden", "|Osama||bin Laden|"), ("Van Morrison", "|Van||Morrison|"),
    ("Ben Kingsley", "|Ben||Kingsley|"), ("Al Gore", "|Al||Gore|"), ("Mary St James", "|Mary|St|James|"),
    ("Núñez, María José", "|María|José|Núñez|"),
    ("Dr. Ada Lovelace", "Dr.|Ada||Lovelace|"), ("DR ADA LOVELACE", "DR|ADA||LOVELACE|"),
    ("Prof. Dr. Ada Lovelace", "Prof. Dr.|Ada||Lovelace|"), ("Mr. Smith", "Mr.|||Smith|"),
    ("Mrs", "|Mrs|||"), ("Dr.", "Dr.||||"), ("Smith, Dr. John", "Dr.|John||Smith|"),
    ("Martin Luther King Jr.", "|Martin|Luther|King|Jr."), ("Martin Luther King, Jr.", "|Martin|Luther|King|Jr."),
    ("King, Martin Luther, Jr.", "|Martin|Luther|King|Jr."), ("King Jr., Martin Luther", "|Martin|Luther|King|Jr."),
    ("Ada Lovelace, PhD", "|Ada||Lovelace|PhD"),
    ("Ada Lovelace, Ph.D., MBA", "|Ada||Lovelace|Ph.D. MBA"), ("Smith Jr., John, MD", "|John||Smith|Jr. MD"),
    ("John Smith III", "|John||Smith|III"), ("Yo-Yo Ma", "|Yo-Yo||Ma|"),
    ("Henry VIII", "|Henry|||VIII"), ("Robert (Bob) Smith", "|Robert||Smith|"), ("Robert \"Bob\" Smith", "|Robert||Smith|"),
    ("Robert “Bob the B” Smith", "|Robert||Smith|"),
    ("Robert (Bob Smith", "|Robert|(Bob|Smith|"), ("(Bob)", "||||"), ("O'Brien, Conan", "|Conan||O'Brien|"),
    ("Jean-Luc Picard", "|Jean-Luc||Picard|"), ("J. R. R. Tolkien", "|J.|R. R.|Tolkien|"),
    ("山田太郎", "|山田太郎|||"), ("山田　太郎", "|山田||太郎|"), ("Smith，Ada", "|Ada||Smith|"), ("", "||||"), (" , ", "||||"), (",,,,", "||||"),
    ("a,b,c,d,e", "|b|c d e|a|"),
    ("Jr.", "|Jr.|||"), ("PhD", "|PhD|||"), ("Smith, PhD", "|Smith|||PhD"), ("Don Draper", "|Don||Draper|"), ("Dr", "|Dr|||"),
  ])
  func aNameHasItsParts(text: String, expected: String) { #expect(parts(text) == expected) }

  @Test func noWordIsLostOrTakenTwice() {
    let words = ["Ada", "van", "de", "Jr.", "PhD", "Dr.", ",", "y", "Smith", "III", "Mrs", "李"]
    var seed: UInt64 = 7
    for _ in 0..<2_000 {
      var text: [String] = []
      for _ in 0..<(1 + Int(seed >> 33) % 7) {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        text.append(words[Int(seed >> 33) % words.count])
      }
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let name = text.joined(separator: " ")
      let found = PersonName.Part.allCases.compactMap { part($0, name) }.flatMap { $0.split(separator: " ") }.map(String.init)
        .sorted()
      #expect(found == text.filter { $0 != "," }.sorted(), "\(name): \(parts(name))")
    }
  }

  @Test func veryLongNamesEnd() {
    let text = (0..<1000).map { "w\($0)" }.joined(separator: " ")
    #expect(part(.given, text) == "w0")
    #expect(part(.family, text)?.hasSuffix("w999") == true)
    #expect(part(.prefix, String(repeating: "Dr. ", count: 1000)) != nil)
    #expect(part(.suffix, String(repeating: ",", count: 10_000) + "a") == nil)
  }
}
