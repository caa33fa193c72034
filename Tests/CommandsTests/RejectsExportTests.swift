import Core
import Foundation
import Testing

@testable import Commands

/// What is sent back to the people who own the data: sheets by repair, success and error files.
@Suite("Exports for data owners")
struct RejectsExportTests {
  private static let fields =
    "fields: {id: id, email: {from: email, do: [email], required: true}, phone: {from: phone, required: true}}\n"
  private static let input = """
    {"id":"c1","email":"a@example.org","phone":null}
    {"id":"c2","email":"nothing","phone":"1"}
    {"id":"c3","email":"b@example.org","phone":"2"}
    {"id":"c4","email":"none"}

    """

  /// - Parameter format: of the destination.
  private static func withRun(_ format: String = "csv", _ body: (String) async throws -> Void) async throws {
    try await withFolder { folder in
      try SmallProject.write(in: folder, fields, input: input)
      let pipeline = try text("\(folder)/waybill.yaml").replacing(
        "{csv: {path: out.csv}}", with: "{\(format): {path: out.\(format)}}")
      try pipeline.write(toFile: "\(folder)/waybill.yaml", atomically: true, encoding: .utf8)
      #expect(await waybill("run", "--project", folder).code == .recordsFailed)
      try await body(folder)
    }
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  private static func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func `rejects are written as a sheet for each repair, with an index`() async throws {
    // Records of a file cannot be replayed alone, rows of a table can.
    try await Self.withRun("sqlite") { folder in
      let out = "\(folder)/repairs"
      let arguments = ["rejects", "--project", folder, "--by-repair", "--output", out]
      let written = await waybill(arguments + ["--json"])
      #expect(written.code == .done, "\(written.error)")
      #expect(try Self.names(out) == ["fill-in.csv", "fix-value.csv", "index.csv"])
      let json = try JSONReader.read(written.output)
      let rows = (json["repairs"]?.arrayValue ?? []).compactMap { $0["rows"]?.intValue }
      #expect(rows == [1, 2] && json["rows"] == .number(3) && json["folder"] == .string(out) && json["file"] == nil)
      #expect(
        try Self.text("\(out)/index.csv") == "\u{FEFF}" + """
          repair,title,owner,rows,what_to_do,file
          fill-in,Fill in the missing field,data owner,1,Fill in the field in the source record.,fill-in.csv
          fix-value,Fix the value at the source,data owner,2,Correct the value in the source record.,fix-value.csv

          """)
      #expect(written.error.contains("\n  2 fix-value.csv: Fix the value at the source (data owner)\n"), "\(written.error)")
      #expect(
        written.error.hasSuffix("Not masked, perhaps with personal data: \(out)/*.csv, except index.csv\n"), "\(written.error)")
      let keys = try Self.text("\(out)/fix-value.csv").split(separator: "\n").dropFirst().map { $0.split(separator: ",")[2] }
      #expect(keys == ["c2", "c4"])
      let sheet = try Self.text("\(out)/fill-in.csv").replacing("a@example.org,", with: "a@example.org,home")
      let refused = await waybill(arguments)
      #expect(refused.code == .usage && refused.error.contains("fill-in.csv already exists and may have been corrected"))
      let one = await waybill(arguments + ["--force", "--code", "email-invalid"])
      #expect(one.code == .done && one.error.contains("\(out)/fill-in.csv of an earlier run was removed."), "\(one.error)")
      #expect(try Self.names(out) == ["fix-value.csv", "index.csv"])
      // A sheet is a table of rejects, so it can be corrected and replayed.
      try sheet.write(toFile: "\(folder)/fixed.csv", atomically: true, encoding: .utf8)
      let replayed = await waybill("replay", "--project", folder, "--from", "\(folder)/fixed.csv", "--dry-run")
      #expect(replayed.output.contains("1 of 1 row (phone 1)"), "\(replayed.output)\(replayed.error)")
    }
  }

  @Test(arguments: [
    ("index.csv", "id\n1\n", "is not an index of repairs"), ("run-again.csv", "id\n1\n", "is not a table of rejects"),
    ("run-again.csv", "run,mapping,record,line,destination,outcome,code,field,message,problems\n", "may have been corrected"),
  ])
  func `a file that is in the way of a sheet stays`(_ name: String, _ text: String, _ message: String) async throws {
    try await Self.withRun { folder in
      let out = "\(folder)/repairs"
      try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
      try text.write(toFile: "\(out)/\(name)", atomically: true, encoding: .utf8)
      let refused = await waybill("rejects", "--project", folder, "--by-repair", "--output", out)
      #expect(refused.code == .usage && refused.error.contains(message), "\(refused.error)")
      #expect(try Self.names(out) == [name])
      let file = await waybill("rejects", "--project", folder, "--by-repair", "--output", "\(out)/\(name)")
      #expect(file.code == .usage && file.error.contains("is not a folder"), "\(file.error)")
    }
  }

  @Test func `the success and error files of a run together have each record once`() async throws {
    try await Self.withRun { folder in
      let out = "\(folder)/outcomes"
      let written = await waybill("outcomes", "--project", folder, "--output", out)
      #expect(written.code == .done, "\(written.error)")
      #expect(try Self.names(out) == ["m.files.errors.csv", "m.files.success.csv"])
      let keys = try Self.names(out).map { try Self.text("\(out)/\($0)").split(separator: "\n").dropFirst().map { $0.prefix(2) } }
      #expect(keys == [["c1", "c2", "c4"], ["c3"]])
      #expect(
        written.output.contains("m        files           4        1       3  1 written, 3 rejected\n"), "\(written.output)")
      #expect(
        written.output.contains("Not masked, perhaps with personal data:\n  \(out)/m.files.success.csv\n"), "\(written.output)")
      let again = await waybill("outcomes", "--project", folder, "--output", out)
      #expect(again.code == .usage && again.error.contains("already exists and may have been edited"), "\(again.error)")
      let forced = await waybill(
        "outcomes", "--project", folder, "--output", out, "--force", "--json", "--mapping", "m", "--to", "files")
      let file = try JSONReader.read(forced.output)["files"]?.arrayValue?.first
      #expect(file?["read"] == .number(4) && file?["errors"]?["rows"] == .number(3), "\(forced.output)\(forced.error)")
      #expect(file?["outcomes"]?.text == #"{"written":1,"rejected":3}"#)
      for arguments in [["outcomes"], ["rejects", "--by-repair"]] {
        let empty = await waybill(arguments + ["--project", folder, "--output", ""])
        #expect(empty.code == .usage && empty.error.contains("--output is empty: name a folder"), "\(empty.error)")
      }
      for (option, name) in [("--mapping", "n"), ("--to", "app")] {
        let unknown = await waybill("outcomes", "--project", folder, "--output", out, "--force", option, name)
        #expect(unknown.code == .usage && unknown.error.contains("\(option) \(name): run"), "\(unknown.error)")
      }
    }
  }

  @Test func `files that are not as the run wrote them are not exported`() async throws {
    try await Self.withRun { folder in
      let id = try #require(Self.names("\(folder)/.waybill/runs").first { $0.first?.isNumber == true })
      let path = "\(folder)/.waybill/runs/\(id)/files/m.success.csv"
      let text = try Self.text(path)
      let arguments = ["outcomes", "--project", folder, "--output", "\(folder)/outcomes"]
      try (text + "c9,written,9,c9,x@example.org,1,\n").write(toFile: path, atomically: true, encoding: .utf8)
      let more = await waybill(arguments)
      #expect(more.code == .inputMissing && more.error.contains("m.success.csv is not as the run wrote it"), "\(more.error)")
      try FileManager.default.removeItem(atPath: path)
      let gone = await waybill(arguments)
      #expect(gone.code == .inputMissing && gone.error.contains("m.success.csv does not exist"), "\(gone.error)")
      #expect(try Self.names("\(folder)/outcomes") == [])
    }
  }
}
