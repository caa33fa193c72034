import Graphics

/// What went wrong, by what repairs it, and what that drags along.
extension PageWriter {
  mutating func exceptions() {
    let exceptions = page.exceptions
    section("exceptions", exceptions, isEmpty: exceptions.groups.isEmpty, none: "The ledger has no problems.") { writer in
      writer.paragraph(
        "\(NumberText.count(exceptions.lines, "line")) of the ledger in \(NumberText.count(exceptions.groups.count, "group")).")
      var room = PageLimits.problems
      for group in exceptions.groups.prefix(Self.mostGroups) {
        // The first groups are the worst: they may have the most, and none is left without its first problems.
        var shown = group
        shown.problems.rows = Array(group.problems.rows.prefix(min(PageLimits.rows, max(5, room))))
        room -= shown.problems.rows.count
        writer.exceptions(shown)
      }
      writer.omitted(exceptions.groups.count - Self.mostGroups, nil)
    }
  }

  private static let mostGroups = 100

  private mutating func exceptions(_ group: ExceptionsSection.Group) {
    markup.open("div", ["class": "group"])
    heading((showsRuns ? "\(group.run): " : "") + group.title)
    var counts = [(group.errors, "error"), (group.warnings, "warning"), (group.notes, "note")]
      .filter { $0.0 > 0 }.map { NumberText.count($0.0, $0.1) }
    if let resolved = group.resolved, resolved > 0 { counts.append("\(NumberText.count(resolved)) resolved by a later run") }
    markup.element("p") { markup in
      markup.element("b", text: counts.joined(separator: ", ") + ".")
      markup.literal(" ")
      Self.prose(group.instruction, &markup)
      if let owner = group.usualOwner {
        markup.literal(" ")
        markup.element("span", ["class": "faint"], value: "Usually done by: \(owner).")
      }
    }
    blanks(page.exceptions.fillIn)
    table("Problems: \(group.title)", group.problems) {
      $0
        .code("Code") { $0.code }
        .cell("Severity") { Self.severity($0.severity) }
        .count("Count") { $0.count }
        .text("Mapping") { $0.mapping }
        .optionalCode("Field") { $0.field }
        .optionalText("First message") { $0.message }
        .optional("Records") { .list($0.examples) }
    }
    markup.close("div")
  }

  static func severity(_ text: String) -> PageCell {
    switch text {
    case "error": .status(text, .bad)
    case "warning": .status(text, .warning)
    default: .status(text, .open)
    }
  }

  mutating func rejectReach() {
    let reach = page.rejectReach
    section("reject_reach", reach, isEmpty: reach.rows.isEmpty && reach.parents.isEmpty) { writer in
      writer.table("Records that did not arrive, by mapping and destination", reach.parents) {
        $0
          .run { $0.run }
          .text("Mapping") { $0.mapping }
          .text("Destination") { $0.destination }
          .count("Rejected or failed") { $0.lost }
      }
      if reach.rows.isEmpty { writer.paragraph("No record was left behind because of another record.") }
      writer.table("Records that did not arrive because of another record", reach.rows) {
        $0
          .run { $0.run }
          .text("Mapping") { $0.mapping }
          .optionalText("Parents") { $0.parent }
          .code("Code") { $0.code }
          .optionalCode("Field") { $0.field }
          .count("Records") { $0.children }
          .count("Of") { $0.of }
          .number("Share") { .share($0.children, of: $0.of) }
          .optional("Examples") { .list($0.examples) }
      }
    }
  }
}
