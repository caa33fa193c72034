import Core
import Files
import Foundation
import Glibc
import Testing

@testable import Schema

/// References lead to files around the schema, and nowhere else.
@Suite struct BoundaryTests {
  /// A folder with `project/` and `outside/` in it, while `body` runs.
  private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-boundary-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (path, text) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    try body(folder.path)
  }

  private func messages(_ result: SchemaCompilation) -> String {
    var diagnostics = Diagnostics()
    for source in result.sources { diagnostics.register(source) }
    for diagnostic in result.diagnostics { diagnostics.add(diagnostic) }
    return diagnostics.sorted.map { diagnostics.text(of: $0) }.joined(separator: "\n")
  }

  static let outside = ["outside/secret.txt": "root:x:hunter2\n", "outside/ok.json": #"{"type": "integer"}"#]

  @Test(arguments: [
    "../outside/secret.txt", "../outside/ok.json", "sub/../../outside/ok.json", "%2e%2e/outside/ok.json",
    "..%2Foutside%2Fok.json",
    "FOLDER/outside/ok.json", "file://FOLDER/outside/ok.json", "file://FOLDER/project/../outside/ok.json",
    "file://FOLDER/project/%2E%2E/outside/ok.json", "link.json", "folder/ok.json", "chain.json", "../outside/missing.json",
    "/etc/passwd",
    "file:///etc/passwd", "../outside/ok.json#/type", "/dev/zero", "pipe.json", "file:///proc/self/environ",
  ])
  func `a reference out of the folder is refused, and nothing of its target is shown`(_ reference: String) throws {
    try withFolder(Self.outside.merging(["project/x": ""]) { first, _ in first }) { folder in
      let project = folder + "/project"
      try FileManager.default.createSymbolicLink(atPath: project + "/link.json", withDestinationPath: "../outside/ok.json")
      try FileManager.default.createSymbolicLink(atPath: project + "/chain.json", withDestinationPath: "link.json")
      try FileManager.default.createSymbolicLink(atPath: project + "/folder", withDestinationPath: folder + "/outside")
      mkfifo(project + "/pipe.json", 0o600)
      let text = #"{"properties": {"a": {"$ref": "\#(reference.replacingOccurrences(of: "FOLDER", with: folder))"}}}"#
      try text.write(toFile: project + "/main.json", atomically: true, encoding: .utf8)
      let result = SchemaCompiler.load(path: project + "/main.json")
      let shown = messages(result)
      let isPipe = reference == "pipe.json"
      #expect(result.diagnostics.map(\.code) == [isPipe ? .notRegularFile : .schemaUnsupported], "\(shown)")
      #expect(!isPipe || result.diagnostics.first?.hint == "save its content to a regular file and name that file")
      #expect(shown.contains("outside the project folder") || shown.contains("not a regular file"), "\(shown)")
      #expect(!shown.contains("hunter2") && !shown.contains("root:"))
    }
  }

  @Test func `references inside the project, a root or a wider boundary are followed`() throws {
    try withFolder(
      Self.outside.merging([
        "project/waybill.yaml": "", "project/schemas/main.json": #"{"$ref": "../common/c.json"}"#,
        "project/common/c.json": #"{"$ref": "../links/linked.json"}"#, "project/links/x": "",
        "other/main.json": #"{"$ref": "../outside/ok.json"}"#, "other/rooted.json": #"{"$ref": "https://a.example/ok.json"}"#,
      ]) { first, _ in first }
    ) { folder in
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/project/links/linked.json", withDestinationPath: "../real.json")
      try #"{"type": "null"}"#.write(toFile: folder + "/project/real.json", atomically: true, encoding: .utf8)
      #expect(messages(SchemaCompiler.load(path: folder + "/project/schemas/main.json")) == "")
      let main = folder + "/other/main.json"
      #expect(messages(SchemaCompiler.load(path: main)) != "")
      #expect(messages(SchemaCompiler.load(path: main, options: .init(boundary: FileBoundary([folder])))) == "")
      let roots = [SchemaOptions.Root(prefix: "https://a.example", folder: folder + "/outside")]
      #expect(messages(SchemaCompiler.load(path: main, options: .init(roots: roots))) == "")
      #expect(messages(SchemaCompiler.load(path: folder + "/other/rooted.json", options: .init(roots: roots))) == "")
    }
  }

  @Test(arguments: [
    ("s.json", "SECRET=hunter2\n"), ("s.json", #"{"a": hunter2}"#), ("s.json", #"["hunter2"]"#), ("s.json", #""hunter2""#),
    ("s.yaml", "root:x:hunter2\nother"), ("s.yaml", "a: *hunter2"), ("s.yaml", "- hunter2"), ("s.yaml", "a: [hunter2\nb"),
    ("s.yaml", "hunter2"), ("s.yaml", "a: \"hunter2\n"), ("s.yaml", "!hunter2 a"), ("s.yaml", "hunter2: 1\nhunter2: 2\n- x"),
  ])
  func `a file that is not a schema is never shown`(name: String, text: String) throws {
    try withFolder([name: text, "main.json": #"{"$ref": "\#(name)"}"#]) { folder in
      let yaml: SchemaOptions.Reader = { file, _ in
        // As the real one, which is tested elsewhere: it quotes what it found.
        (
          nil,
          [Diagnostic(.error, .yamlSyntax, at: SourcePlace(file: file, line: 1, column: 1), "found 'hunter2'", hint: "hunter2")]
        )
      }
      for path in [name, "main.json"] {
        let result = SchemaCompiler.load(path: "\(folder)/\(path)", options: .init(yaml: yaml))
        #expect(!result.diagnostics.isEmpty)
        #expect(!messages(result).contains("hunter2"), "\(messages(result))")
      }
    }
  }

  @Test func `a schema that a mapping names must lie in the boundary itself`() throws {
    try withFolder(Self.outside) { folder in
      var options = SchemaOptions(boundary: FileBoundary([folder + "/project"]))
      options.isReference = true
      for path in ["/outside/ok.json", "/outside/secret.txt", "/outside/none.json", "/outside/ok.json#/a"] {
        #expect(SchemaCompiler.load(path: folder + path, options: options).diagnostics.map(\.code) == [.outsideProject])
      }
    }
  }

  @Test func `a pipe, a socket or a device in place of a mapping's schema is reported as such`() throws {
    try withFolder(["project/x": ""]) { folder in
      let project = folder + "/project"
      mkfifo(project + "/pipe.json", 0o600)
      try FileManager.default.createSymbolicLink(atPath: project + "/link.json", withDestinationPath: "pipe.json")
      let socket = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
      defer { close(socket) }
      // A short name: the address of a socket has room for 107 bytes.
      let name = "waybill-\(getpid()).sock"
      defer { unlink("/tmp/\(name)") }
      var address = sockaddr_un()
      address.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: "/tmp/\(name)".utf8) }
      let bound = withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
      }
      #expect(bound == 0)
      var options = SchemaOptions(boundary: FileBoundary([project, "/tmp/\(name)", "/dev/null"]))
      options.isReference = true
      for path in [project + "/pipe.json", project + "/pipe.json#/a", project + "/link.json", "/tmp/\(name)", "/dev/null"] {
        let found = SchemaCompiler.load(path: path, options: options).diagnostics
        #expect(found.map(\.code) == [.notRegularFile], "\(path)")
        #expect(found.first?.message.hasSuffix("is not a regular file (it is a pipe, a socket or a device)") == true)
        #expect(found.first?.hint == "save its content to a regular file and name that file")
      }
    }
  }
}
