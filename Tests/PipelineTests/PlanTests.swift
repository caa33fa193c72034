import Control
import Core
import Extract
import Foundation
import PipelineFile
import Report
import Sandbox
import State
import TestSupport
import Testing

@testable import Pipeline

/// What `plan` says, held against what a run then does.
@Suite struct PlanTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var without = "count"
    /// How far the number of tasks, which nobody knows before, may lead astray.
    var tolerance = 0
    var change: @Sendable (inout SourceOptions) -> Void = { _ in }

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "everything", tolerance: 6),
    Case(name: "contacts", change: { $0.mappings = ["contacts"] }),
    Case(name: "notes and appointments", change: { $0.mappings = ["notes", "appointments"] }),
    Case(name: "one business", change: { ($0.mappings, $0.businesses) = (["contacts"], ["FIRST"]) }),
    Case(name: "a limit inside the first business", change: { $0.limit = 30 }),
    Case(name: "a limit inside the second business", change: { ($0.mappings, $0.limit) = (["contacts"], 130) }),
    Case(name: "a limit beyond all", change: { ($0.mappings, $0.limit) = (["contacts"], 5_000) }),
    Case(name: "those without a business as well", without: "include", change: { $0.mappings = ["contacts"] }),
    Case(name: "those without a business ignored", without: "ignore", change: { $0.mappings = ["contacts"] }),
  ]

  @Test(arguments: cases) func `a plan matches the requests of the run`(_ one: Case) async throws {
    let folder = TemporaryFolder()
    try await SandboxServer.withServer(SandboxOptions(contacts: 300, businesses: 3, seed: 5, limitScale: 1000)) {
      address, sandbox in
      let environment = SandboxRunTests.environment(address, folder)
      let text = try String(contentsOfFile: "\(SandboxRunTests.mappings)/waybill.yaml", encoding: .utf8)
      let (found, _) = PipelineDocument.read(
        file: "\(SandboxRunTests.mappings)/waybill.yaml",
        text: text.replacing("without_business: count", with: "without_business: \(one.without)"),
        environment: environment)
      let document = try #require(found)
      var options = SourceOptions(state: StateFolder(path: "\(folder.path)/.waybill"), environment: environment)
      one.change(&options)
      if options.businesses != nil { options.businesses = [sandbox.data.businessID(at: 0)] }
      let plan = try #require(await PlanEngine(document, options: options).run().plan)
      #expect(plan.basis == .api)
      let report = await RunEngine(document, options: RunEngine.Options(source: options)).run()
      #expect(report.exitCode == .done, "\(report.summary.messages)")
      let made = report.summary.requests.made
      #expect(abs(plan.requests - made) <= one.tolerance, "planned \(plan.requests), made \(made): \(plan.calls)")
      if let contacts = report.summary.entities.first(where: { $0.name == "contacts" }) {
        #expect(plan.contacts == contacts.read)
      }
      // The sandbox allows 100,000 in 10 s.
      #expect(plan.shards[0].seconds < 1)
      #expect(plan.shards[0].fits == true)
      // The same from the snapshot, without a call.
      guard options.limit == nil, options.businesses == nil else { return }
      let offline = try #require(await PlanEngine(document, options: options).run(asksSource: false).plan)
      #expect(offline.basis == .snapshot && offline.shards[0].fits == nil)
      if one.without != "ignore" { #expect(offline.requests == plan.requests) }
      var narrowed = options
      narrowed.requestBudget = 10
      #expect(await PlanEngine(document, options: narrowed).run(asksSource: false).plan?.shards[0].fits == false)
    }
  }

  @Test func `fields of the contact have their bare names`() async throws {
    let folder = TemporaryFolder()
    let environment = [
      "WAYBILL_SANDBOX_LOCATION": "a", "WAYBILL_SANDBOX_URL": "http://127.0.0.1:1", "WAYBILL_SANDBOX_TOKEN": "t",
    ]
    let document = try SandboxRunTests.document(environment)
    let options = SourceOptions(state: StateFolder(path: "\(folder.path)/.waybill"), environment: environment)
    let report = await PlanEngine(document, options: options).run(asksSource: false)
    let names = try #require(report.plan?.json["fields"]?.objectValue).map(\.name)
    #expect(names.contains("phone") && names.contains("task.title") && !names.contains { $0.hasPrefix("contact.") })
    // Asking needs the source.
    let asked = await PlanEngine(document, options: options).run()
    #expect(asked.exitCode == .unreachable)
  }
}
