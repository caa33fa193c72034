import ArgumentParser
import Core
import Extract
import Pipeline

/// `waybill plan`: what a run would fetch, and what that costs.
struct PlanCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what a run would fetch, and what that costs",
    discussion: """
      Example:
        waybill plan --mapping contacts
      It prints the calls per entity, the fields that need them, the quota and the time. It makes a few small calls to ask how \
      many contacts there are and how much quota is left; with --offline it counts in the newest complete snapshot. If the \
      pipeline reads files or a snapshot, it prints their sizes and counts their records.
      If the pipeline writes to GHL, it also prints a high estimate of the requests for each mapping. Unless --offline is passed, \
      the command ends with 77 if the token of the destination lacks a scope.
      """)

  @Argument(help: ArgumentHelp("The pipeline (default: the project's waybill.yaml).", valueName: "pipeline"))
  var pipeline: String?

  @OptionGroup var source: RunSourceOptions

  @Flag(help: "Make no call; count in the newest complete snapshot.")
  var offline = false

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let document = try context.pipeline(pipeline)
    try source.checkSummary(document, in: context)
    let console = context.console
    let progress = ProgressLine(console)
    let engine = PlanEngine(document, options: source.options(in: context), observer: progress)
    let asksSource = !offline
    let report = await TimeLimit.run(source.maxDuration) {
      progress.note("--max-duration has elapsed: ending gracefully")
    } _: {
      await engine.run(asksSource: asksSource)
    }
    progress.clear()
    if report.diagnostics.hasErrors { console.show(report.diagnostics) }
    if let plan = report.plan {
      try output.json ? console.print(plan.json) : console.print(Self.text(of: plan, fitting: console.lineWidth))
      for warning in plan.warnings { console.warn(warning) }
    }
    if let failure = report.failure { console.fault(failure.description) }
    try source.writeSummary(report.json)
    return report.exitCode
  }

  /// - Parameter width: cells of the terminal; nil: without limit.
  static func text(of plan: PipelinePlan, fitting width: Int?) -> String {
    if plan.basis == .files { return files(of: plan, fitting: width) }
    var text = "\(plan.pipeline): "
    if plan.isCounted {
      text += "\(Wording.count(plan.contacts, "contact")) in "
      text +=
        "\(Wording.count(plan.businesses, "business", plural: "businesses")) (\(plan.basis == .snapshot ? "in the newest snapshot" : "counted by the API"))\n\n"
    } else {
      text += "the number of contacts is unknown: there is no snapshot. Without --offline, the source is queried.\n\n"
    }
    func requests(_ count: Int) -> String { plan.isCounted ? Wording.count(count) : "unknown" }
    var calls = TextTable([.init("CALL"), .init("REQUESTS", isNumber: true), .sentence("NEEDED BY")])
    for call in plan.calls {
      let reasons = call.reasons.prefix(4).joined(separator: ", ")
      let rest = call.reasons.count - 4
      calls.add([call.call.rawValue, requests(call.requests), rest > 0 ? "\(reasons) and \(rest) more" : reasons])
    }
    text += calls.text(fitting: width) + "\n"
    if !plan.writes.isEmpty { text += writes(of: plan, fitting: width) + "\n" }
    return text + shards(of: plan, fitting: width) + scopes(of: plan, fitting: width)
  }

  /// What the mappings write into GHL locations.
  private static func writes(of plan: PipelinePlan, fitting width: Int?) -> String {
    var table = TextTable([
      .init("DESTINATION"), .init("MAPPING"), .init("RECORDS", isNumber: true), .init("REQUESTS (ESTIMATE)", isNumber: true),
    ])
    for write in plan.writes {
      table.add([
        write.destination, write.mapping, write.records.map { Wording.count($0) } ?? "unknown",
        write.requests.map { Wording.count($0) } ?? "unknown",
      ])
    }
    return table.text(fitting: width)
  }

  /// The requests to each location, and whether its quota allows them.
  private static func shards(of plan: PipelinePlan, fitting width: Int?) -> String {
    // Files are read without a request.
    let shown = plan.basis == .files ? Array(plan.shards.dropFirst()) : plan.shards
    var table = TextTable([
      .init("LOCATION"), .init("REQUESTS", isNumber: true), .init("TIME", isNumber: true), .init("FITS TODAY'S QUOTA"),
    ])
    for shard in shown {
      let fits = shard.fits.map { $0 ? "yes" : "NO" } ?? "unknown"
      table.add([
        shard.location, shard.isPartial ? "unknown" : Wording.count(shard.requests),
        shard.isPartial ? "unknown" : Wording.duration(shard.seconds), fits,
      ])
    }
    var text = table.text(fitting: width)
    let shares = shown.compactMap { shard -> String? in
      guard let share = shard.quotaShare, let limit = shard.dailyLimit else { return nil }
      let text = "\(share < 0.1 ? "Under 0.1" : Wording.tenths(share)) % of the daily limit of \(Wording.count(limit))"
      return shown.count > 1 ? "\(shard.location): \(text)" : text
    }
    if !shares.isEmpty { text += "\n" + shares.joined(separator: "\n") + "\n" }
    return text
  }

  private static func scopes(of plan: PipelinePlan, fitting width: Int?) -> String {
    plan.targets.map { target in
      let text = "\nThe token of '\(target.name)' needs \(target.scopes.joined(separator: ", ")).\n"
      return width.map { CellText.prose(text, to: $0) } ?? text
    }.joined()
  }

  /// What a run reads instead of making calls.
  private static func files(of plan: PipelinePlan, fitting width: Int?) -> String {
    var table = TextTable([.init("ENTITY"), .init("RECORDS", isNumber: true), .init("SIZE", isNumber: true), .init("FILE")])
    for file in plan.files {
      table.add([
        file.entity, file.records.map { Wording.count($0) } ?? "unknown", file.bytes.map { Wording.bytes($0) } ?? "unknown",
        file.path,
      ])
    }
    let calls = plan.targets.isEmpty ? "makes no API call" : "writes to GHL"
    var text = "\(plan.pipeline): reads \(Wording.count(plan.files.count, "file")) and \(calls)\n\n"
    text += table.text(fitting: width)
    if plan.files.contains(where: { $0.records == nil }) {
      text +=
        "\nThe records of pipes, and of files with more than \(Wording.bytes(PlannedFile.mostCountedBytes)) of text, are not counted in advance.\n"
    }
    text = width.map { CellText.prose(text, to: $0) } ?? text
    guard !plan.targets.isEmpty else { return text }
    return text + "\n" + writes(of: plan, fitting: width) + "\n" + shards(of: plan, fitting: width)
      + scopes(of: plan, fitting: width)
  }
}
