import Core
import Foundation
import Sandbox
import Testing

@testable import Commands

/// The way of a new user, from `init` to `ledger`, against a sandbox in this process.
@Suite("A project against a sandbox")
struct RunCommandTests {
  static func withProject(
    _ body: @escaping @Sendable (_ folder: String, _ environment: [String: String]) async throws -> Void
  ) async throws {
    try await withFolder { folder in
      _ = await waybill("init", folder)
      try await SandboxServer.withServer(SandboxOptions(contacts: 24, businesses: 2, limitScale: 100)) { address, _ in
        try await body(
          folder, ["GHL_BASE_URL": address.baseURL, "GHL_TOKEN": address.token, "GHL_LOCATION": address.location])
      }
    }
  }

  /// `init` writes destinations relative to the project's folder.
  @Test func `A run writes its files, and every record is accounted for and can be asked for`() async throws {
    try await Self.withProject { folder, environment in
      let project = ["--project", folder]
      let plan = await waybill(["plan", "--json"] + project, environment: environment)
      #expect(plan.code == .done, "\(plan.error)")
      let planned = try JSONReader.read(Array(plan.output.utf8))
      #expect(planned["basis"] == .string("api"))

      let run = await waybill(["run", "--json"] + project, environment: environment)
      #expect(run.code == .done, "\(run.error)")
      let summary = try JSONReader.read(Array(run.output.utf8))
      #expect(summary["unaccounted"] == .number(0))
      let id = try #require(summary["run"]?.stringValue)
      #expect(FileManager.default.fileExists(atPath: folder + "/out/contacts.csv"))
      #expect(run.error.contains("out/contacts.csv"))

      let runs = await waybill(["runs", "list", "--json"] + project)
      let listed = try JSONReader.read(Array(runs.output.utf8))
      #expect(listed.arrayValue?.first?["run"] == .string(id))
      let shown = await waybill(["runs", "show", String(id.prefix(20))] + project)
      #expect(shown.output.hasPrefix("run \(id)"))

      let ledger = await waybill(["ledger", "--format", "ndjson"] + project)
      let lines = try ledger.output.split(separator: "\n").map { try JSONReader.read(Array($0.utf8)) }
      let codes = (summary["entities"]?.objectValue ?? []).flatMap { $0.value["codes"]?.objectValue ?? [] }
      #expect(lines.count == codes.compactMap(\.value.intValue).reduce(0, +))

      let again = await waybill(
        ["run", "--snapshot", "latest", "--mapping", "contacts", "--quiet"] + project, environment: environment)
      #expect(again.code == .done)
      #expect(again.error.isEmpty)
      #expect(!again.output.contains("requests made"))
    }
  }

  @Test func `A narrowed run reports where its files are, and is marked wherever runs are listed`() async throws {
    try await Self.withProject { folder, environment in
      let project = ["--project", folder]
      let run = await waybill(["run", "--limit", "5"] + project, environment: environment)
      #expect(run.code == .done, "\(run.error)")
      #expect(run.output.contains("narrowed: at most 5 records; nothing was published\n"), "\(run.output)")
      #expect(run.error.contains("/files/contacts.csv") && run.error.contains("--limit 5 --project \(folder) --publish-partial"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
      let shown = await waybill(["runs", "show"] + project)
      #expect(shown.output.contains("narrowed: at most 5 records"))
      let json = try JSONReader.read((await waybill(["runs", "show", "--json"] + project)).output)
      #expect(json["narrowed"]?["limit"] == .number(5))
      let list = await waybill(["runs", "list"] + project)
      #expect(list.output.contains("done, narrowed"))
      let listed = try JSONReader.read((await waybill(["runs", "list", "--json"] + project)).output)
      #expect(listed.arrayValue?.first?["narrowed"]?["limit"] == .number(5))
      // Its snapshot is not the latest, either.
      let id = try #require(json["snapshot"]?.stringValue)
      for command in [
        ["run", "--snapshot", "latest"], ["preview", folder + "/mappings/contacts.yaml", "--snapshot", "latest"],
        ["preview", folder + "/mappings/contacts.yaml"],
      ] {
        let refused = await waybill(command + project, environment: environment)
        #expect(refused.code == .inputMissing, "\(command)")
        #expect(command[0] == "run" || refused.error.contains("--snapshot \(id)"), "\(refused.error)")
      }
      let named = await waybill(["preview", folder + "/mappings/contacts.yaml", "--snapshot", id] + project)
      #expect(named.code == .done)
      let partial = await waybill(["run", "--limit", "5", "--publish-partial"] + project, environment: environment)
      #expect(partial.code == .done && FileManager.default.fileExists(atPath: folder + "/out/contacts.csv"))
      let both = await waybill(["run", "--dry-run", "--publish-partial"] + project, environment: environment)
      #expect(both.code == .usage)
      let gate = await waybill(["run", "--accept-gate", "covrage"] + project, environment: environment)
      #expect(gate.code == .usage && gate.error.contains("did you mean 'coverage'?"), "\(gate.error)")
    }
  }

  @Test func `A location can be looked around in`() async throws {
    try await Self.withProject { folder, environment in
      let businesses = await waybill("list", "businesses", "--json", "--project", folder, environment: environment)
      let listed = try JSONReader.read(Array(businesses.output.utf8))
      #expect(listed.arrayValue?.count == 2)
      let fields = await waybill("list", "fields", "--project", folder, environment: environment)
      #expect(fields.output.contains("\njob_title "))
      // Without a project the environment is enough.
      let pages = await waybill(
        "ghl", "GET", "/businesses/?locationId={location}&limit=1", "--all", "--project", "/nowhere", environment: environment)
      #expect(pages.code == .done, "\(pages.error)")
      #expect(pages.output.split(separator: "\n").count == 2)
    }
  }

  @Test func `Each failure has its exit code, and still a summary`() async throws {
    try await Self.withProject { folder, environment in
      let project = ["--project", folder]
      var wrong = environment
      wrong["GHL_TOKEN"] = "pit-wrong"
      let refused = await waybill(["run", "--summary", folder + "/s.json"] + project, environment: wrong)
      #expect(refused.code == .notAuthorised)
      #expect(!refused.error.contains("pit-wrong"))
      let data = try #require(FileManager.default.contents(atPath: folder + "/s.json"))
      let summary = try JSONReader.read(Array(data))
      #expect(summary["exit_code"] == .number(77))
      #expect(!FileManager.default.fileExists(atPath: folder + "/out"))

      wrong["GHL_TOKEN"] = nil
      #expect(await waybill(["list", "tags"] + project, environment: wrong).code == .configuration)
      #expect(await waybill(["run", "--to", "nowhere"] + project, environment: environment).code == .usage)
      #expect(await waybill(["run", folder + "/nope.yaml"] + project, environment: environment).code == .inputMissing)
      #expect(await waybill(["ledger", "20000101"] + project).code == .inputMissing)
    }
  }

  @Test func `A cancelled run ends with 75 and publishes nothing`() async throws {
    try await Self.withProject { folder, environment in
      let work = Task { await waybill("run", "--project", folder, environment: environment) }
      work.cancel()
      #expect(await work.value.code == .tryLater)
      #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
    }
  }
}
