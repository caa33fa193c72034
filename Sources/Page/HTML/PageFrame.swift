import Graphics

/// What is around the sections: head, header, contents, footer.
extension PageWriter {
  mutating func head() {
    markup.open("head")
    markup.void("meta", ["charset": "utf-8"])
    markup.void(
      "meta",
      ["http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'; img-src data:"])
    markup.void("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
    markup.void("meta", ["name": "color-scheme", "content": "light dark"])
    markup.void("meta", ["name": "referrer", "content": "no-referrer"])
    markup.void("meta", ["name": "robots", "content": "noindex"])
    markup.void("link", ["rel": "icon", "href": "data:,"])
    markup.element("title", text: "\(page.verdict.heading): \(subject), integrity report")
    markup.open("style")
    markup.literal(GraphicsStyle.css)
    markup.newline()
    markup.literal(PageStyle.css)
    markup.literal(PageStyle.sheet)
    // On every sheet of paper, so that sheets of different pages do not get mixed up.
    markup.literal("@page{@bottom-left{content:\"")
    markup.text(mark.isEmpty ? "Integrity report" : "Page digest \(mark)")
    markup.literal("\"}}")
    markup.close("style")
    markup.close("head")
    markup.newline()
  }

  /// What the page is about, without its kind.
  private var subject: String {
    let kind = "Integrity report: "
    return page.title.hasPrefix(kind) ? String(page.title.dropFirst(kind.count)) : page.title
  }

  /// The beginning of the page's digest.
  private var mark: String { String(page.digest.prefix(16).filter(\.isHexDigit)) }

  mutating func header() {
    let showsRuns = showsRuns
    markup.open("header", ["class": "top"])
    for unmasked in page.verdict.unmasked.prefix(PageLimits.sentences) {
      markup.element("div", ["class": "unmasked"]) { markup in
        markup.element("strong", text: "Personal data is shown on this page.")
        markup.literal(" ")
        if showsRuns { markup.value("\(unmasked.run): ") }
        markup.value(unmasked.text)
        if !unmasked.fields.isEmpty { markup.value(" \(unmasked.mapping): \(unmasked.fields.joined(separator: ", ")).") }
      }
    }
    markup.element("p", ["class": "kind"], text: "Waybill")
    markup.element("h1", value: page.title)
    let shown = page.runs.prefix(5).joined(separator: ", ")
    let more = page.runs.count > 5 ? " and \(NumberText.count(page.runs.count - 5, "other run"))" : ""
    paragraph("\(page.runs.count == 1 ? "Run" : "\(NumberText.count(page.runs.count)) runs:") \(shown)\(more)", "runs")
    markup.close("header")
    markup.newline()
  }

  mutating func navigation() {
    let contents = contents
    markup.element("nav", ["aria-label": "Contents"]) { markup in
      markup.element("details") { markup in
        markup.element("summary", text: "Contents")
        markup.element("ol") { markup in
          for entry in contents {
            markup.element("li") { $0.element("a", ["href": "#\(entry.id)"], text: entry.title) }
          }
        }
      }
    }
    markup.newline()
  }

  mutating func footer() {
    let page = page
    markup.element("footer") { markup in
      markup.element("p") { markup in
        markup.text("Made by Waybill \(page.reproduction.version).")
        if !page.digest.isEmpty {
          markup.text(" The digest of this page: ")
          markup.element("code", text: page.digest)
        }
      }
      markup.element("p") { $0.element("a", ["href": "#verdict"], text: "Back to the verdict") }
    }
    markup.newline()
  }
}
