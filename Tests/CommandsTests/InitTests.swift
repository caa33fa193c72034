import Core
import Foundation
import Testing

@testable import Commands

@Suite("init")
struct InitTests {
  /// Pipelines that load into GHL are templates of their own, not part of a new project.
  private static func isOfNewProject(_ path: String) -> Bool {
    let others = ["csv-to-ghl", "ghl-to-ghl", "schemas/ghl."]
    return path.contains(".") && !["waybill.yaml", "your-app.yaml"].contains(path) && !others.contains { path.hasPrefix($0) }
  }

  @Test func `The files of a new project are the shipped ones, all of them`() async throws {
    try await withFolder { folder in
      let ended = await waybill("init", folder + "/acme")
      #expect(ended.code == .done)
      let shipped = try #require(FileManager.default.subpaths(atPath: checkout + "/mappings"))
        .filter(Self.isOfNewProject)
      #expect(Set(shipped.map { "mappings/" + $0 }) == Set(ProjectFiles.all.map(\.path).filter { $0 != "waybill.yaml" }))
      for path in shipped {
        let written = FileManager.default.contents(atPath: folder + "/acme/mappings/" + path)
        #expect(written == FileManager.default.contents(atPath: checkout + "/mappings/" + path), "\(path)")
      }
      #expect(try String(contentsOfFile: folder + "/acme/.gitignore", encoding: .utf8) == ".waybill/\nout/\n")
    }
  }

  @Test("A new project has no errors", arguments: [[], ["--ghl"]])
  func check(options: [String]) async throws {
    try await withFolder { folder in
      #expect(await waybill(["init", folder] + options).code == .done)
      let ended = await waybill("check", "--project", folder)
      #expect(ended.code == .done, "\(ended.error)")
      #expect(!ended.error.contains(": error: "), "\(ended.error)")
    }
  }

  @Test func `Nothing is overwritten, and nothing is written beside what is there`() async throws {
    try await withFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/mappings", withIntermediateDirectories: true)
      try "mine".write(toFile: folder + "/mappings/tasks.yaml", atomically: true, encoding: .utf8)
      let ended = await waybill("init", folder)
      #expect(ended.code == .cannotWrite)
      #expect(ended.error.contains("already has mappings/tasks.yaml"))
      #expect(try String(contentsOfFile: folder + "/mappings/tasks.yaml", encoding: .utf8) == "mine")
      #expect(FileManager.default.subpaths(atPath: folder)?.sorted() == ["mappings", "mappings/tasks.yaml"])
    }
  }

  @Test func `A folder that cannot be made leaves nothing behind`() async throws {
    try await withFolder { folder in
      try "a file".write(toFile: folder + "/mappings", atomically: true, encoding: .utf8)
      let ended = await waybill("init", folder)
      #expect(ended.code == .cannotWrite)
      #expect(ended.error.contains("nothing of the project was written"))
      #expect(FileManager.default.subpaths(atPath: folder) == ["mappings"])
    }
  }

  @Test func `Lines that are in .gitignore already are not added again`() async throws {
    try await withFolder { folder in
      try "build\n.waybill/".write(toFile: folder + "/.gitignore", atomically: true, encoding: .utf8)
      #expect(await waybill("init", folder).code == .done)
      #expect(try String(contentsOfFile: folder + "/.gitignore", encoding: .utf8) == "build\n.waybill/\nout/\n")
    }
  }
}
