import Core
import Foundation
import Glibc
import Sandbox
import TestSupport
import Testing

@testable import Commands

/// `waybill replay`, against Your App of the sandbox.
@Suite struct ReplayCommandTests {
  private static let mapping = """
    mapping: 1
    name: contacts
    source: {entity: person, key: id}
    target: {entity: contact, key: contactId}
    lookups: {states: {A: active}}
    fields:
      contactId: id
      name: name
      status: {from: state, do: [{lookup: {table: states}}]}
      createdAt: {const: "2026-01-01T00:00:00Z"}
    """

  private static let pipeline = """
    pipeline: app
    source: {ndjson: {person: people.ndjson}}
    mappings: [contacts.yaml]
    destinations:
      app:
        http:
          base_url: ${APP_URL}
          auth: {bearer: {env: APP_TOKEN}}
          idempotency: {header: Idempotency-Key}
          responses: {preset: problem+json}
          mappings:
            contacts:
              create: POST /contacts
              update: "PUT /contacts/{remote_id}"
              find: {request: "GET /contacts?contactId={key}", items: items}
              remote_id: id
    """

  /// One in five is rejected.
  private static func write(_ folder: String, _ count: Int) throws {
    try pipeline.write(toFile: "\(folder)/waybill.yaml", atomically: true, encoding: .utf8)
    try mapping.write(toFile: "\(folder)/contacts.yaml", atomically: true, encoding: .utf8)
    let lines = (0..<count).map { #"{"id":"c\#($0)","name":"Ann \#($0)","state":"\#($0 % 5 == 0 ? "X" : "A")"}"# + "\n" }
    try lines.joined().write(toFile: "\(folder)/people.ndjson", atomically: true, encoding: .utf8)
  }

  private static func fix(_ folder: String) throws {
    try mapping.replacing("{A: active}", with: "{A: active, X: prospect}").replacing(
      "name: name", with: "name: {from: name, do: [upper]}"
    )
    .write(toFile: "\(folder)/contacts.yaml", atomically: true, encoding: .utf8)
  }

  private static func withApp(
    _ count: Int,
    _ body: @escaping @Sendable (_ folder: String, _ environment: [String: String], _ sandbox: Sandbox) async throws -> Void
  ) async throws {
    try await withFolder { folder in
      try write(folder, count)
      try await SandboxServer.withServer(SandboxOptions(contacts: 1, businesses: 1, limitScale: 1000)) { address, sandbox in
        try await body(folder, ["APP_URL": address.appBaseURL, "APP_TOKEN": address.appToken], sandbox)
      }
    }
  }

  private static func runs(_ folder: String) async throws -> [JSONValue] {
    try JSONReader.read(await waybill("runs", "list", "--json", "--project", folder).output).arrayValue ?? []
  }

  @Test func `the open records are sent, and every command says what became of them`() async throws {
    try await Self.withApp(20) { folder, environment, sandbox in
      func waybill(_ arguments: String...) async -> Ended {
        await command(arguments + ["--project", folder], environment)
      }
      #expect(await waybill("run").code == .recordsFailed)
      let origin = try #require(try await Self.runs(folder).first?["run"]?.stringValue)
      let open = await waybill("ledger", "--open", "--format", "ndjson")
      #expect(open.output.split(separator: "\n").count == 4)
      // Nothing has been fixed yet.
      let same = await waybill("replay")
      #expect(same.code == .recordsFailed && same.error.contains("Run \(origin) has 4 open records at 'app'."), "\(same.error)")
      #expect(
        same.output.contains("replay of \(origin)\n") && same.output.contains("\n4 open records: 4 to replay\n"), "\(same.output)"
      )
      #expect(same.output.contains("resolved in run \(origin): 0 of 4\n"))
      #expect(
        same.error.contains("4 records are still open:\n  waybill ledger \(origin) --project \(folder) --open\n"), "\(same.error)"
      )
      try Self.fix(folder)
      #expect(sandbox.app.statistics.byStatus[201] == 16)
      let one = await waybill("replay", origin, "--record", "c5", "--json")
      let summaries = try #require(try JSONReader.read(one.output).arrayValue)
      let summary = try #require(summaries.first)
      #expect(
        one.code == .done && summaries.count == 1 && summary["replay"]?["of"] == .string(origin)
          && summary["replay"]?["resolved"] == .number(1))
      #expect(summary["narrowed"]?["replay"] == .string(origin))
      let rest = await waybill("replay")
      #expect(rest.code == .done && rest.output.contains("resolved in run \(origin): 3 of 3\n"), "\(rest.output)\(rest.error)")
      #expect(sandbox.app.statistics.byStatus[201] == 20)
      let nothing = await waybill("replay")
      #expect(nothing.code == .done && nothing.output == "")
      let none = await waybill("replay", "--json")
      #expect(none.code == .done && none.output == "[]\n", "\(none.output)")
      #expect(
        nothing.error.contains("Run \(origin) has no open records.")
          && nothing.error.contains("4 records have been resolved since."))

      let list = try await Self.runs(folder)
      #expect(list.map { $0["replay_of"] == .string(origin) } == [true, true, true, false])
      #expect(await waybill("runs", "list").output.contains("done, replay"))
      #expect(await waybill("runs", "show", origin).output.contains("resolved: 4 records (3 by "))
      #expect(await waybill("ledger", origin, "--open").error.contains("has no open errors."))
      let table = await waybill("ledger", origin).output
      #expect(table.contains("RESOLVED") && table.contains("created by 20"), "\(table)")
      let csv = await waybill("ledger", origin, "--format", "csv").output
      #expect(csv.split(separator: "\n").first?.hasSuffix(",line,resolved_by,resolved_outcome") == true, "\(csv)")
      #expect(csv.split(separator: "\n").dropFirst().allSatisfy { $0.hasSuffix(",created") })
      let json = try JSONReader.read(await waybill("ledger", origin, "--json").output).arrayValue ?? []
      #expect(json.count == 4 && json.allSatisfy { $0["resolved"]?["outcome"] == .string("created") })
    }
  }

  @Test func `what does not exist is refused with a hint, and what is not open is said`() async throws {
    try await Self.withApp(10) { folder, environment, sandbox in
      func waybill(_ arguments: String...) async -> Ended {
        await command(arguments + ["--project", folder], environment)
      }
      let early = await waybill("replay")
      #expect(early.code == .inputMissing && early.error.contains("there are no runs in"), "\(early.error)")
      #expect(await waybill("run").code == .recordsFailed)
      let requests = sandbox.app.statistics.requests
      for (arguments, code, message) in [
        (["2031"], Core.ExitCode.inputMissing, "there is no run '2031'"),
        (["--code", "lookup-mis"], .usage, "did you mean 'lookup-miss'?"),
        (["--record", "c11"], .inputMissing, "has no record with the key 'c11'"),
        (["--mapping", "contact"], .usage, "did you mean 'contacts'?"),
        (["--to", "ap"], .usage, "did you mean 'app'?"),
        (["--threads", "0"], .usage, "--threads 0: it must be from 1 to 256"),
        (["--record", "c1"], .done, "has no such open records."),
        (["--code", "required"], .done, "has no such open records."),
      ] {
        let ended = await command(["replay"] + arguments + ["--project", folder], environment)
        #expect(
          ended.code == code && ended.error.contains(message) && ended.output == "", "\(arguments): \(ended.code) \(ended.error)")
      }
      try "mapping: 2\n".write(toFile: "\(folder)/contacts.yaml", atomically: true, encoding: .utf8)
      let broken = await waybill("replay")
      #expect(broken.code == .wrongFile && broken.error.contains("nothing was started"), "\(broken.error)")
      #expect(sandbox.app.statistics.requests == requests)
      #expect(try await Self.runs(folder).count == 1)
    }
  }

  @Test func `what a replay has sent and an undo has taken back is open again`() async throws {
    try await Self.withApp(10) { folder, environment, sandbox in
      func waybill(_ arguments: String...) async -> Ended {
        await command(arguments + ["--project", folder], environment)
      }
      let saving = Self.pipeline.split(separator: "\n").map { line in
        let indent = line.prefix { $0 == " " }
        return line.hasSuffix("remote_id: id")
          ? "\(line)\n\(indent)delete: \"DELETE /contacts/{remote_id}\"\n\(indent)before: save" : String(line)
      }
      try saving.joined(separator: "\n").write(toFile: "\(folder)/waybill.yaml", atomically: true, encoding: .utf8)
      #expect(await waybill("run").code == .recordsFailed)
      try Self.fix(folder)
      let first = await waybill("replay")
      #expect(first.code == .done, "\(first.error)")
      let runs = try await Self.runs(folder).compactMap { $0["run"]?.stringValue }
      try #require(runs.count == 2)
      #expect(await waybill("ledger", runs[1], "--open").output == "")
      let trial = await waybill("undo", runs[0], "--dry-run")
      #expect(trial.output.contains("2 removed"), "\(trial.output)\(trial.error)")
      #expect(await waybill("ledger", runs[1], "--open").output == "")
      #expect(await waybill("undo", runs[0]).code == .done)
      let open = await waybill("ledger", runs[1], "--open", "--format", "ndjson")
      #expect(open.output.split(separator: "\n").count == 2, "\(open.output)")
      let again = await waybill("replay")
      #expect(
        again.code == .done && again.output.contains("resolved in run \(runs[1]): 2 of 2\n"), "\(again.output)\(again.error)")
      #expect(sandbox.app.statistics.byStatus[201] == 12)
      #expect(await waybill("ledger", runs[1], "--open").output == "")
    }
  }

  /// The program itself: it dies at the nth call, with intents open and responses under way.
  @Test(arguments: [1, 2, 5, 9, 14]) func `a replay that is killed while it sends ends the same`(_ calls: Int) async throws {
    try await Self.withApp(100) { folder, environment, sandbox in
      #expect(await command(["run", "--project", folder], environment).code == .recordsFailed)
      try Self.fix(folder)
      let origin = try #require(try await Self.runs(folder).first?["run"]?.stringValue)
      let before = sandbox.app.statistics.requests
      let process = try SpawnedProcess(
        [InterruptionTests.program.path, "replay", "--project", folder], environment: environment)
      var ending: SpawnedProcess.Ending?
      while ending == nil, sandbox.app.statistics.requests < before + calls {
        ending = process.poll()
        await Task.yield()
      }
      process.send(SIGKILL)
      ending = ending ?? process.wait()
      let replay = try #require(try await Self.runs(folder).first?["run"]?.stringValue)
      let isResumed = calls % 2 == 1 && ending == .signal(SIGKILL) && replay != origin
      let last = await command(
        (isResumed ? ["run", "--resume", replay] : ["replay"]) + ["--project", folder], environment)
      #expect(last.code == .done, "\(last.output)\(last.error)")
      let open = await command(["ledger", origin, "--open", "--project", folder], environment)
      #expect(open.output == "", "\(open.output)")
      // 80 by the run, and 20 by the replays: none twice, and none of the others again.
      #expect(sandbox.app.statistics.byStatus[201] == 100 + sandbox.app.statistics.replays)
      let shown = await command(["runs", "show", origin, "--project", folder], environment)
      #expect(shown.output.contains("resolved: 20 records"), "\(shown.output)")
    }
  }

  // MARK: Corrected tables

  @Test func `a table of rejects that was corrected is replayed, and every command says so`() async throws {
    try await Self.withApp(100) { folder, environment, sandbox in
      func waybill(_ arguments: String...) async -> Ended {
        await command(arguments + ["--project", folder], environment)
      }
      #expect(await waybill("run").code == .recordsFailed)
      let origin = try #require(try await Self.runs(folder).first?["run"]?.stringValue)
      let path = "\(folder)/rejects.csv"
      #expect(await waybill("rejects", "--output", path).code == .done)
      let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
      try #require(lines.count == 21)
      // As a spreadsheet of another country saves it, without the last two records; one is not corrected.
      let spread = ([lines[0]] + lines[1...17].map { $0.replacing(",X,", with: ",A,") } + [lines[18]]).map {
        $0.replacing(",", with: ";")
      }
      .joined(separator: "\r\n")
      try (spread + "\r\n").write(toFile: path, atomically: true, encoding: .utf8)
      let dry = await waybill("replay", "--from", path, "--dry-run")
      #expect(dry.code == .recordsFailed && sandbox.app.statistics.byStatus[201] == 80, "\(dry.output)\(dry.error)")
      #expect(dry.error.contains("Run \(origin) has 18 open records of \(path) at 'app'."), "\(dry.error)")
      #expect(dry.output.contains("\ncorrected in \(path): 17 of 18 rows (state 17)\n"), "\(dry.output)")
      let replay = await waybill("replay", "--from", path, "--json")
      let corrections = try JSONReader.read(replay.output).arrayValue?.first?["replay"]?["corrections"]
      #expect(
        corrections?.text == #"{"file":"\#(path)","mapping":"contacts","rows":18,"corrected":17,"skipped":0,"#
          + #""columns":[{"column":"state","rows":17}],"reformatted":[]}"#, "\(replay.output)")
      #expect(replay.code == .recordsFailed && sandbox.app.statistics.byStatus[201] == 97, "\(replay.error)")
      let all = ([lines[0]] + lines[1...].map { $0.replacing(",X,", with: ",A,") }).joined(separator: "\n")
      try all.write(toFile: path, atomically: true, encoding: .utf8)
      let rest = await waybill("replay", "--from", path)
      #expect(rest.code == .done && sandbox.app.statistics.byStatus[201] == 100, "\(rest.output)\(rest.error)")
      #expect(rest.output.contains("\ncorrected in \(path): 3 of 20 rows (state 3)\n"), "\(rest.output)")
      #expect(
        rest.error.contains("17 rows of \(path) were skipped: nothing is open for their records at 'app'")
          && rest.error.contains("the source still has the old values"), "\(rest.error)")
      let nothing = await waybill("replay", "--from", path)
      #expect(nothing.code == .done && nothing.error.contains("Run \(origin) has no such open records."), "\(nothing.error)")
      let shown = await waybill("runs", "show")
      #expect(shown.output.contains("corrected in \(path): 3 of 20 rows"), "\(shown.output)")
      #expect(await waybill("ledger", origin, "--open").output == "")
    }
  }

  @Test func `a table that cannot be used is refused with what to do, and nothing is sent`() async throws {
    try await Self.withApp(20) { folder, environment, sandbox in
      #expect(await command(["run", "--project", folder], environment).code == .recordsFailed)
      let path = "\(folder)/rejects.csv"
      #expect(await command(["rejects", "--output", path, "--project", folder], environment).code == .done)
      let table = try String(contentsOfFile: path, encoding: .utf8)
      let requests = sandbox.app.statistics.requests
      for (arguments, text, code, message) in [
        (
          ["--from", path], table.replacing(",X,", with: ",#NAME?,"), Core.ExitCode.wrongFile,
          "\(path):2: column 'state': the cell has"
        ),
        (
          ["--from", path], table.replacing("state", with: "states"), .wrongFile, "\(path):1: the rejects have no column 'states'"
        ),
        (["--from", path], "", .wrongFile, "\(path) has no rows"),
        (
          ["--from", path, "--changed", "stat"], table, .usage,
          "--changed: the table has no column 'stat' of the source; did you mean"
        ),
        (["--from", path, "--mapping", "contact"], table, .usage, "has rejects of 'contacts'"),
        (["--from", "\(folder)/none.csv"], table, .inputMissing, "there is no file \(folder)/none.csv"),
        (["--from", path, "--code", "lookup-miss"], table, .usage, "--from cannot be used with --code or --record"),
        (["--changed", "state"], table, .usage, "--changed requires --from"),
      ] {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let ended = await command(["replay"] + arguments + ["--project", folder], environment)
        #expect(
          ended.code == code && ended.error.contains(message) && ended.output == "", "\(arguments): \(ended.code) \(ended.error)")
      }
      #expect(sandbox.app.statistics.requests == requests)
      #expect(try await Self.runs(folder).count == 1)
    }
  }

  /// The program itself: it dies at the nth call.
  @Test(arguments: [1, 4, 9]) func `a replay of a corrected table that is killed while it sends ends the same`(_ calls: Int)
    async throws
  {
    try await Self.withApp(100) { folder, environment, sandbox in
      #expect(await command(["run", "--project", folder], environment).code == .recordsFailed)
      let origin = try #require(try await Self.runs(folder).first?["run"]?.stringValue)
      let path = "\(folder)/rejects.csv"
      #expect(await command(["rejects", "--output", path, "--project", folder], environment).code == .done)
      let table = try String(contentsOfFile: path, encoding: .utf8).replacing(",X,", with: ",A,")
      try table.write(toFile: path, atomically: true, encoding: .utf8)
      let before = sandbox.app.statistics.requests
      let process = try SpawnedProcess(
        [InterruptionTests.program.path, "replay", "--from", path, "--project", folder], environment: environment)
      var ending: SpawnedProcess.Ending?
      while ending == nil, sandbox.app.statistics.requests < before + calls {
        ending = process.poll()
        await Task.yield()
      }
      process.send(SIGKILL)
      ending = ending ?? process.wait()
      let replay = try #require(try await Self.runs(folder).first?["run"]?.stringValue)
      let isResumed = calls != 4 && ending == .signal(SIGKILL) && replay != origin
      if isResumed { try FileManager.default.removeItem(atPath: path) }
      let last = await command(
        (isResumed ? ["run", "--resume", replay] : ["replay", "--from", path]) + ["--project", folder], environment)
      #expect(last.code == .done, "\(last.output)\(last.error)")
      #expect(sandbox.app.statistics.byStatus[201] == 100 + sandbox.app.statistics.replays)
      #expect(await command(["ledger", origin, "--open", "--project", folder], environment).output == "")
    }
  }
}

private func command(_ arguments: [String], _ environment: [String: String]) async -> Ended {
  await waybill(arguments, environment: environment)
}
