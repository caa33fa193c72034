/// How complete each field is, source over target: one column per field, which wraps after every tenth.
///
/// Each cell is a bar in a frame: its height is the share of records that have a value. A mark below a column says that the
/// target has fewer values than the source.
package struct CompletenessStrip: Picture, Sendable {
  package struct Field: Sendable, Equatable {
    package var name: String
    /// The field or fields of the source that it comes from.
    package var source: String
    /// In the source; nil: it comes from no field, or that is not recorded.
    package var before: Filled?
    /// In the target.
    package var after: Filled?
    /// One text for each of `moreColumns`.
    package var more: [String]

    package init(_ name: String, source: String, before: Filled?, after: Filled?, more: [String] = []) {
      self.more = more
      self.name = name
      self.source = source
      self.before = before
      self.after = after
    }

    /// The target's share is lower than the source's, by one percentage point or more.
    package var isPoorer: Bool {
      guard let before, let after, before.records > 0, after.records > 0 else { return false }
      return NumberText.percentage(before.count, of: before.records) - NumberText.percentage(after.count, of: after.records) >= 1
    }
  }

  /// Records that have a value.
  package struct Filled: Sendable, Equatable {
    package var count: Int
    package var records: Int

    package init(_ count: Int, of records: Int) {
      self.count = count
      self.records = records
    }

    var share: String { NumberText.share(count, of: records) }
  }

  package var title: String
  /// As many as there are; the first `limit` are drawn.
  package var fields: [Field]
  /// Further columns of the table.
  package var moreColumns: [PictureTable.Column]

  package static let limit = 300
  static let perGroup = 10

  package init(title: String, fields: [Field], moreColumns: [PictureTable.Column] = []) {
    self.title = title
    self.moreColumns = moreColumns
    self.fields = fields
  }

  private var shown: ArraySlice<Field> { fields.prefix(Self.limit) }

  package var summary: String {
    let poorer = shown.filter(\.isPoorer)
    let full = shown.count { $0.after.map { $0.count == $0.records && $0.count > 0 } ?? false }
    var text = "\(NumberText.count(shown.count, "field")); \(NumberText.count(full)) filled in every target record."
    if !poorer.isEmpty {
      let names = poorer.prefix(5).map(\.name).joined(separator: ", ")
      text += " At least one point less complete in the target than in the source: \(names)"
      text += poorer.count > 5 ? " and \(NumberText.count(poorer.count - 5)) more." : "."
    }
    return text
  }

  package var showsSummary: Bool { true }

  package var notes: [String] {
    var notes = [
      "Top: source. Bottom: target. A full cell is 100% of the records, a dashed one has no counterpart. "
        + "A triangle marks a target that is at least one percentage point less complete than its source."
    ]
    if fields.count > Self.limit {
      notes.append("The first \(NumberText.count(Self.limit)) of \(NumberText.count(fields.count)) fields.")
    }
    return notes
  }

  package var table: PictureTable {
    PictureTable(
      "Completeness of \(NumberText.count(shown.count, "field"))",
      columns: [
        .init("Target field", isNumber: false), .init("No."), .init("Source", isNumber: false), .init("Filled in source"),
        .init("Share"), .init("Filled in target"), .init("Share"),
      ] + moreColumns,
      rows: shown.enumerated().map { index, field in
        .init(
          field.name,
          [
            NumberText.count(index + 1), field.source, field.before.map { NumberText.count($0.count) } ?? "–",
            field.before?.share ?? "–", field.after.map { NumberText.count($0.count) } ?? "–", field.after?.share ?? "–",
          ] + field.more)
      })
  }

  package func draw(into markup: inout Markup, id: String) {
    let all = Array(shown)
    images("wf-strip", &markup, id: id) { markup in
      for start in stride(from: 0, to: all.count, by: Self.perGroup) {
        let group = all[start..<min(all.count, start + Self.perGroup)]
        markup.element("svg", ["width": "\(group.count * 14)", "height": "74"]) { markup in
          markup.element("text", ["x": "0", "y": "10"], text: "\(start + 1)")
          for (index, field) in group.enumerated() { draw(field, at: index * 14, &markup) }
        }
      }
    }
  }

  private func draw(_ field: Field, at x: Int, _ markup: inout Markup) {
    markup.element("g") { markup in
      markup.element("title", text: "\(field.name): \(field.before?.share ?? "–") → \(field.after?.share ?? "–")")
      cell(field.before, x: x, y: 15, "wf-source", &markup)
      cell(field.after, x: x, y: 41, "wf-target", &markup)
      if field.isPoorer { markup.shape("path", ["d": "M\(x + 2) 67h8l-4 6z", "class": "wf-alarm"]) }
    }
  }

  private func cell(_ filled: Filled?, x: Int, y: Int, _ name: String, _ markup: inout Markup) {
    let frame = "M\(x).5 \(y).5h11v23h-11z"
    guard let filled else { return markup.shape("path", ["d": frame, "class": "wf-frame wf-none"]) }
    // Never empty, and never full, unless it is.
    var height = filled.records > 0 ? min(24, NumberText.permille(filled.count, of: filled.records) * 24 / 1000) : 0
    if filled.count > 0 { height = max(2, filled.count < filled.records ? min(22, height) : height) }
    if height > 0 { markup.shape("path", ["d": "M\(x) \(y + 24 - height)h12v\(height)h-12z", "class": name]) }
    markup.shape("path", ["d": frame, "class": "wf-frame"])
  }
}
