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
      many contacts there are and how much quota is left; with --offline it counts in the newest complete snapshot.
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
    var text = "\(plan.pipeline): \(Wording.count(plan.contacts, "contact")) in "
    text += "\(Wording.count(plan.businesses, "business", plural: "businesses")) (\(basis(plan.basis)))\n\n"
    var calls = TextTable([.init("CALL"), .init("REQUESTS", isNumber: true), .sentence("NEEDED BY")])
    for call in plan.calls {
      let reasons = call.reasons.prefix(4).joined(separator: ", ")
      let rest = call.reasons.count - 4
      calls.add([call.call.rawValue, Wording.count(call.requests), rest > 0 ? "\(reasons) and \(rest) more" : reasons])
    }
    text += calls.text(fitting: width) + "\n"
    var shards = TextTable([
      .init("LOCATION"), .init("REQUESTS", isNumber: true), .init("TIME", isNumber: true), .init("FITS TODAY'S QUOTA"),
    ])
    for shard in plan.shards {
      let fits = shard.fits.map { $0 ? "yes" : "NO" } ?? "unknown"
      shards.add([shard.location, Wording.count(shard.requests), Wording.duration(shard.seconds), fits])
    }
    text += shards.text(fitting: width)
    if let share = plan.quotaShare, let limit = plan.dailyLimit {
      text += "\n\(share < 0.1 ? "Under 0.1" : Wording.tenths(share)) % of the daily limit of \(Wording.count(limit))\n"
    }
    return text
  }

  private static func basis(_ basis: PipelinePlan.Basis) -> String {
    switch basis {
    case .unknown: "unknown: there is no snapshot; without --offline, the source is asked"
    default: "by the \(basis.rawValue)"
    }
  }
}
