import Core
import TestSupport
import Testing

@testable import Report

@Suite struct RepairActionTests {
  @Test(arguments: [
    ("required", "fill-in", "data owner"), ("missing-key", "fill-in", "data owner"),
    ("schema-required", "fill-in", "data owner"), ("email-invalid", "fix-value", "data owner"),
    ("my-own-rule", "fix-value", "data owner"), ("orphan", "fix-parent", "data owner"),
    ("not-unique", "remove-duplicate", "data owner"), ("ragged-row", "correct-file", "data owner"),
    ("lookup-miss", "extend-lookup", "integration engineer"), ("wrong-type", "change-mapping", "integration engineer"),
    ("update-impossible", "change-pipeline", "integration engineer"),
    ("destination-refused", "answer-refusal", "administrator of the destination"),
    ("identity-split", "resolve-conflict", "administrator of the destination"),
    ("drifted", "check-destination", "administrator of the destination"),
    ("source-refused", "give-access", "administrator of GHL"), ("not-sent", "run-again", "operator"),
    ("merged", "nothing-to-do", "nobody"),
  ])
  func `a code has one repair, which somebody owns`(_ code: String, _ slug: String, _ owner: String) {
    let action = RepairAction(slug: code)
    #expect(action.slug == slug && action.ownerTitle == owner)
  }

  @Test func `every repair is that of a code, and every code has a sentence for people`() {
    #expect(Set(ProblemCode.allCases.map { RepairAction($0) }) == Set(RepairAction.allCases))
    for code in ProblemCode.allCases {
      #expect(RepairAction(slug: code.slug) == RepairAction(code))
      for field in [nil, "", "plan"] {
        let sentence = RepairAdvice.sentence(for: code, field: field)
        #expect(sentence.hasSuffix(".") && sentence.first?.isUppercase == true, "\(sentence)")
        #expect(!sentence.contains("''") && sentence.utf8.count < 140, "\(sentence)")
      }
    }
    for action in RepairAction.allCases {
      #expect(!action.title.hasSuffix(".") && action.summary.hasSuffix("."))
      #expect((action.owner == nil) == (action == .nothing))
    }
  }

  @Test(
    arguments: [
      ("required", "plan", "Fill in 'plan' in the source record."), ("required", nil, "Fill in the field in the source record."),
      ("number-invalid", "age", "Write 'age' as a plain number, without units or words."),
      ("schema-minimum", "age", "Correct the value of 'age' in the source record."),
      ("schema-maxLength", nil, "Shorten the value."),
      ("my-own-rule", nil, "Correct the record so that it follows the rule in the message."),
    ] as [(String, String?, String)])
  func `the sentence names the field`(_ code: String, _ field: String?, _ sentence: String) {
    #expect(RepairAdvice.sentence(for: code, field: field) == sentence)
  }

  @Test func `an index is recognized, whatever a spreadsheet has made of it`() throws {
    let folder = TemporaryFolder()
    let header = RepairIndex.columns.joined(separator: ",")
    for (text, content) in [
      ("", RejectsTable.FileContent.nothing), (header + "\n", .rejects), ("\u{FEFF}" + header + "\r\nfill-in,a\n", .rejects),
      (header.replacing(",", with: ";") + "\n", .rejects), ("repair,title\n", .other), ("run,mapping\n", .other),
    ] {
      try folder.write("index.csv", text)
      #expect(try RepairIndex.content(of: "\(folder.path)/index.csv") == content, "\(text)")
    }
    #expect(
      RepairIndex.rows([(.fillIn, 3)]) == [
        [
          "fill-in", "Fill in the missing field", "data owner", "3", "Fill in the field in the source record.", "fill-in.csv",
        ]
      ])
  }
}
