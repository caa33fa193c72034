import Testing

@testable import Page

@Suite struct PageHTMLTests {
  private func html(_ page: ReportPage) -> String { String(decoding: PageHTML.render(page), as: UTF8.self) }

  /// In the order in which a page is signed.
  private static let sections = [
    "verdict", "scope", "gates", "identity", "source_counts", "target_counts", "control_totals", "key_differences", "exceptions",
    "reject_reach", "completeness", "value_changes", "crosstabs", "duplicates", "quality", "calendar", "relations", "unmapped",
    "last_run", "trends", "sample", "resources", "reproduction", "signatures",
  ]

  private static let pages = [SamplePage.make(), ReportPage(title: "empty", runs: ["r"]), SamplePage.make(runs: ["r1", "r2"])]

  @Test(arguments: pages.indices)
  func `every section is there once, in order, and in the contents`(index: Int) {
    let html = html(Self.pages[index])
    let ids = attributes("id", in: html)
    #expect(ids.filter { Self.sections.contains($0) } == Self.sections)
    #expect(Set(ids).count == ids.count)
    for link in attributes("href", in: html) where link.hasPrefix("#") {
      #expect(ids.contains(String(link.dropFirst())), "\(link)")
    }
    for section in Self.sections { #expect(html.contains("<li><a href=\"#\(section)\">")) }
  }

  @Test(arguments: pages.indices)
  func `the page needs nothing but itself`(index: Int) {
    let html = html(Self.pages[index])
    #expect(!html.contains("<script") && !html.contains("http:") && !html.contains("https:") && !html.contains("//www"))
    #expect(!html.contains("<img") && !html.contains("@import") && !html.contains("\u{202E}"))
    #expect(html.contains("content=\"default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; img-src data:\""))
    #expect(html.contains("<link rel=\"icon\" href=\"data:,\">"))
    #expect(html.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    #expect(html.contains("integrity report</title>"))
    // Nothing runs on an event.
    #expect(!html.contains(" onclick=\"") && !html.contains(" onload=\""))
  }

  @Test(arguments: pages.indices)
  func `headings are in order, and tables have captions and scopes`(index: Int) {
    let html = html(Self.pages[index])
    let levels = html.split(separator: "<h").dropFirst().compactMap { $0.first.flatMap { Int(String($0)) } }
    #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
    for (before, level) in zip(levels, levels.dropFirst()) { #expect(level <= before + 1) }
    #expect(html.split(separator: "<table").count == html.split(separator: "<caption").count)
    for header in html.split(separator: "<th", omittingEmptySubsequences: false).dropFirst() where !header.hasPrefix("ead") {
      #expect(header.hasPrefix(" scope=\"col\"") || header.hasPrefix(" scope=\"row\""))
    }
    for landmark in ["<header", "<nav aria-label=\"Contents\"", "<main", "<footer", "class=\"skip\""] {
      #expect(html.contains(landmark))
    }
  }

  @Test func `the same page gives the same bytes`() {
    #expect(PageHTML.render(SamplePage.make()) == PageHTML.render(SamplePage.make()))
  }

  @Test func `what a run has not recorded is a sentence, never an empty table`() {
    var page = ReportPage(title: "t", runs: ["r"])
    page.completeness.missing = [NotRecorded(run: "r", text: "Run `waybill run` again.")]
    let html = html(page)
    let section = html.split(separator: "<section id=\"completeness\">")[1].split(separator: "</section>")[0]
    #expect(section.contains("<b>Not recorded by this run.</b> Run <code>waybill run</code> again."))
    #expect(!section.contains("<table") && !section.contains("<figure") && !section.contains("None."))
  }

  @Test func `several runs with the same gap share a sentence`() {
    var page = ReportPage(title: "t", runs: ["r1", "r2", "r3"])
    page.sample.missing = ["r1", "r2"].map { NotRecorded(run: $0, text: "No sample.") }
    #expect(html(page).contains("<b>Not recorded by runs r1, r2.</b> No sample."))
  }

  @Test func `rows name their run only if there are several`() {
    let one = html(SamplePage.make())
    let two = html(SamplePage.make(runs: ["r1", "r2"]))
    #expect(!one.contains("<th scope=\"col\">Run</th><th scope=\"col\">Gate</th>"))
    #expect(two.contains("<th scope=\"col\">Run</th><th scope=\"col\">Gate</th>"))
  }

  @Test func `shown personal data is announced before anything else`() throws {
    let html = html(SamplePage.make())
    let warning = try #require(html.firstRange(of: "Personal data is shown on this page."))
    let heading = try #require(html.firstRange(of: "<h1"))
    #expect(warning.lowerBound < heading.lowerBound)
  }

  @Test func `numbers are written in full`() {
    let html = html(SamplePage.make())
    for text in [
      "960 = 943 written + 17 rejected", "at most 2%", "5.25%", "−3.25 points", "1,234,567.50", "1,234,567.51",
      "Target and destination differ in 2 totals.", "0.42%", "1 min 32 s", "2 dates before or after what is drawn.",
    ] { #expect(html.contains(text), "\(text)") }
  }

  @Test func `ten thousand problems and 300 fields stay under 5 MB, and what is left out is counted`() {
    let page = SamplePage.make(problems: 10_000, fields: 300)
    let bytes = PageHTML.render(page)
    #expect(bytes.count < 5_000_000)
    #expect(String(decoding: bytes, as: UTF8.self).contains("And 9,500 more"))
  }

  @Test(arguments: [
    ("-1234567.50", "−1,234,567.50"), ("0", "0"), ("12345678901234567890.123456", "12,345,678,901,234,567,890.123456"),
    ("1e5", "1e5"), ("", ""), ("-", "-"), ("1.2.3", "1.2.3"), ("99.", "99."),
  ])
  func `sums keep every digit`(text: String, shown: String) {
    #expect(PageWriter.grouped(text) == shown)
  }

  @Test(arguments: [
    (0.5, "0.5 s"), (59.999, "60 s"), (60, "1 min"), (92, "1 min 32 s"), (3600, "1 h"), (12_345, "3 h 25 min"), (93_600, "26 h"),
  ])
  func `durations are words`(seconds: Double, text: String) {
    #expect(PageTime.duration(seconds) == text)
  }

  @Test(arguments: [
    ("2026-12-01T00:30:00Z", "2026-12-01 00:30:00 UTC"), ("2026-12-01T00:30:00.123Z", "2026-12-01 00:30:00 UTC"),
    ("soon", "soon"), ("", ""),
  ])
  func `times are in UTC`(text: String, shown: String) {
    #expect(PageTime.shown(text) == shown)
  }

  /// The values of an attribute, in the order of the text.
  private func attributes(_ name: String, in html: String) -> [String] {
    html.split(separator: " \(name)=\"", omittingEmptySubsequences: false).dropFirst().map { String($0.prefix { $0 != "\"" }) }
  }
}
