import Core
import Testing

@testable import Page

/// Numbers, sentences and forms of the page.
@Suite("Forms of the page") struct PageFormTests {
  @Test(arguments: [
    (0.0, "0"), (100, "100"), (99.999, "99.99"), (0.0001, "0.01"), (12.5, "12.5"), (33.333, "33.33"), (7.05, "7.05"),
    (-4.5, "-4.5"),
  ])
  func `shares have two decimal places, and only everything is 100`(share: Double, text: String) {
    #expect(PageText.percent(share) == text)
  }

  @Test(arguments: [(9120.0, "9,120"), (-3, "-3"), (2.5, "2.5"), (94.23558, "94.2356")])
  func `numbers of gates are written as they are`(value: Double, text: String) {
    #expect(PageText.number(value) == text)
  }

  @Test(arguments: [
    ("merged into the record 'c1' on line 3, which has the same 'email'", "c1"),
    ("merged into the record 'it's' on line 3, which has the same 'email'", "it's"),
    ("merged into the record 'c1', which has the same 'email'", "c1"),
    ("'email' is already used, by the record on line 12; the first one was kept", "line 12"), ("anything else", nil),
  ])
  func `the record that survives is read from the message`(message: String, survivor: String?) {
    #expect(DuplicatesSection.survivor(in: message) == survivor)
  }

  @Test func `zones of times are read from their shapes`() throws {
    let shapes =
      #","shapes":{"exact":true,"of":9,"values":[{"shape":"9999-99-99A99:99:99A","count":4},{"shape":"9999-99-99A99:99:99+99:99","count":2},"#
      + #"{"shape":"9999-99-99","count":2},{"shape":"9999-99-99 99:99","count":1},{"shape":"Aaaa","count":7}]}"#
    let json = try JSONReader.read(Array(PageRuns.field("joined", 16, filled: 16, shapes).utf8))
    let field = try #require(ProfileView.Field(json))
    #expect(
      QualitySection.zones(of: field)
        == [PageCount("Z", 4), PageCount("offset", 2), PageCount("date only", 2), PageCount("no zone", 1)])
  }

  @Test func `gates of earlier versions are read as they are`() throws {
    func outcome(_ text: String) throws -> GatesSection.Outcome {
      GatesSection.Gate(try JSONReader.read(Array(text.utf8)), run: "r").outcome
    }
    #expect(try outcome(#"{"gate":"read","passed":true,"severity":"error"}"#) == .passed)
    #expect(try outcome(#"{"gate":"read","passed":false,"severity":"error","accepted":true}"#) == .accepted)
    #expect(try outcome(#"{"gate":"read","passed":null,"judged":false}"#) == .notJudged)
    #expect(try outcome(#"{"gate":"read","verdict":"warning","passed":false}"#) == .failed)
    #expect(try outcome(#"{"gate":"read"}"#) == .unknown)
  }

  @Test func `Markdown has the verdict first, and data cannot become markup`() throws {
    var page = VerdictTests.page(rejected: 3)
    page.exceptions.groups = [
      .init(
        run: "r1", repair: "fix-value", title: "Fix the value", instruction: "", usualOwner: nil, errors: 3, warnings: 0,
        notes: 0,
        problems: PageList(
          [
            .init(
              mapping: "contacts", code: "email-invalid", severity: "error", field: "email", count: 3,
              examples: ["<b>|x|</b>", "@ada"], message: nil)
          ], limit: 9))
    ]
    page.verdict = PageVerdict.judge(page, findings: [], unmasked: [])
    let text = PageMarkdown.text(of: page.sealed)
    #expect(
      text.hasPrefix("# Integrity report: nightly\n\n**Not ready: 1 reason.** contacts at 'app': 97 of 100 records arrived"))
    #expect(text.contains("| 3 | email-invalid | error | contacts.email | Fix the value | \\<b\\>\\|x\\|\\</b\\>, &#64;ada |"))
    #expect(text.contains("read 100 = created 97 + rejected 3"))
  }

  @Test func `a command in a sentence stays code in Markdown`() {
    var page = VerdictTests.page(isReconciled: false)
    page.verdict = PageVerdict.judge(page, findings: [], unmasked: [])
    #expect(PageMarkdown.text(of: page).contains("has not been read back: run `waybill reconcile r1`"))
  }

  @Test func `what pii hides is on no form of the page`() throws {
    let canary = "canary-4155552671"
    let runs = PageRuns()
    // The ledger and the profile are masked when they are written: the page takes from them what may be shown, and nothing else.
    var lines = [PageRuns.line("email-invalid", "c1", field: "email", message: "'email': no @")]
    lines[0].text = #"{"record":"c1","code":"email-invalid","value":"\#(canary)","message":"'email': no @"}"#
    try runs.add(summary: PageRuns.summary(PageRuns.id, rejected: 1), ledger: lines)
    try runs.write("contacts.fields.json", PageRuns.fields)
    try runs.write(
      "profiles/contacts.json",
      PageRuns.profile(more: #","top":{"values":[{"value":"\#(canary)","count":2}]},"texts":{"smallest":"\#(canary)"}"#))
    let page = try runs.page(of: PageRuns.id)
    for form in [PageForm.html, .json, .markdown] {
      #expect(!String(decoding: PageFile.bytes(of: page, as: form), as: UTF8.self).contains(canary))
    }
    #expect(page.verdict.unmasked.isEmpty)
  }

  @Test func `shown personal values are stated at the top`() throws {
    let runs = PageRuns()
    try runs.add()
    try runs.write("contacts.fields.json", PageRuns.fields.replacing("hash", with: "show"))
    let page = try runs.page(of: PageRuns.id)
    #expect(page.verdict.unmasked.map(\.fields) == [["email"]])
    #expect(PageMarkdown.text(of: page).contains("> **Not masked:** contacts shows the values of email"))
  }
}
