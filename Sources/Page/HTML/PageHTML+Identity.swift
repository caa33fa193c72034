import Graphics

/// Where every record went.
extension PageWriter {
  mutating func identity() {
    let identity = page.identity
    section("identity", identity, isEmpty: identity.rows.isEmpty, none: "The run has no records to account for.") { writer in
      writer.markup.element("p") { markup in
        let isWhole = identity.unaccounted == 0
        Self.status(
          isWhole
            ? "Every record is accounted for."
            : "\(NumberText.count(identity.unaccounted, "record")) unaccounted for. The identity is broken: this page cannot be signed.",
          isWhole ? .good : .bad, &markup)
      }
      if !identity.totals.isEmpty { writer.bars("All runs", identity.totals) }
      writer.bars("Records by outcome", identity.rows)
      writer.waffles(identity.totals.isEmpty ? identity.rows : identity.totals)
    }
  }

  private mutating func bars(_ title: String, _ rows: [IdentitySection.Row]) {
    let shown = rows.prefix(PageLimits.rows)
    picture(
      IdentityBars(
        title: title,
        bars: shown.map { row in
          .init(
            name(row), total: row.read, parts: row.outcomes.map { IdentityBars.Part($0.name, $0.count, Tone(outcome: $0.name)) })
        }))
    omitted(rows.count - shown.count, nil)
  }

  private func name(_ row: IdentitySection.Row) -> String {
    (showsRuns ? (row.run.map { "\($0): " } ?? "") : "") + "\(row.mapping) → \(row.destination)"
  }

  /// The worst ones: small shares are easier to see as squares than as the end of a bar.
  private mutating func waffles(_ rows: [IdentitySection.Row]) {
    func open(_ row: IdentitySection.Row) -> [PageCount] {
      row.outcomes.filter { $0.count > 0 && ["rejected", "failed", "pending"].contains($0.name) }
    }
    func sum(_ row: IdentitySection.Row) -> Int { open(row).reduce(0) { $0 + $1.count } }
    let worst = rows.enumerated().filter { sum($0.element) > 0 }
      .sorted { (sum($0.element), $1.offset) > (sum($1.element), $0.offset) }.prefix(4).map(\.element)
    for row in worst {
      let parts = open(row)
      let words = parts.map(\.name)
      let list = words.count > 1 ? words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "") : words.first ?? ""
      picture(
        Waffle(
          title: "\(name(row)): \(NumberText.count(sum(row))) of \(NumberText.count(row.read, "record")) \(list)", noun: "record",
          total: row.read, parts: parts.map { .init($0.name, $0.count, Tone(outcome: $0.name)) }))
    }
  }
}

extension Tone {
  /// Of an outcome by its name in the identity.
  init(outcome: String) { self = outcome == "written" ? .good : Tone(rawValue: outcome) ?? .rest }
}
