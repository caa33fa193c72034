import Graphics

/// The integrity report as one HTML file, which needs nothing else: no script, no picture, no font, no network.
///
/// It is read on paper, on a phone, in light and dark mode, and by screen readers. The same page gives the same bytes.
package enum PageHTML {
  package static func render(_ page: ReportPage) -> [UInt8] {
    var writer = PageWriter(page)
    writer.document()
    return writer.markup.bytes
  }
}

/// Writes the page from front to back. Each section is an extension in a file of its own group.
struct PageWriter {
  let page: ReportPage
  var markup = Markup()
  var figures = FigureNumbers()
  /// The number of the last section.
  private(set) var number = 0
  private(set) var contents: [(id: String, title: String)] = []

  /// Rows say of which run they are.
  var showsRuns: Bool { page.runs.count > 1 }

  init(_ page: ReportPage) { self.page = page }

  mutating func document() {
    // The sections are written first: the contents at the top list them.
    let start = markup
    sections()
    let body = markup
    markup = start
    markup.literal("<!DOCTYPE html>\n")
    markup.open("html", ["lang": "en"])
    head()
    markup.open("body")
    markup.element("a", ["class": "skip", "href": "#verdict"], text: "Skip to the verdict")
    header()
    markup.open("div", ["class": "columns"])
    navigation()
    markup.open("main", ["id": "main"])
    markup.newline()
    markup.append(body)
    markup.close("main")
    markup.close("div")
    footer()
    markup.close("body")
    markup.close("html")
    markup.newline()
  }

  /// In the order in which a page is signed: what it is worth, what it is about, the proofs, the exceptions, the signatures.
  private mutating func sections() {
    verdict()
    scope()
    gates()
    identity()
    sourceCounts()
    targetCounts()
    controlTotals()
    keyDifferences()
    exceptions()
    rejectReach()
    completeness()
    valueChanges()
    crosstabs()
    duplicates()
    quality()
    calendar()
    relations()
    unmapped()
    lastRun()
    trends()
    sample()
    resources()
    reproduction()
    signatures()
  }

  /// Opens a section with its heading, and enters it in the contents.
  mutating func begin(_ id: String, _ title: String) {
    number += 1
    contents.append((id, title))
    markup.open("section", ["id": id])
    markup.element("h2") {
      $0.element("span", ["class": "no"], text: "\(number)")
      $0.literal(" ")
      $0.text(title)
    }
    markup.newline()
  }

  mutating func end() {
    markup.close("section")
    markup.newline()
  }

  /// A section of the model: its explanation, its content, what was not recorded, and where the numbers are from.
  ///
  /// - Parameter isEmpty: There is nothing to show. Then the section says why, or that there is none.
  mutating func section<Section: PageSection>(
    _ id: String, _ section: Section, isEmpty: Bool, none: String = "None.", _ content: (inout PageWriter) -> Void
  ) {
    begin(id, Section.title)
    markup.element("p", ["class": "explain"]) { Self.prose(Section.explanation, &$0) }
    if !isEmpty {
      content(&self)
    } else if section.missing.isEmpty {
      paragraph(none)
    }
    notRecorded(section.missing)
    if !Section.sources.isEmpty, !isEmpty {
      markup.element("p", ["class": "source"], text: "From \(Section.sources.joined(separator: "; ")).")
    }
    end()
  }

  /// What a run has not recorded, and how to get it. The same sentence for several runs is written once.
  private mutating func notRecorded(_ missing: [NotRecorded]) {
    var sentences: [(text: String, runs: [String])] = []
    for item in missing {
      if let index = sentences.firstIndex(where: { $0.text == item.text }) {
        sentences[index].runs.append(item.run)
      } else {
        sentences.append((item.text, [item.run]))
      }
    }
    for sentence in sentences.prefix(PageLimits.sentences) {
      let who = showsRuns ? "Not recorded by \(runs(sentence.runs))." : "Not recorded by this run."
      markup.element("p", ["class": "missing"]) { markup in
        markup.element("b", text: who)
        markup.literal(" ")
        Self.prose(sentence.text, &markup)
      }
      markup.newline()
    }
    if sentences.count > PageLimits.sentences {
      paragraph("And \(NumberText.count(sentences.count - PageLimits.sentences)) more of this kind.")
    }
  }

  private func runs(_ names: [String]) -> String {
    let unique = names.enumerated().filter { !names[..<$0.offset].contains($0.element) }.map(\.element)
    if unique.count == page.runs.count { return "any of these runs" }
    let shown = unique.prefix(5).joined(separator: ", ")
    return unique.count > 5
      ? "\(shown) and \(NumberText.count(unique.count - 5, "other run"))" : "run\(unique.count == 1 ? "" : "s") \(shown)"
  }

  mutating func paragraph(_ text: String, _ name: String? = nil) {
    markup.element("p", ["class": name]) { Self.prose(text, &$0) }
    markup.newline()
  }

  /// A sentence. What it has between backticks is code.
  static func prose(_ text: String, _ markup: inout Markup) {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count > 1, !parts.count.isMultiple(of: 2) else { return markup.value(text) }
    for (index, part) in parts.enumerated() where !part.isEmpty {
      if index.isMultiple(of: 2) { markup.value(String(part)) } else { markup.element("code", value: String(part)) }
    }
  }

  mutating func heading(_ text: String) {
    markup.element("h3", value: text)
    markup.newline()
  }

  mutating func picture(_ picture: some Picture) { picture.render(into: &markup, id: figures.next()) }
}

/// How much of each list goes on the page, so that it stays readable and under 5 MB whatever a run has to say.
enum PageLimits {
  /// Rows of one table.
  static let rows = 500
  /// Problems in all groups of exceptions.
  static let problems = 1500
  /// Pictures of one kind in a section.
  static let pictures = 12
  /// Sentences of one kind.
  static let sentences = 50
  /// Characters of one value.
  static let characters = 300
}
