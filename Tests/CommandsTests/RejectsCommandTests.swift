import Core
import Foundation
import Testing

@testable import Commands

@Suite("rejects")
struct RejectsCommandTests {
  private static let fields =
    "fields: {id: id, email: {from: email, do: [email], required: true}, phone: {from: phone, required: true}}\n"
  private static let input = """
    {"id":"c1","email":"a@example.org","phone":null,"note":"=1+1"}
    {"id":"c2","email":"nothing","phone":"+1415","note":"a, \\"b\\"\\nc"}
    {"id":"c3","email":"b@example.org","phone":"+14155552671"}
    {"id":"c4","email":"none","destination":"Köln"}

    """

  private static let email = #""Correct the email address in 'email', or clear it if it is not known.""#

  private static func withRun(
    fields: String = fields, input: String = input, _ body: (String) async throws -> Void
  ) async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder, fields, input: input)
      #expect([.done, .recordsFailed].contains(await waybill("run", "--project", folder).code))
      try await body(folder)
    }
  }

  private static func id(_ folder: String) async -> String {
    await waybill("runs", "list", "--project", folder).output.split(separator: "\n").last?.prefix { $0 != " " }.description ?? ""
  }

  @Test func `the most frequent cause comes first, with the columns of the source`() async throws {
    try await Self.withRun { folder in
      let run = await Self.id(folder)
      let rejects = await waybill("rejects", "--project", folder)
      #expect(rejects.code == .done)
      #expect(
        rejects.output == """
          run,mapping,record,line,destination,outcome,code,field,message,problems,what_to_do,id,email,phone,note,source.destination,unparsed
          \(run),m,c2,2,,rejected,email-invalid,email,'email': no @,'email': no @,\(Self.email),c2,nothing,'+1415,"a, ""b""
          c",,
          \(run),m,c4,4,,rejected,email-invalid,email,'email': no @,'email': no @; 'phone' is required and has no value,\(Self.email),c4,none,,,Köln,
          \(run),m,c1,1,,rejected,required,phone,'phone' is required and has no value,'phone' is required and has no value,Fill in 'phone' in the source record.,c1,a@example.org,,'=1+1,,

          """, "\(rejects.output)")
      #expect(
        rejects.error == "3 rows of run \(run) written:\n  2 email-invalid in email\n  1 required in phone\n",
        "\(rejects.error)")
    }
  }

  @Test func `rows with the same message are together, in the order of the input`() async throws {
    let emails = ["a@", "x", "b@", "y", "b@", "z", "c@"]
    let input = emails.enumerated().map { #"{"id":"\#($0)","email":"\#($1)","phone":"+14155552671"}"# + "\n" }.joined()
    let good = "{\"id\":\"c3\",\"email\":\"b@example.org\",\"phone\":\"+14155552671\"}\n"
    try await Self.withRun(input: input + good) { folder in
      let output = await waybill("rejects", "--project", folder).output
      let rows = output.split(separator: "\n").dropFirst().map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      // Only the messages differ: four rows have nothing after the @, three have no @.
      #expect(rows.map { $0[2] } == ["0", "2", "4", "6", "1", "3", "5"], "\(output)")
      #expect(Set(rows.prefix(4).map { $0[8] }).count == 1 && Set(rows.suffix(3).map { $0[8] }).count == 1, "\(output)")
      #expect(Set(rows.map { $0[6] }) == ["email-invalid"])
    }
  }

  @Test func `a file is private, begins with a byte order mark and can be read back`() async throws {
    try await Self.withRun { folder in
      let path = "\(folder)/rejects.csv"
      let printed = await waybill("rejects", "--project", folder).output
      let rejects = await waybill("rejects", "latest", "--project", folder, "--output", path)
      #expect(rejects.code == .done && rejects.output.isEmpty)
      let run = await Self.id(folder)
      #expect(rejects.error.hasPrefix("3 rows of run \(run) written to \(path):\n"), "\(rejects.error)")
      let bytes = try Data(contentsOf: URL(filePath: path))
      #expect(bytes.prefix(3) == Data([0xEF, 0xBB, 0xBF]) && bytes.dropFirst(3) == Data(printed.utf8))
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
      let previewed = await waybill("transform", "--mapping", "\(folder)/m.yaml", "--input", path, "--output", "\(folder)/t.csv")
      #expect(previewed.code == .recordsFailed && previewed.error.contains("3 read"), "\(previewed.error)")
    }
  }

  @Test func `one cause can be chosen, and the counts can be printed as JSON`() async throws {
    try await Self.withRun { folder in
      let path = "\(folder)/rejects.csv"
      let rejects = await waybill("rejects", "--project", folder, "--output", path, "--json")
      let json = try JSONReader.read(rejects.output)
      #expect(json["rows"] == .number(3) && json["mapping"] == .string("m") && json["file"] == .string(path))
      let run = await Self.id(folder)
      #expect(json["pending"] == .array([]) && json["run"] == .string(run))
      #expect(
        json["causes"]?.text
          == #"[{"code":"email-invalid","field":"email","rows":2},{"code":"required","field":"phone","rows":1}]"#)
      let phone = await waybill(
        "rejects", "--project", folder, "--code", "required", "--output", path, "--json", "--to", "files", "--force")
      #expect(try JSONReader.read(phone.output)["rows"] == .number(1))
      #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == 2)
      // c4 has it after email-invalid.
      #expect(
        phone.error.hasSuffix("\n1 other record has required after another error: --code looks only at the first error.\n"),
        "\(phone.error)")
      #expect(await !waybill("rejects", "--project", folder, "--code", "email-invalid").error.contains("another error"))
      let none = await waybill("rejects", "--project", folder, "--code", "wrong-type")
      #expect(none.code == .done && none.output.split(separator: "\n").count == 1 && none.error.hasPrefix("0 rows of run"))
    }
  }

  @Test func `a run without rejects gives a table without rows`() async throws {
    try await Self.withRun(input: "{\"id\":\"c3\",\"email\":\"b@example.org\",\"phone\":\"+14155552671\"}\n") { folder in
      let rejects = await waybill("rejects", "--project", folder, "--mapping", "m")
      let run = await Self.id(folder)
      #expect(rejects.code == .done && rejects.error == "0 rows of run \(run) written.\n", "\(rejects.error)")
      #expect(
        rejects.output
          == "run,mapping,record,line,destination,outcome,code,field,message,problems,what_to_do,id,email,phone,unparsed\n")
    }
  }

  @Test func `an output that would destroy something is refused`() async throws {
    try await Self.withRun { folder in
      let before = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      for (path, message) in [
        ("waybill.yaml", "would overwrite the pipeline file"), ("m.yaml", "would overwrite the mapping"),
        ("in.ndjson", "would overwrite the source file"), (".waybill/rejects.csv", "which belongs to Waybill"),
        (".waybill/state.sqlite", "which belongs to Waybill"),
      ] {
        let text = try? Data(contentsOf: URL(filePath: "\(folder)/\(path)"))
        let refused = await waybill("rejects", "--project", folder, "--output", "\(folder)/\(path)")
        #expect(refused.code == .usage && refused.error.contains(message), "\(path): \(refused.error)")
        #expect((try? Data(contentsOf: URL(filePath: "\(folder)/\(path)"))) == text)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == before)
    }
  }

  /// Files that do not belong to the project's pipeline, and their contents.
  private static let others: [(String, String)] = [
    ("other.ndjson", "{\"id\":\"1\"}\n"), ("other.yaml", "pipeline: other\n"),
    ("table.csv", "run,mapping,record\n1,2,3\n"),
    ("list.csv", "run,mapping,record,line,destination,outcome,code,field,message,text\n"),
    ("line.csv", "\n"),
  ]

  /// The small project with more mappings and destinations.
  private static func write(
    in folder: String, _ fields: String = fields, input: String = input, mappings: [(name: String, fields: String)] = [],
    destinations: String
  ) throws {
    try SmallProject.write(in: folder, fields, input: input)
    for (name, fields) in mappings {
      try (SmallProject.mapping.replacing("name: m\n", with: "name: \(name)\n") + "fields: \(fields)\n").write(
        toFile: "\(folder)/\(name).yaml", atomically: true, encoding: .utf8)
    }
    let pipeline = """
      pipeline: small
      source: {ndjson: {contact: in.ndjson}}
      mappings: [\((["m"] + mappings.map(\.name)).map { "\($0).yaml" }.joined(separator: ", "))]
      destinations:
        files: {csv: {path: \(mappings.isEmpty ? "out.csv" : "\"{mapping}.csv\"")}}
        \(destinations)

      """
    try pipeline.write(toFile: "\(folder)/waybill.yaml", atomically: true, encoding: .utf8)
  }

  private static func app(_ port: Int, _ mappings: [String]) -> String {
    let create = mappings.map { "\($0): {create: POST /\($0)}" }.joined(separator: ", ")
    return "app: {http: {base_url: \"http://127.0.0.1:\(port)\", mappings: {\(create)}}}"
  }

  @Test func `an existing file that is not a table of rejects is never replaced`() async throws {
    try await withFolder { folder in
      try Self.write(in: folder, destinations: "db: {sqlite: {path: out.sqlite}}")
      let pipeline = try String(contentsOfFile: "\(folder)/waybill.yaml", encoding: .utf8)
      let ended = await waybill("run", "--project", folder)
      #expect(ended.code == .recordsFailed, "\(ended.error)")
      for (name, text) in Self.others { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
      // A pipeline file that cannot be loaded protects nothing.
      for text in [pipeline, pipeline.replacing("[m.yaml]", with: "[\"${NO_SUCH_VARIABLE}\"]")] {
        try text.write(toFile: "\(folder)/waybill.yaml", atomically: true, encoding: .utf8)
        for name in ["out.csv", "out.sqlite", "in.ndjson", "m.yaml", "waybill.yaml"] + Self.others.map(\.0) {
          let path = "\(folder)/\(name)"
          let before = try Data(contentsOf: URL(filePath: path))
          #expect(!before.isEmpty)
          for more in [[], ["--force"]] {
            let refused = await waybill(["rejects", "--project", folder, "--output", path] + more)
            #expect(refused.code == .usage && refused.output.isEmpty, "\(name): \(refused.error)")
            #expect(refused.error.contains(": choose another path") || refused.error.contains("is not a table of rejects"))
          }
          #expect(try Data(contentsOf: URL(filePath: path)) == before, "\(name)")
        }
      }
    }
  }

  @Test func `a table that may have been corrected is replaced only with --force`() async throws {
    try await Self.withRun { folder in
      let path = "\(folder)/rejects.csv"
      try "".write(toFile: path, atomically: true, encoding: .utf8)
      // An empty file is not a table.
      #expect(await waybill("rejects", "--project", folder, "--output", path).code == .done)
      func content() throws -> String { String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self) }
      let written = try content()
      let plain = String(written.unicodeScalars.dropFirst())
      #expect(plain.hasPrefix("run,"))
      let forms = [
        written, written.replacing("nothing", with: "a@example.org"), written.replacing(",", with: ";"), plain,
        written.replacing(",", with: "\t").replacing("\n", with: "\r\n"),
        "\"" + plain.prefix { $0 != "\n" }.replacing(",", with: "\",\"") + "\"\n",
      ]
      for form in forms {
        try Data(form.utf8).write(to: URL(filePath: path))
        let refused = await waybill("rejects", "--project", folder, "--output", path)
        #expect(refused.code == .usage && refused.error.contains("may have been corrected"), "\(form): \(refused.error)")
        #expect(refused.error.contains("or replace it with --force") && refused.output.isEmpty)
        #expect(try content() == form)
        let forced = await waybill("rejects", "--project", folder, "--output", path, "--force")
        #expect(forced.code == .done, "\(forced.error)")
        #expect(try content() == written)
      }
    }
  }

  @Test func `what a killed command left beside the table is removed`() async throws {
    try await Self.withRun { folder in
      // No process has this ID.
      let left = "\(folder)/.rejects.csv.\(Int32.max)-abc.part"
      try "c1,secret\n".write(toFile: left, atomically: true, encoding: .utf8)
      #expect(await waybill("rejects", "--project", folder, "--output", "\(folder)/rejects.csv").code == .done)
      #expect(!FileManager.default.fileExists(atPath: left))
    }
  }

  @Test func `pending records are counted at each destination, and listed if asked for`() async throws {
    let requests = Locked<Int>(0)
    // The first record fails; then nothing more is accepted.
    let server = try #require(
      AnsweringServer { _ in
        let count = requests.withLock { count in
          count += 1
          return count
        }
        return .init(status: count == 1 ? 422 : 401)
      })
    defer { server.stop() }
    try await withFolder { folder in
      let lines = (1...4).map { #"{"id":"c\#($0)","email":"\#($0)@example.org","phone":"+14155552671"}"# + "\n" }
      try Self.write(
        in: folder, input: lines.joined(), destinations: Self.app(server.port, ["m"]))
      let ended = await waybill("run", "--project", folder, "--first-load")
      #expect(ended.code != .done, "\(ended.error)")
      let path = "\(folder)/rejects.csv"
      let rejects = await waybill("rejects", "--project", folder, "--output", path, "--json")
      let json = try JSONReader.read(rejects.output)
      #expect(json["rows"] == .number(1), "\(rejects.output) \(ended.error)")
      #expect(json["pending"]?.text == #"[{"destination":"app","records":3}]"#, "\(rejects.output)")
      #expect(
        rejects.error.contains("3 records are pending at 'app': the next run sends them; --pending lists them."),
        "\(rejects.error)")
      let all = await waybill("rejects", "--project", folder, "--pending", "--output", path, "--force", "--json")
      #expect(try JSONReader.read(all.output)["rows"] == .number(4) && !all.error.contains("pending at"), "\(all.error)")
      let files = await waybill("rejects", "--project", folder, "--to", "files")
      #expect(files.code == .done && files.error.hasPrefix("0 rows") && !files.error.contains("pending"), "\(files.error)")
    }
  }

  @Test func `a code that only one mapping has selects it, and pending records of others are not forgotten`() async throws {
    let server = try #require(AnsweringServer { _ in .init(status: 401) })
    defer { server.stop() }
    try await withFolder { folder in
      try Self.write(
        in: folder, mappings: [("other", "{id: id, n: {from: note, required: true}}"), ("third", "{id: id, n: note}")],
        destinations: Self.app(server.port, ["other", "third"]))
      let ended = await waybill("run", "--project", folder)
      #expect(ended.code != .done, "\(ended.error)")
      let refused = await waybill("rejects", "--project", folder)
      #expect(refused.code == .usage && refused.error.contains("has rejects of 'm' and 'other'"), "\(refused.error)")
      let email = await waybill("rejects", "--project", folder, "--code", "email-invalid")
      #expect(email.code == .done && email.error.hasPrefix("2 rows of run"), "\(email.error)")
      let third = await waybill("rejects", "--project", folder, "--mapping", "third")
      #expect(third.error.hasPrefix("0 rows") && third.error.contains("4 records are pending at 'app'"), "\(third.error)")
      let one = await waybill("rejects", "--project", folder, "--mapping", "m")
      #expect(one.code == .done && !one.error.contains("pending"), "\(one.error)")
      let list = await waybill("rejects", "--project", folder, "--to", "app")
      #expect(list.code == .done && list.error.contains("6 records are pending at 'app'"), "\(list.error)")
    }
  }

  @Test func `pending records of mappings without rejects are counted`() async throws {
    let server = try #require(AnsweringServer { _ in .init(status: 401) })
    defer { server.stop() }
    try await withFolder { folder in
      try Self.write(
        in: folder, "fields: {id: id}\n", input: "{\"id\":\"1\"}\n{\"id\":\"2\"}\n", mappings: [("other", "{id: id}")],
        destinations: Self.app(server.port, ["m", "other"]))
      #expect(await waybill("run", "--project", folder).code != .done)
      let rejects = await waybill("rejects", "--project", folder)
      #expect(
        rejects.code == .done
          && rejects.output == "run,mapping,record,line,destination,outcome,code,field,message,problems,what_to_do\n")
      #expect(
        rejects.error.contains("0 rows of run") && rejects.error.contains("4 records are pending at 'app'"), "\(rejects.error)")
    }
  }

  @Test func `reject files that are gone or changed are reported`() async throws {
    try await Self.withRun { folder in
      let path = "\(folder)/.waybill/runs/\(await Self.id(folder))/files/m.rejects.csv"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      for damage in ["", "id\n1\n", text + "c9,rejected\n", text.replacing("record,outcome", with: "outcome,record")] {
        try damage.write(toFile: path, atomically: true, encoding: .utf8)
        let refused = await waybill("rejects", "--project", folder)
        #expect(refused.code == .inputMissing && refused.output.isEmpty, "\(refused.output)")
        #expect(refused.error.contains("m.rejects.csv is not as the run wrote it"), "\(damage): \(refused.error)")
      }
      try FileManager.default.removeItem(atPath: path)
      let gone = await waybill("rejects", "--project", folder)
      #expect(gone.code == .inputMissing && gone.error.contains("m.rejects.csv is missing"), "\(gone.error)")
    }
  }

  @Test func `reject files of versions without a problems column can be read`() async throws {
    try await Self.withRun { folder in
      let path = "\(folder)/.waybill/runs/\(await Self.id(folder))/files/m.rejects.csv"
      try "record,outcome,line,code,field,message,id,run\nc1,rejected,1,required,name,'name' is required,c1,'=x\n"
        .write(toFile: path, atomically: true, encoding: .utf8)
      let rows = await waybill("rejects", "--project", folder).output.split(separator: "\n")
      #expect(rows.first?.hasSuffix("message,problems,what_to_do,id,source.run") == true)
      #expect(
        rows.last?.hasSuffix(",m,c1,1,,rejected,required,name,'name' is required,,Fill in 'name' in the source record.,c1,'=x")
          == true, "\(rows)")
    }
  }

  @Test(arguments: [
    (["--mapping", "n"], "--mapping n: run", "has no such mapping; it has 'm'"),
    (["--to", "app"], "--to app: run", "has no such destination; it has 'files'"),
    (["--to", "file"], "--to file: run", "has no such destination; did you mean 'files'?"),
    (["--code", "email-invalit"], "--code email-invalit: ", "did you mean 'email-invalid'?"),
    (["2031"], "there is no run '2031'", ""), (["--json"], "--json requires --output FILE", ""),
    (["--by-repair"], "--by-repair requires --output FOLDER", ""), (["--force"], "--force requires --output FILE", ""),
    (["--force", "--output", "-"], "--force requires --output FILE", ""),
  ])
  func `what the run does not have is refused`(_ arguments: [String], _ message: String, _ hint: String) async throws {
    try await Self.withRun { folder in
      let refused = await waybill(["rejects", "--project", folder] + arguments)
      #expect(refused.code == (arguments == ["2031"] ? .inputMissing : .usage) && refused.output.isEmpty, "\(refused.output)")
      #expect(refused.error.contains(message) && (hint.isEmpty || refused.error.contains(hint)), "\(refused.error)")
    }
  }

  @Test func `several mappings with rejects cannot be one table`() async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder, Self.fields, input: Self.input)
      let mapping = try String(contentsOfFile: "\(folder)/m.yaml", encoding: .utf8)
      try mapping.replacing("name: m\n", with: "name: other\n").write(
        toFile: "\(folder)/other.yaml", atomically: true, encoding: .utf8)
      try (SmallProject.mapping.replacing("name: m\n", with: "name: good\n") + "fields: {id: id}\n")
        .write(toFile: "\(folder)/good.yaml", atomically: true, encoding: .utf8)
      let pipeline = try String(contentsOfFile: "\(folder)/waybill.yaml", encoding: .utf8)
      try pipeline.replacing("[m.yaml]", with: "[m.yaml, other.yaml, good.yaml]").replacing(
        "path: out.csv", with: "path: \"{mapping}.csv\""
      )
      .write(toFile: "\(folder)/waybill.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill("run", "--project", folder)
      #expect(ended.code == .recordsFailed, "\(ended.error)")
      let refused = await waybill("rejects", "--project", folder)
      #expect(refused.code == .usage && refused.error.contains("has rejects of 'm' and 'other', which have different columns"))
      #expect(await waybill("rejects", "--project", folder, "--mapping", "other").error.hasPrefix("3 rows"))
      #expect(await waybill("rejects", "--project", folder, "--mapping", "good").error.hasPrefix("0 rows"))
    }
  }
}
