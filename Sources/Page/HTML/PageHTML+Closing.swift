import Graphics

/// What a reader checks, keeps and signs.
extension PageWriter {
  mutating func sample() {
    let sample = page.sample
    section("sample", sample, isEmpty: sample.records.isEmpty) { writer in
      writer.table("Where the sample is from", sample.origins) {
        $0
          .run { $0.run }
          .text("Mapping") { $0.mapping }
          .code("Seed") { $0.seed }
          .count("Chosen") { $0.chosen }
          .count("Of items") { $0.of }
      }
      writer.markup.open("div", ["class": "records"])
      for (index, record) in sample.records.prefix(100).enumerated() { writer.sample(record, index + 1) }
      writer.markup.close("div")
      writer.omitted(sample.records.count - 100, nil)
    }
  }

  private mutating func sample(_ record: SampleSection.Record, _ number: Int) {
    markup.open("div", ["class": "record"])
    let element = record.element.map { ", element \(NumberText.count($0 + 1))" } ?? ""
    let key = record.key.map { " \($0)" } ?? record.line.map { ", line \(NumberText.count($0))" } ?? ""
    heading("\(number). \(showsRuns ? "\(record.run): " : "")\(record.mapping)\(key)\(element)")
    if !record.outcomes.isEmpty {
      paragraph(record.outcomes.map { "\($0.destination): \($0.outcome)" }.joined(separator: ", ") + ".", "outcomes")
    }
    if let problem = record.problem {
      let place = problem.field.map { " (\($0))" } ?? ""
      paragraph("\(problem.code)\(place)\(problem.message.map { ": \($0)" } ?? "")", "missing")
    }
    if record.isUnread { paragraph("The source could not be read again, so its values are not shown.", "missing") }
    table("Record \(number): source and target", record.fields) {
      $0
        .code("Target field") { $0.field }
        .optional("Source field") { .list($0.sources.map(\.path)) }
        .cell("Source") { .values($0.sources.map(\.value)) }
        .cell("Target") { .text($0.target, or: "no value") }
        .cell("Right") { _ in .box }
    }
    markup.element("p", ["class": "ticks"]) { markup in
      Self.box(&markup, "as in the source")
      Self.box(&markup, "as in the destination")
      Self.box(&markup, "wrong")
    }
    markup.close("div")
    markup.newline()
  }

  mutating func resources() {
    let resources = page.resources
    section("resources", resources, isEmpty: resources.runs.isEmpty) { writer in
      writer.table("Requests and time", resources.runs) {
        $0
          .cell("Run") { .text($0.run) }
          .count("Requests") { $0.requests }
          .count("Retried") { $0.retried }
          .count("Responses with 429") { $0.throttled }
          .count("Quota left") { $0.quotaRemaining }
          .number("Time") { run in run.seconds.map { .number(PageTime.duration($0)) } ?? .faint("not recorded") }
      }
      writer.table("Time by stage", resources.runs.flatMap { run in run.durations.map { (run.run, $0) } }) {
        $0
          .run { $0.0 }
          .text("Stage") { $0.1.stage }
          .number("Time") { .number(PageTime.duration($0.1.seconds)) }
      }
    }
  }

  mutating func reproduction() {
    let reproduction = page.reproduction
    section("reproduction", reproduction, isEmpty: false) { writer in
      var facts: [(String, PageCell)] = [
        ("Version of Waybill", .text(reproduction.version)), ("This page again", .code(reproduction.command)),
      ]
      if !writer.page.digest.isEmpty { facts.append(("Digest of this page (SHA-256)", .code(writer.page.digest))) }
      for run in reproduction.runs.prefix(PageLimits.rows) {
        let name = writer.showsRuns ? " \(run.run)" : ""
        if let command = run.command { facts.append(("Run\(name) again", .code(command))) }
        if let moment = run.moment { facts.append(("“now” in expressions\(name)", .text(moment))) }
        if let version = run.folderVersion { facts.append(("Format of the run's folder\(name)", .text("\(version)"))) }
      }
      writer.table("How to reproduce this page", facts) {
        $0
          .cell("What") { .text($0.0) }
          .cell("How") { $0.1 }
      }
      let files = reproduction.runs.flatMap { run in
        run.files.map { (run.run, "input", $0) } + run.snapshotFiles.map { (run.run, "snapshot", $0) }
      }
      writer.table("Digests of the files", files, isFolded: files.count > 12) {
        $0
          .run { $0.0 }
          .code("File") { $0.2.name }
          .text("Of") { $0.1 }
          .code("SHA-256") { $0.2.sha256 }
      }
    }
  }

  mutating func signatures() {
    let signatures = page.signatures
    section("signatures", signatures, isEmpty: signatures.roles.isEmpty) { writer in
      if !signatures.expiry.isEmpty { writer.paragraph(signatures.expiry) }
      for role in signatures.roles.prefix(20) { writer.signature(role) }
    }
  }

  private mutating func signature(_ role: SignaturesSection.Role) {
    markup.open("div", ["class": "signature"])
    heading(role.role)
    paragraph(role.statement)
    markup.element("p") { markup in
      Self.status(
        role.maySign ? "May sign now" : "May not sign now", role.maySign ? (role.conditions.isEmpty ? .good : .warning) : .bad,
        &markup)
    }
    if !role.conditions.isEmpty {
      markup.element("p", ["class": "lead"], text: "By signing, this role accepts:")
      markup.element("ul", ["class": "conditions"]) { markup in
        for condition in role.conditions.prefix(PageLimits.sentences) {
          markup.element("li") { markup in
            markup.element("span", ["class": "box", "aria-hidden": "true"]) { _ in }
            markup.value(condition)
          }
        }
      }
      omitted(role.conditions.count - PageLimits.sentences, nil)
    }
    blanks(role.fillIn, tall: "Signature")
    markup.close("div")
    markup.newline()
  }
}
