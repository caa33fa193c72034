import Core
import Foundation
import Report
import Testing

@testable import Commands

@Suite("history and runs compare")
struct HistoryCommandTests {
  private static let fields =
    "fields: {id: id, email: {from: email, do: [email], required: true}, phone: {from: phone, do: [phone], on_error: nullify}}\n"

  /// Two whole runs: three records, of which one is rejected and one has a warning; then one good record.
  private static func withRuns(_ body: (_ folder: String, _ first: String) async throws -> Void) async throws {
    try await withFolder { folder in
      let input = """
        {"id":"c1","email":"a@example.org","phone":"+14155552671"}
        {"id":"c2","email":"nothing","phone":"+14155552671"}
        {"id":"c3","email":"b@example.org","phone":"12"}

        """
      try SmallProject.write(in: folder, fields, input: input)
      #expect(await waybill("run", "--project", folder).code == .recordsFailed)
      let first = try JSONReader.read(await waybill("history", "--project", folder, "--json").output)
      let id = try #require(first.arrayValue?.first?["run"]?.stringValue)
      #expect(first.arrayValue?.first?["compared_with"] == .null)
      let alone = await waybill("runs", "compare", "--project", folder)
      #expect(alone.code == .done && alone.output.isEmpty && alone.error.contains("has no earlier whole run"), "\(alone.error)")
      try Data("{\"id\":\"c2\",\"email\":\"c@example.org\",\"phone\":\"+14155552671\"}\n".utf8)
        .write(to: URL(filePath: "\(folder)/in.ndjson"))
      #expect(await waybill("run", "--project", folder).code == .done)
      try await body(folder, id)
    }
  }

  @Test func `each run is compared with the whole run before it, and narrowed and dry runs are not`() async throws {
    try await Self.withRuns { folder, first in
      _ = await waybill("run", "--project", folder, "--limit", "1")
      _ = await waybill("run", "--project", folder, "--dry-run")
      let table = await waybill("history", "--project", folder)
      #expect(table.code == .done && table.error.isEmpty, "\(table.error)")
      let lines = table.output.split(separator: "\n").map(String.init)
      try #require(lines.count == 5, "\(table.output)")
      #expect(lines[0].hasPrefix("STARTED           STATUS "))
      #expect(lines[1].hasSuffix("not compared: the run was a dry run"), "\(lines[1])")
      #expect(lines[2].hasSuffix("not compared: the run was narrowed: at most 1 record"), "\(lines[2])")
      let changes =
        "read -2 (-66.7 %), loaded -1 (-50.0 %), rejected -1 (-100 %), warnings -1 (-100 %); gone: email-invalid, phone-invalid"
      #expect(lines[3].hasSuffix(changes), "\(lines[3])")
      #expect(lines[4].hasSuffix("the first whole run") && lines[4].contains(first), "\(lines[4])")
      let json = try JSONReader.read(await waybill("history", "--project", folder, "--json", "--limit", "3").output)
      let runs = try #require(json.arrayValue)
      #expect(runs.map { $0["kind"]?.stringValue } == ["dry", "narrowed", "whole"])
      #expect(runs[2]["compared_with"] == .string(first) && runs[2]["changes"]?["read"]?["difference"] == .number(-2))
      #expect(runs[2]["mappings"]?["m"]?["key"] == .string("contact id"))
      #expect(runs[2]["mappings"]?["m"]?["destinations"]?["files"] == .object([.init("written", .number(1))]))
    }
  }

  @Test func `figures and comparisons stay when the folders of the runs are gone`() async throws {
    try await Self.withRuns { folder, _ in
      func all() async -> [String] {
        let commands = [["history"], ["history", "--code", "email-invalid"], ["runs", "compare"], ["history", "--json"]]
        var outputs: [String] = []
        for command in commands { outputs.append(await waybill(command + ["--project", folder]).output) }
        return outputs
      }
      let before = await all()
      #expect(before.allSatisfy { !$0.isEmpty })
      try FileManager.default.removeItem(atPath: "\(folder)/.waybill/runs")
      #expect(await all() == before)
    }
  }

  @Test func `a code has its count in each run, and an unknown one a hint`() async throws {
    try await Self.withRuns { folder, first in
      func history(_ code: String, _ more: String...) async -> Ended {
        await waybill(["history", "--project", folder, "--code", code] + more)
      }
      let table = await history("email-invalid")
      let lines = table.output.split(separator: "\n").map(String.init)
      try #require(lines.count == 4, "\(table.output)")
      #expect(lines[0].hasPrefix("STARTED           STATUS   m  RUN"), "\(lines[0])")
      #expect(lines[1].contains("done     0  ") && lines[2].contains("partial  1  \(first)"), "\(table.output)")
      #expect(lines[3] == "m  1 0  1 to 0")
      let json = try JSONReader.read(await history("email-invalid", "--json").output)
      #expect(json.arrayValue?.map { $0["count"] } == [.number(0), .number(1)])
      #expect(json.arrayValue?.last?["mappings"] == .object([.init("m", .number(1))]))
      let never = await history("lookup-miss")
      #expect(never.code == .done && never.error.contains("No run has the code 'lookup-miss'"), "\(never.error)")
      let unknown = await history("email-invalit")
      #expect(unknown.code == .usage && unknown.error.contains("did you mean 'email-invalid'?"), "\(unknown.error)")
    }
  }

  @Test func `names that no run has are refused with a hint`() async throws {
    try await Self.withRuns { folder, _ in
      for (option, name, hint) in [
        ("--pipeline", "smal", "did you mean 'small'?"), ("--mapping", "n", "known: m"), ("--location", "file", "'files'"),
      ] {
        let ended = await waybill("history", "--project", folder, option, name)
        #expect(ended.code == .usage && ended.error.contains(hint), "\(ended.error)")
      }
      let chosen = ["--pipeline", "small", "--location", "files", "--mapping", "m"]
      #expect(await waybill(["history", "--project", folder] + chosen).code == .done)
    }
    try await withFolder { folder in
      let none = await waybill("history", "--project", folder, "--json")
      #expect(none.code == .done && none.output == "[]\n" && none.error.contains("There are no runs"), "\(none.error)")
    }
  }

  @Test func `two runs are compared, with what makes them incomparable`() async throws {
    try await Self.withRuns { folder, first in
      func compare(_ arguments: String...) async -> Ended {
        await waybill(["runs", "compare", "--project", folder] + arguments)
      }
      let same = await compare()
      #expect(same.code == .done && same.error.isEmpty, "\(same.error)")
      #expect(same.output.contains("\ngone codes: email-invalid, phone-invalid\n"), "\(same.output)")
      #expect(same.output.contains("\nthe pipeline and its mappings are the same\n"), "\(same.output)")
      #expect(!same.output.contains("not comparable"))
      let json = try JSONReader.read(await compare("latest", "--json").output)
      #expect(json["comparable"] == .bool(true) && json["definitions"] == .array([]))
      #expect(json["before"]?["run"] == .string(first))
      #expect(json["mappings"]?["m"]?["destinations"]?["files"]?["rejected"]?["difference"] == .number(-1))
      #expect(json["gone_codes"]?.arrayValue?.count == 2 && json["new_codes"]?.arrayValue?.isEmpty == true)
      // Another mapping, and fewer records.
      let path = "\(folder)/m.yaml"
      let mapping = try String(contentsOfFile: path, encoding: .utf8)
      try (mapping + "# changed\n").write(toFile: path, atomically: true, encoding: .utf8)
      _ = await waybill("run", "--project", folder, "--limit", "1")
      let other = await compare(first, "latest")
      #expect(other.code == .done && other.output.contains("\nnot comparable: run "), "\(other.output)")
      #expect(other.output.contains("was narrowed: at most 1 record\n") && other.output.contains("changed files: m.yaml\n"))
      #expect(await compare("a", "b", "c").code == .usage)
      #expect(await compare("nothing").code == .inputMissing)
      let twice = await compare(first, first)
      #expect(twice.code == .usage && twice.error.contains("both runs are \(first)"), "\(twice.error)")
    }
  }

  @Test(arguments: [80, 120])
  func `comparisons and histories fit into a terminal`(columns: Int) {
    var (before, after) = (
      RunFigures(run: "20260724T020000000Z-00aa2m", pipeline: "夜間-nightly", status: .done, started: "2026-07-24T02:00:00Z"),
      RunFigures(run: "20260725T020000000Z-00kq2m", pipeline: "夜間-nightly", status: .gateFailed, started: "2026-07-25T02:00:00Z")
    )
    var outcomes = OutcomeCounts()
    outcomes[.created] = 1_234_567
    before.kind = .whole
    before.mappings = [.init("people", read: 1_234_567, destinations: [.init("your-app", outcomes)], codes: ["email-invalid": 1])]
    after.mappings = [.init("people", read: 1_234_600, destinations: [.init("your-app", outcomes)], codes: ["lookup-miss": 12])]
    for index in 0..<40 { after.mappings?[0].codes[Name("code-\(index)")] = index }
    after.gates = [.init("rejected", subject: "people", limit: 2, actual: 3.25, .failed)]
    after.definitions = [:]
    before.definitions = ["mappings/people.yaml": "ab"]
    let comparison = RunComparisonText(RunComparison(before: before, after: after)).text(fitting: columns)
    let rows = [HistoryRow(run: after, previous: before), HistoryRow(run: before)]
    let history = HistoryText(rows: rows).text(fitting: columns)
    let code = CodeHistoryText(code: "email-invalid", rows: rows, isPlain: false).text(fitting: columns)
    for text in [comparison, history, code] {
      for line in text.split(separator: "\n") { #expect(CellWidth.of(line) <= columns, "\(line)") }
    }
    #expect(history.contains("1 FAILED") && history.contains("read +33 (<0.1 %)"), "\(history)")
    #expect(comparison.contains("changed files: mappings/people.yaml (gone)\n"), "\(comparison)")
    #expect(code.hasSuffix("\npeople  █▁  1 to 0\n"), "\(code)")
  }

  @Test func `bars are for terminals that can show them`() {
    #expect(Sparkline.text(of: [0, 1, 4, nil, 8]) == "▁▂▅ █")
    #expect(Sparkline.text(of: [0, 0]) == "▁▁" && Sparkline.text(of: []) == "")
    func isShown(_ environment: [String: String], isTerminal: Bool = true) -> Bool {
      let console = Console(
        writeOutput: { _ in }, writeError: { _ in }, isErrorTerminal: true, isOutputTerminal: isTerminal, hasColour: false,
        width: { 80 })
      return Sparkline.isShown(on: console, environment: environment)
    }
    #expect(isShown(["LANG": "en_US.UTF-8"]) && isShown(["LC_ALL": "", "LC_CTYPE": "C.utf8", "LANG": "C"]))
    #expect(!isShown(["LANG": "en_US.UTF-8"], isTerminal: false) && !isShown(["LANG": "C"]) && !isShown([:]))
    #expect(!isShown(["LC_ALL": "C", "LANG": "en_US.UTF-8"]))
    #expect(!isShown(["LANG": "en_US.UTF-8", "NO_COLOR": "1"]) && !isShown(["LANG": "en_US.UTF-8", "TERM": "dumb"]))
  }
}
