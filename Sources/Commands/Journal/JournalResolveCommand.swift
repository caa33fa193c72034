import ArgumentParser
import Core
import FoundationEssentials
import Load
import State

/// `waybill journal resolve`: records what became of calls without a result, as reported by a person.
struct JournalResolveCommand: WaybillCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Record what became of calls without a result",
    discussion: """
      Example:
        waybill journal resolve --key c1 --as stored --remote-id 17
        waybill journal resolve --all --as absent --dry-run
      Use this for calls that no run can resolve, as the pipeline has neither `find` nor idempotency keys. Until the result of \
      a call is known, nothing else is sent for its records. Look for the records at the destination first. A record that \
      you report as absent is sent again, so if it is there after all, it is created twice.
      """)

  enum Answer: String, ExpressibleByArgument, CaseIterable, Sendable { case stored, absent }

  @Option(help: ArgumentHelp("The key of a record in its target; repeatable.", valueName: "key"))
  var key: [String] = []

  @Flag(help: "All records whose last call has no result.")
  var all = false

  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "`stored`: the destination has the record as it was sent. `absent`: it did not store it; the next run sends it again.",
      valueName: "answer"))
  var answer: Answer

  @Option(help: ArgumentHelp("With `--as stored` and one key: the destination's ID for the record.", valueName: "id"))
  var remoteID: String?

  @OptionGroup var selection: JournalSelection

  @Flag(help: "Print what would be recorded, and record nothing.")
  var dryRun = false

  @OptionGroup var output: JSONOption
  @OptionGroup(title: "Common options") var common: CommonOptions

  mutating func validate() throws {
    if key.isEmpty, !all { throw ValidationError("select records with --key, or all of them with --all") }
    if !key.isEmpty, all { throw ValidationError("--key and --all cannot be used together") }
    guard let remoteID else { return }
    if remoteID.isEmpty { throw ValidationError("--remote-id is empty") }
    if answer == .absent { throw ValidationError("--remote-id requires --as stored: an absent record has no ID") }
    if key.count != 1 { throw ValidationError("--remote-id requires exactly one --key") }
  }

  func run(in context: CommandContext) async throws -> Core.ExitCode {
    let state = StateFolder(path: context.state)
    guard state.hasRuns else {
      throw OperationFailure(
        .inputMissing, "there is no journal in \(context.state): name the folders with --project or --state")
    }
    let (calls, withoutID) = try state.changingJournal(by: "journal resolve") { journal, _, _ in
      let scopes = try selection.selected(try journal.scopes()).map(\.scope)
      let calls = try select(JournalResolution.openCalls(of: scopes, in: journal) { $0.removesRecord })
      let isNamed = answer == .absent || remoteID != nil
      let withoutID = isNamed ? [] : try JournalResolution.withoutID(calls.filter { !$0.removesRecord }, in: journal)
      if !dryRun { try JournalResolution.resolve(calls, as: fate, in: journal) }
      return (calls, withoutID.count)
    }
    try show(calls, context.console)
    if withoutID > 0 { context.console.warn(warning(withoutID)) }
    return .done
  }

  private var fate: JournalResolution.Answer {
    answer == .absent ? .absent : .stored(remoteID: remoteID.map { Name($0) })
  }

  // MARK: Selection

  /// - Throws: with the code `usage` if a record has no call without a result, or if several mappings, destinations or locations
  ///   have such a call for its key, because the results may differ.
  private func select(_ calls: [JournalResolution.Call]) throws -> [JournalResolution.Call] {
    if all { return calls }
    let byKey = Dictionary(grouping: calls.filter { $0.key != nil }) { $0.key ?? "" }
    let unknown = key.filter { byKey[Name($0)] == nil }
    if let first = unknown.first {
      let hint = NearestName.hint(first, in: byKey.keys.map(\.text).sorted()) ?? "--all --dry-run lists records with such a call"
      throw OperationFailure(
        .usage, "--key \(first): \(Self.rest(unknown.count))there is no call without a result for this record; \(hint)")
    }
    for key in key {
      let scopes = Set(byKey[Name(key), default: []].map(\.scope)).sorted()
      guard scopes.count > 1 else { continue }
      let places = scopes.map { "\($0.mapping) to \($0.destination), pipeline \($0.pipeline), location \($0.location)" }
      throw OperationFailure(
        .usage,
        "--key \(key): this key has calls without a result in several places (\(places.joined(separator: "; "))); select one with --mapping, --destination, --pipeline or --location"
      )
    }
    let wanted = Set(key.map { Name($0) })
    return calls.filter { $0.key.map(wanted.contains) ?? false }
  }

  private static func rest(_ count: Int) -> String { count > 1 ? "as with \(Wording.count(count - 1, "other key")), " : "" }

  // MARK: Report

  private func show(_ calls: [JournalResolution.Call], _ console: Console) throws {
    if output.json { return try console.print(.array(calls.map(json))) }
    var table = TextTable([.init("DESTINATION"), .init("MAPPING"), .init("KEY"), .init("CALL"), .init("SENT")])
    for call in calls {
      table.add([call.scope.destination, call.scope.mapping, call.key?.text ?? "", call.target, Self.time(call)])
    }
    if calls.isEmpty { return console.note("There are no calls without a result.") }
    try console.writeOutput(table.text(fitting: console.lineWidth))
    let count = Wording.count(calls.count, "record")
    let next =
      answer == .absent
      ? "the next run sends \(calls.count == 1 ? "it" : "them") again"
      : "the next run sends \(calls.count == 1 ? "it if it has" : "them if they have") changed since"
    console.note("\(count) \(dryRun ? "would be " : "")recorded as \(answer.rawValue); \(next)")
  }

  /// Version 4 of the state did not record the time.
  private static func time(_ call: JournalResolution.Call) -> String {
    let milliseconds = call.written.millisecondsSince1970
    return milliseconds == 0 ? "" : Date(timeIntervalSince1970: Double(milliseconds / 1000)).ISO8601Format()
  }

  private func warning(_ count: Int) -> String {
    "the destination's ID is not known for \(Wording.count(count, "record")): if `update` has {remote_id} and there is no `find`, later changes fail\(dryRun ? "; give each record its ID with --key and --remote-id" : "")"
  }

  private func json(_ call: JournalResolution.Call) -> JSONValue {
    .object([
      .init("pipeline", .string(call.scope.pipeline)), .init("destination", .string(call.scope.destination)),
      .init("mapping", .string(call.scope.mapping)), .init("location", .string(call.scope.location)),
      .init("key", call.key.map { .string($0.text) } ?? .null), .init("call", .string(call.target)),
      .init("sent", .string(Self.time(call))), .init("as", .string(answer.rawValue)),
      .init("remote_id", remoteID.map { .string($0) } ?? .null), .init("dry_run", .bool(dryRun)),
    ])
  }
}
