import Core
import Foundation
import Records
import Report
import Schema
import TestSupport
import Testing
import Transform

@testable import Pipeline
@testable import Workbench

/// `transform` and `validate` when they do not finish: the ledger has what the summary counts.
@Suite struct FailedJobLedgerTests {
  private static let count = 6_000
  private static let input = (0..<count).map { number in
    number % 3 == 0
      ? #"{"id":"c\#(number)","firstName":""}"# : #"{"id":"c\#(number)","firstName":"Ada","email":"x\#(number * 7919)"}"#
  }.joined(separator: "\n")

  enum Fault: String, CaseIterable, Sendable { case cutGzip, brokenArray, fullOutput, brokenPipe, cancelled }

  /// Sets up the fault and returns input and output.
  private static func set(_ fault: Fault, in project: Project) throws -> (input: String, output: String) {
    let folder = project.folder.path
    switch fault {
    case .cutGzip:
      try project.folder.write("in/plain.ndjson", input)
      try GzipFile.compress("\(folder)/in/plain.ndjson", to: "\(folder)/in/cut.ndjson.gz")
      let url = URL(filePath: "\(folder)/in/cut.ndjson.gz")
      let whole = try Data(contentsOf: url)
      try whole.prefix(whole.count * 2 / 3).write(to: url)
      return ("in/cut.ndjson.gz", "\(folder)/out.ndjson")
    case .brokenArray:
      try project.folder.write("in/a.json", "[" + input.replacing("\n", with: ",\n") + " {}]")
      return ("in/a.json", "\(folder)/out.ndjson")
    case .fullOutput:
      try project.folder.write("in/a.ndjson", input)
      return ("in/a.ndjson", "/dev/full")
    case .brokenPipe, .cancelled:
      try project.folder.write("in/a.ndjson", input)
      return ("in/a.ndjson", "\(folder)/out.ndjson")
    }
  }

  @Test(arguments: Fault.allCases, [1, 3]) func `a transform that fails keeps its ledger`(_ fault: Fault, _ threads: Int)
    async throws
  {
    let project = try Project()
    let folder = project.folder.path
    let (input, output) = try Self.set(fault, in: project)
    var options = TransformJob.Options(mapping: "\(folder)/contacts.yaml", input: "\(folder)/\(input)")
    options.output = output
    options.outputFormat = .ndjson
    options.ledger = "\(folder)/ledger.ndjson"
    options.summary = "\(folder)/summary.json"
    options.threads = threads
    try project.folder.write("ledger.ndjson", "of an earlier transform\n")
    let report: TransformJob.Report
    switch fault {
    case .brokenPipe:
      // A reader that goes away immediately.
      mkfifo("\(folder)/pipe", 0o600)
      options.output = "\(folder)/pipe"
      let descriptor = open("\(folder)/pipe", O_RDONLY | O_NONBLOCK)
      signal(SIGPIPE, SIG_IGN)
      let final = options
      report = await TransformJob(final, observer: Closing { close(descriptor) }).run()
    case .cancelled:
      let final = options
      let task = Task { await TransformJob(final, observer: Closing { withUnsafeCurrentTask { $0?.cancel() } }).run() }
      report = await task.value
    default: report = await TransformJob(options).run()
    }
    #expect(report.exitCode != .done && report.failure != nil)
    let summary = try JSONReader.read(try #require(project.folder.read("summary.json")))
    #expect(summary["unaccounted"] == .number(0))
    try Self.compare(try #require(project.folder.read("ledger.ndjson")), with: summary)
    if [.cutGzip, .brokenArray].contains(fault) {
      #expect(try #require(summary["read"]?.intValue) > 0)
      #expect(try #require(summary["rejected"]?.intValue) > 0)
    }
    if fault == .brokenArray { #expect(summary["read"]?.intValue == Self.count) }
    #expect(project.folder.read("out.ndjson") == nil)
    #expect(project.folder.names().allSatisfy { !$0.hasSuffix(".part") })
  }

  @Test(arguments: [Fault.cutGzip, .brokenArray, .cancelled], [1, 3])
  func `a validation that fails keeps its ledger`(_ fault: Fault, _ threads: Int) async throws {
    let project = try Project()
    let folder = project.folder.path
    try project.folder.write("s.json", #"{"required": ["email"], "type": "object"}"#)
    let (input, _) = try Self.set(fault, in: project)
    var options = ValidateJob.Options(schema: "\(folder)/s.json", input: "\(folder)/\(input)")
    options.isEach = true
    options.ledger = "\(folder)/ledger.ndjson"
    options.threads = threads
    let final = options
    let observer = Closing { if fault == .cancelled { withUnsafeCurrentTask { $0?.cancel() } } }
    let task = Task { await ValidateJob(final, observer: observer).run() }
    let report = await task.value
    #expect(report.failure != nil && report.summary.unaccounted == 0)
    try Self.compare(try #require(project.folder.read("ledger.ndjson")), with: report.summary.json)
    if fault != .cancelled { #expect(report.summary.counts.invalid > 0) }
  }

  @Test(arguments: [false, true]) func `an earlier output keeps its ledger`(_ isLink: Bool) async throws {
    let project = try Project()
    let folder = project.folder.path
    if isLink {
      try project.folder.write("ledgers/l.ndjson", "")
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder)/out.ndjson.ledger.ndjson", withDestinationPath: "ledgers/l.ndjson")
    }
    var options = TransformJob.Options(mapping: "\(folder)/contacts.yaml", input: "\(folder)/in/contacts.ndjson")
    options.output = "\(folder)/out.ndjson"
    let first = await TransformJob(options).run()
    #expect(first.failure == nil && first.ledger == "\(folder)/out.ndjson.ledger.ndjson")
    let output = try #require(project.folder.read("out.ndjson"))
    let ledger = try #require(project.folder.read("out.ndjson.ledger.ndjson"))
    #expect(!ledger.isEmpty)
    options.input = "\(folder)/\(try Self.set(.brokenArray, in: project).input)"
    let failed = await TransformJob(options).run()
    #expect(failed.failure != nil)
    #expect(project.folder.read("out.ndjson") == output)
    #expect(project.folder.read("out.ndjson.ledger.ndjson") == ledger)
    let name = isLink ? "ledgers/l.failed.ndjson" : "out.ndjson.ledger.failed.ndjson"
    #expect(failed.ledger == "\(folder)/\(name)")
    try Self.compare(try #require(project.folder.read(name)), with: failed.summary.json)
    #expect(failed.summary.counts.rejected > 0 && project.folder.mode(of: name) == 0o600)
    // It overwrites none of the user's files.
    try project.folder.write("out.ndjson.ledger.failed.ndjson", Project.input)
    options.input = "\(folder)/out.ndjson.ledger.failed.ndjson"
    if !isLink { #expect(await TransformJob(options).run().exitCode == .usage) }
    #expect(project.folder.read("out.ndjson.ledger.failed.ndjson") == Project.input)
  }

  private static func compare(_ ledger: String, with summary: JSONValue) throws {
    var codes: [String: Int] = [:]
    for line in ledger.split(separator: "\n") {
      codes[try #require(try JSONReader.read(String(line))["code"]?.stringValue), default: 0] += 1
    }
    var counted: [String: Int] = [:]
    for code in summary["codes"]?.objectValue ?? [] { counted[code.name] = code.value.intValue }
    #expect(codes == counted)
  }

  /// Runs a closure once the work has begun.
  private struct Closing: RunObserver {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func receive(_ event: RunEvent) { if case .stageBegan = event { body() } }
  }
}
