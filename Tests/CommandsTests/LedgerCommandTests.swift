import Core
import Foundation
import Testing

@testable import Commands

@Suite("ledger and runs")
struct LedgerCommandTests {
  /// Three records, of which one is rejected and one has a warning, after a run.
  private static func withRun(_ body: (String) async throws -> Void) async throws {
    try await withFolder { folder in
      let fields =
        "fields: {id: id, email: {from: email, do: [email], required: true}, phone: {from: phone, do: [phone], on_error: nullify}}\n"
      let input = """
        {"id":"c1","email":"a@example.org","phone":"+14155552671"}
        {"id":"c2","email":"nothing","phone":"+14155552671"}
        {"id":"c3","email":"b@example.org","phone":"12"}

        """
      try SmallProject.write(in: folder, fields, input: input)
      #expect(await waybill("run", "--project", folder).code == .recordsFailed)
      try await body(folder)
    }
  }

  @Test func `a record's outcome is shown even if nothing was wrong with it`() async throws {
    try await Self.withRun { folder in
      let good = await waybill("ledger", "--project", folder, "--record", "c1")
      #expect(good.code == .done)
      #expect(
        good.output == """
          RECORD  MAPPING  LINE  DESTINATION  OUTCOME  REASON
          c1      m           1  files        written

          """, "\(good.output)")
      let rejected = await waybill("ledger", "latest", "--project", folder, "--record", "c2")
      #expect(rejected.output.contains("c2      m           2  files        rejected"), "\(rejected.output)")
      #expect(rejected.output.contains("email-invalid"))
      let json = try JSONReader.read(await waybill("ledger", "--project", folder, "--record", "c2", "--json").output)
      #expect(json["outcomes"]?.arrayValue?.first?["outcome"]?.stringValue == "rejected")
      #expect(json["lines"]?.arrayValue?.first?["code"]?.stringValue == "email-invalid")
    }
  }

  @Test func `a record's outcomes are printed in every format, with the reason of a rejection`() async throws {
    try await Self.withRun { folder in
      func shown(_ key: String, _ format: String) async -> String {
        await waybill("ledger", "--project", folder, "--record", key, "--format", format).output
      }
      let reason = "'email': no @"
      #expect(await shown("c2", "table").contains("rejected  \(reason)\n"))
      let lines = try await shown("c2", "ndjson").split(separator: "\n").map { try JSONReader.read(String($0)) }
      try #require(lines.count == 2)
      #expect(lines[0]["outcome"] == .string("rejected") && lines[0]["destination"] == .string("files"))
      #expect(lines[0]["code"] == .string("email-invalid") && lines[0]["field"] == .string("email"))
      #expect(lines[0]["reason"] == .string(reason) && lines[1]["message"] == .string(reason))
      let rows = await shown("c2", "csv").split(separator: "\n").map(String.init)
      try #require(rows.count == 3)
      #expect(rows[0].hasSuffix(",code,field,source,value,message,line,destination,outcome"))
      // Only the line below has the code, so it is counted once.
      #expect(rows[1].hasSuffix(",m,c2,,,,,,,\(reason),2,files,rejected"), "\(rows[1])")
      #expect(rows[2].hasSuffix(",\(reason),2,,"), "\(rows[2])")
      // Nothing was wrong with this one.
      #expect(await shown("c1", "csv").hasSuffix(",m,c1,,,,,,,,1,files,written\n"))
      let line = #","mapping":"m","record":"c1","destination":"files","outcome":"written","line":1}"# + "\n"
      #expect(await shown("c1", "ndjson").hasPrefix(#"{"run":""#))
      #expect(await shown("c1", "ndjson").hasSuffix(line))
      for format in [["--format", "table"], ["--format", "csv"], ["--format", "ndjson"], ["--json"]] {
        let unknown = await waybill(["ledger", "--project", folder, "--record", "zz"] + format)
        #expect(unknown.code == .inputMissing && unknown.output == "", "\(format): \(unknown.output)")
      }
      // Without --record, the columns stay as they were.
      #expect(await waybill("ledger", "--project", folder, "--format", "csv").output.contains(",message,line\n"))
    }
  }

  @Test func `a key that the run has not read is refused with a hint`() async throws {
    try await Self.withRun { folder in
      let unknown = await waybill("ledger", "--project", folder, "--record", "c22")
      #expect(unknown.code == .inputMissing && unknown.error.contains("did you mean 'c2'?"), "\(unknown.error)")
      let elsewhere = await waybill("ledger", "--project", folder, "--record", "c1", "--mapping", "other")
      #expect(elsewhere.code == .done && elsewhere.output.isEmpty)
    }
  }

  @Test func `a record's history has each run that read it, oldest first`() async throws {
    try await Self.withRun { folder in
      let input = "{\"id\":\"c2\",\"email\":\"c@example.org\",\"phone\":\"+14155552671\"}\n"
      try Data(input.utf8).write(to: URL(filePath: "\(folder)/in.ndjson"))
      #expect(await waybill("run", "--project", folder).code == .done)
      func history(_ key: String, _ more: String...) async -> Ended {
        await waybill(["ledger", "--project", folder, "--record", key, "--all-runs"] + more)
      }
      let table = await history("c2")
      #expect(table.code == .done && table.error.isEmpty, "\(table.error)")
      let lines = table.output.split(separator: "\n").map(String.init)
      #expect(lines.filter { $0.hasPrefix("run ") }.count == 2, "\(table.output)")
      #expect(lines.filter { $0.hasPrefix("c2 ") }.map { $0.contains("rejected") } == [true, false], "\(table.output)")
      let json = try JSONReader.read(await history("c2", "--json").output)
      let outcomes = json.arrayValue?.map { $0["outcomes"]?.arrayValue?.first?["outcome"]?.stringValue }
      #expect(outcomes == ["rejected", "written"])
      #expect(json.arrayValue?.map { $0["lines"]?.arrayValue?.count } == [1, 0])
      // There is nothing for the second run, which did not read it.
      #expect(try JSONReader.read(await history("c1", "--json").output).arrayValue?.count == 1)
      #expect(await history("c2", "--format", "csv").output.split(separator: "\n").count == 4)
      #expect(await history("c2", "--format", "ndjson").output.split(separator: "\n").count == 3)
      let unknown = await history("zz")
      #expect(
        unknown.code == .inputMissing && unknown.error.contains("no run has a record with the key 'zz'"), "\(unknown.error)")
      for format in [["--json"], ["--format", "csv"], ["--format", "ndjson"]] {
        let refused = await waybill(["ledger", "--project", folder, "--record", "zz", "--all-runs"] + format)
        #expect(refused.code == .inputMissing && refused.output.isEmpty, "\(format): \(refused.output)")
      }
      let elsewhere = await history("c2", "--mapping", "other", "--json")
      #expect(elsewhere.code == .done && elsewhere.output == "[]\n", "\(elsewhere.output)")
      #expect(elsewhere.error.contains("No run has matching outcomes or lines for this record."), "\(elsewhere.error)")
      #expect(await history("c2", "--code", "phone-invalid").code == .done)
      #expect(await history("c2", "--code", "phone-invalit").error.contains("did you mean 'phone-invalid'?"))
      // A run that failed before it read anything cannot have read the record.
      try FileManager.default.moveItem(atPath: "\(folder)/in.ndjson", toPath: "\(folder)/away.ndjson")
      #expect(await waybill("run", "--project", folder).code != .done)
      try FileManager.default.moveItem(atPath: "\(folder)/away.ndjson", toPath: "\(folder)/in.ndjson")
      let still = await history("zz")
      #expect(still.code == .inputMissing && still.error.contains("no run has a record with the key 'zz'"), "\(still.error)")
      let first = try #require(json.arrayValue?.first?["run"]?.stringValue)
      try FileManager.default.removeItem(atPath: "\(folder)/.waybill/runs/\(first)")
      let pruned = await history("c1")
      #expect(pruned.code == .done && pruned.output.isEmpty, "\(pruned.output)")
      #expect(pruned.error.contains("1 run has no outcomes file: the record may have been in it."), "\(pruned.error)")
      // The state still has the line that rejected it.
      let known = try JSONReader.read(await history("c2", "--json").output)
      #expect(known.arrayValue?.map { $0["outcomes"] == .null } == [true, false])
      #expect(known.arrayValue?.first?["lines"]?.arrayValue?.count == 1)
    }
  }

  @Test(arguments: [
    (["--all-runs"], "--all-runs requires --record KEY"),
    (["latest", "--record", "c1", "--all-runs"], "--all-runs cannot be used with the ID of a run"),
    (["--record", "c1", "--all-runs", "--limit", "1"], "--all-runs cannot be used with --limit"),
    (["--record", "c1", "--all-runs", "--group-by", "code"], "--all-runs cannot be used with --group-by"),
  ])
  func `a history is for one record and all runs`(_ arguments: [String], _ message: String) async throws {
    let refused = await waybill(["ledger"] + arguments)
    #expect(refused.code == .usage && refused.output.isEmpty && refused.error.contains(message), "\(refused.error)")
  }

  @Test func `a record's lines include those of its elements`() async throws {
    try await withFolder { folder in
      try SmallProject.write(
        in: folder, "fields: {id: id, n: {from: item.n, required: true}}\n",
        input: #"{"id":"c1","notes":[{"n":"a"},{"n":null}]}"# + "\n" + #"{"id":"c10","notes":[{"n":null}]}"# + "\n")
      let path = "\(folder)/m.yaml"
      let mapping = try String(contentsOfFile: path, encoding: .utf8)
      try mapping.replacing("key: id}\ntarget", with: "key: id, each: notes}\ntarget")
        .write(toFile: path, atomically: true, encoding: .utf8)
      #expect(await waybill("run", "--project", folder).code == .recordsFailed)
      for more in [[], ["--all-runs"]] {
        let shown = await waybill(["ledger", "--project", folder, "--record", "c1", "--format", "ndjson"] + more)
        let lines = try shown.output.split(separator: "\n").map { try JSONReader.read(String($0)) }
        #expect(lines.map { $0["record"]?.stringValue } == ["c1#0", "c1#1", "c1#1"], "\(more): \(shown.output)")
        #expect(lines.last?["code"] == .string("required"))
      }
    }
  }

  @Test func `lines are counted by columns, in every format`() async throws {
    try await Self.withRun { folder in
      func grouped(_ more: String...) async -> String {
        await waybill(["ledger", "--project", folder, "--group-by", "code,field"] + more).output
      }
      #expect(await grouped() == "COUNT  CODE           FIELD\n    1  email-invalid  email\n    1  phone-invalid  phone\n")
      #expect(await grouped("--format", "csv") == "code,field,count\nemail-invalid,email,1\nphone-invalid,phone,1\n")
      #expect(
        await grouped("--field", "phone", "--format", "ndjson") == #"{"code":"phone-invalid","field":"phone","count":1}"# + "\n")
      let json = try JSONReader.read(await grouped("--json", "--limit", "1"))
      #expect(json.arrayValue?.map { $0["count"] } == [.number(1)])
      let wrong = await waybill("ledger", "--project", folder, "--group-by", "code,colour")
      #expect(wrong.code == .usage && wrong.error.contains("mapping, stage, severity, code, field or record"), "\(wrong.error)")
    }
  }

  @Test func `only the lines of a field are shown, and a misspelt one gets a hint`() async throws {
    try await Self.withRun { folder in
      let phone = await waybill("ledger", "--project", folder, "--field", "phone", "--format", "ndjson")
      #expect(phone.output.split(separator: "\n").count == 1)
      let none = await waybill("ledger", "--project", folder, "--field", "phon")
      #expect(none.code == .done && none.error.contains("did you mean 'phone'?"), "\(none.error)")
    }
  }

  @Test func `a failed gate is reported once, and each command to copy is on a line of its own`() async throws {
    try await withFolder { folder in
      try SmallProject.write(
        in: folder, "fields: {id: id, email: {from: email, do: [email], required: true}}\n",
        input: #"{"id":"c1","email":"nothing"}"# + "\n", more: "gates: {rejected: {max_percent: 1}}\n")
      let ended = await waybill("run", "--project", folder)
      #expect(ended.code == .gateFailed)
      #expect(ended.error.split(separator: "rejected of m: 100 percent").count == 2, "\(ended.error)")
      let lines = ended.error.split(separator: "\n").map(String.init)
      let commands = lines.filter { $0.hasPrefix("  waybill ") }
      #expect(commands.count == 3, "\(ended.error)")
      #expect(commands.last?.contains(" --accept-gate rejected") == true)
      for (line, next) in zip(lines, lines.dropFirst()) where next.hasPrefix("  waybill ") { #expect(line.hasSuffix(":")) }
      let json = await waybill("run", "--project", folder, "--log-format", "json")
      #expect(json.error.split(separator: "\n").allSatisfy { (try? JSONReader.read(String($0))) != nil })
      #expect(json.error.contains("See why: waybill ledger "), "\(json.error)")
    }
  }

  @Test func `a run that did not compile keeps the errors, and says how to check them`() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder, "fields: {id: id, name: {from: nme}, x: {from: id, do: [trimm]}}\n")
      let pipeline = folder + "/other.yaml"
      try FileManager.default.moveItem(atPath: folder + "/waybill.yaml", toPath: pipeline)
      let ended = await waybill("run", pipeline, "--project", folder)
      #expect(ended.code == .wrongFile)
      #expect(ended.error.contains("waybill: 2 errors in the pipeline's files\n"), "\(ended.error)")
      let check = ended.error.split(separator: "\n").last.map(String.init) ?? ""
      #expect(check == "  waybill check \(pipeline) --project \(folder)")
      #expect(await waybill(check.split(separator: " ").dropFirst().map(String.init)).code == .wrongFile)
      let shown = await waybill("runs", "show", "latest", "--project", folder).output
      #expect(shown.contains("\n2 errors in the pipeline's files\n\(folder)/m.yaml:"), "\(shown)")
      #expect(shown.contains("error: unknown-function: there is no function 'trimm' (did you mean 'trim'?)\n"), "\(shown)")
      let json = try JSONReader.read(await waybill("runs", "show", "--project", folder, "--json").output)
      #expect(json["diagnostics"]?.arrayValue?.count == 2)
      #expect(!shown.contains("waybill check"))
    }
  }

  @Test func `runs show prints why a run did not end well`() async throws {
    try await Self.withRun { folder in
      let shown = await waybill("runs", "show", "latest", "--project", folder)
      #expect(shown.output.contains("1 of 3 records of 'm' were rejected\n"), "\(shown.output)")
      try FileManager.default.removeItem(atPath: folder + "/in.ndjson")
      #expect(await waybill("run", "--project", folder).code == .inputMissing)
      let failed = await waybill("runs", "show", "--project", folder)
      #expect(failed.output.contains("in.ndjson"), "\(failed.output)")
    }
  }
}
