import Control
import Core
import Foundation
import GHL
import HTTP
import Pipeline
import PipelineFile
import Report
import Sandbox
import State
import TestSupport
import Testing

@testable import Load

/// `mappings/ghl-to-ghl.yaml`, as it is shipped: from a sandbox on a port into another location of it, which is in process and has a
/// clock that waits for nothing.
///
///     try await GHLCopyBench.with(contacts: 60, faults: ["5xx=0.03"]) { bench in
///       try await bench.extract()
///       let report = try await bench.run("copy.yaml")
///     }
///
/// `copy.yaml` is the shipped file. `verify.yaml` also reads back what has not changed. `read.yaml` writes what the mappings make of
/// the source to files: it makes no request to the target.
struct GHLCopyBench: Sendable {
  let folder = TemporaryFolder()
  let target: SandboxTransport
  let environment: [String: String]
  private let timekeeper: LeapingTimekeeper

  static let mappings = ["contacts", "links", "tasks", "notes"]

  /// - Parameters:
  ///   - faults: of the target.
  ///   - readFaults: of the source, whose pauses are real ones.
  static func with(
    contacts: Int, seed: UInt64, faults: [String], readFaults: [String],
    _ body: @escaping @Sendable (GHLCopyBench) async throws -> Void
  ) async throws {
    var options = SandboxOptions(
      contacts: contacts, businesses: 3, seed: seed, limitScale: 100_000, faults: try FaultPlan(readFaults))
    options.locations = 2
    var other = options
    other.faults = try FaultPlan(faults)
    try await SandboxServer.withServer(options) { [other] address, _ in
      try await body(try GHLCopyBench(address, other))
    }
  }

  private init(_ address: SandboxAddress, _ options: SandboxOptions) throws {
    let timekeeper = LeapingTimekeeper()
    let start = Int(WallTime.now().millisecondsSince1970)
    let sandbox = Sandbox(options) { start + Int(timekeeper.now().sinceStart / .milliseconds(1)) }.sandboxes[1]
    self.timekeeper = timekeeper
    target = SandboxTransport(sandbox, timekeeper, version: GHLRoute.contact.version(in: .dated), address: address.baseURL)
    environment = [
      "GHL_BASE_URL": address.baseURL, "GHL_SOURCE_LOCATION": address.location, "GHL_SOURCE_TOKEN": address.token,
      "GHL_TARGET_LOCATION": sandbox.data.locationID, "GHL_TARGET_TOKEN": sandbox.tokens.location,
      "OUT": "\(folder.path)/source",
    ]
    try writeFiles()
  }

  private func writeFiles() throws {
    let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("mappings").path
    for name in ["ghl-to-ghl", "schemas"] {
      try FileManager.default.copyItem(atPath: "\(shipped)/\(name)", toPath: "\(folder.path)/\(name)")
    }
    let copy = try String(contentsOfFile: "\(shipped)/ghl-to-ghl.yaml", encoding: .utf8)
    let verify = copy.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let isPart = Self.mappings.contains { line.hasPrefix("        \($0): {to: ") }
      return isPart ? line.dropLast() + ", verify: {share: 100%, then: resend}}" : line
    }
    #expect(verify.count { $0.contains("verify:") } == Self.mappings.count)
    let head = try #require(copy.firstRange(of: "destinations:"))
    let lines = "destinations:\n  lines: {ndjson: {path: \"${OUT}/{mapping}.ndjson\"}}\n"
    try folder.write("copy.yaml", copy)
    try folder.write("verify.yaml", verify.joined(separator: "\n"))
    try folder.write("read.yaml", copy[..<head.lowerBound].replacing("pipeline: copy", with: "pipeline: read") + lines)
  }

  // MARK: Runs

  var state: StateFolder { StateFolder(path: "\(folder.path)/.waybill") }

  /// Runs a pipeline on the newest snapshot, as a process of its own.
  ///
  /// - Parameter process: dies at some point; nil: it does not.
  func run(
    _ file: String, by process: DyingProcess? = nil, _ change: (inout RunEngine.Options) -> Void = { _ in }
  ) async throws -> RunEngine.Report {
    let (document, diagnostics) = PipelineDocument.load(path: "\(folder.path)/\(file)", environment: environment)
    #expect(diagnostics.all.map { diagnostics.text(of: $0) } == [])
    var options = RunEngine.Options(source: SourceOptions(state: state, environment: environment))
    options.source.snapshot = "latest"
    options.makeDestination = { [self] in destination($0, process) }
    change(&options)
    return await RunEngine(try #require(document), options: options).run()
  }

  /// Reads the source, until faults leave no gap.
  func extract() async throws {
    var report = try await run("read.yaml") { $0.source.snapshot = nil }
    for _ in 0..<5 where report.exitCode != .done { report = try await run("read.yaml") { $0.source.snapshot = nil } }
    #expect(report.exitCode == .done, "\(report.summary.messages)")
  }

  /// How many contacts of the source have nothing to be found by: if the response to their create is lost, they stay open.
  func contactsWithoutNames() throws -> Int {
    let names = ["email", "phone", "firstName", "lastName", "name", "companyName"]
    return try #require(folder.read("source/contacts.ndjson")).split(separator: "\n").filter { line in
      let contact = try JSONReader.read(String(line))
      return names.allSatisfy { contact[$0]?.stringValue?.isEmpty ?? true }
    }.count
  }

  /// Nil: a file, as the product makes it.
  private func destination(_ document: DestinationDocument, _ process: DyingProcess?) -> (any Destination)? {
    guard case .http(let http) = document.kind else { return nil }
    let engine = HTTPEngine(
      name: document.name, http, environment: environment,
      transport: process.map { DyingTransport(target, $0, isWrite: SandboxTransport.isWrite) } ?? target as any HTTPTransport,
      timekeeper: timekeeper)
    let opened = Locked<(journal: any Journal, states: any StateStore)?>(nil)
    return HTTPDestination(name: document.name, http, environment: environment) { [state] in
      let stores = try opened.withLock { opened in
        let stores = try opened ?? (state.openJournal(), state.openStateStore())
        opened = stores
        return stores
      }
      let journal = process.map { DyingJournal(journal: stores.journal, process: $0) } ?? stores.journal
      return .init(engine: engine, journal: journal, states: stores.states, owner: "test")
    }
  }

  // MARK: Kills

  /// Leaves a run as if its process had been killed: without what it has recorded since it began to load.
  ///
  /// - Returns: whether it can be resumed.
  func kill(_ run: String) throws -> Bool {
    let path = ".waybill/runs/\(run)"
    let facts = try #require(folder.read("\(path)/facts.ndjson")).split(separator: "\n")
    guard let judged = facts.firstIndex(where: { $0.contains(#""judged""#) }) else { return false }
    try folder.write("\(path)/facts.ndjson", facts[...judged].map { $0 + "\n" }.joined())
    try? FileManager.default.removeItem(atPath: "\(folder.path)/\(path)/outcomes.ndjson")
    return true
  }

  /// Runs that are killed, each at another point, until one has nothing left to send. A new run follows, or the same one is resumed.
  ///
  /// - Returns: how many were killed, and how many of them had been resumed.
  func runsUnderKills() async throws -> (kills: Int, resumed: Int) {
    var (kills, resumed) = (0, 0)
    var last: String?
    for number in 0..<60 {
      let points = KillPoint.allCases
      let process = DyingProcess(at: points[number % points.count], of: [6, 3, 9][number % 3])
      let resumes = number % 2 == 1 ? last : nil
      let report = try await run("copy.yaml", by: process) { options in
        if let resumes { options.resume = resumes }
      }
      guard process.isDead else { break }
      kills += 1
      #expect(report.exitCode != .done)
      if let resumes {
        resumed += 1
        #expect(report.summary.run == resumes)
      }
      last = try kill(report.summary.run) ? report.summary.run : nil
    }
    return (kills, resumed)
  }

  /// Runs a pipeline until a run writes nothing and leaves nothing open.
  func finish(_ file: String) async throws -> RunEngine.Report? {
    for _ in 0..<40 {
      let before = writes
      let report = try await run(file)
      if Self.isDone(report), writes == before { return report }
    }
    return nil
  }

  /// Each record of each mapping is as it was, or is left out by the mapping.
  static func isDone(_ report: RunEngine.Report) -> Bool {
    let counts = report.summary.entities.compactMap { $0.destinations.first { $0.name == "copy" }?.counts }
    return counts.count == mappings.count && counts.allSatisfy { $0.total == $0[.unchanged] + $0[.filtered] }
  }

  // MARK: What was sent

  /// The requests that ask for the scope to write, of a contact that cannot exist.
  var probes: Int { target.sent.count { $0.isWrite && $0.target.hasSuffix(GHLScopeProof.nobody) } }

  /// All others that write.
  var writes: Int { target.sent.count { $0.isWrite } - probes }

  /// By the statistics of the target: how often each route that writes was used.
  var writesByRoute: [String: Int] {
    target.sandbox.statistics.byRoute.filter { !$0.key.hasPrefix("GET ") && !$0.key.hasSuffix("/search") }
  }
}
