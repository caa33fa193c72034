import Foundation
import TestSupport
import Testing

@testable import Commands

@Suite("scripts/install", .ends(withinMinutes: 10))
struct InstallTests {
  private static let files = [
    "bin/waybill", "share/bash-completion/completions/waybill", "share/fish/vendor_completions.d/waybill.fish",
    "share/man/man1/waybill.1.gz", "share/waybill/installed", "share/zsh/site-functions/_waybill",
  ]

  /// Installs the built program, or does what `arguments` say.
  private static func install(_ folder: String, _ arguments: String = "", program: String = buildFolder + "/waybill") async throws
    -> Shell.Ended
  {
    try await Shell.run(
      "'\(checkout)/scripts/install' --prefix /usr --binary '\(program)' \(arguments)", in: folder,
      ["PATH": "/usr/bin:/bin", "DESTDIR": folder + "/stage dir"])
  }

  private static func names(in folder: String) -> [String] {
    let all = FileManager.default.enumerator(atPath: folder + "/stage dir/usr")?.allObjects as? [String] ?? []
    return all.filter { name in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: "\(folder)/stage dir/usr/\(name)", isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }

  @Test func `what it installs works, can be installed again, and is removed again`() async throws {
    try await withFolder { folder in
      for _ in 0..<2 {
        let ended = try await Self.install(folder)
        #expect(ended.code == 0, "\(ended.output)")
        #expect(Self.names(in: folder) == Self.files)
      }
      let root = "\(folder)/stage dir/usr"
      let version = try await Shell.run("'\(root)/bin/waybill' --version", in: folder, [:])
      #expect(version.output == "waybill \(Waybill.version)\n")
      let bash = try await Shell.run(
        "source '\(root)/\(Self.files[1])' && complete -p waybill", in: folder, ["PATH": "/usr/bin:/bin"])
      #expect(bash.code == 0 && bash.output.contains("waybill"), "\(bash.output)")
      #expect(try String(contentsOfFile: "\(root)/\(Self.files[5])", encoding: .utf8).hasPrefix("#compdef waybill"))
      #expect(try String(contentsOfFile: "\(root)/\(Self.files[2])", encoding: .utf8).contains("complete -c 'waybill'"))
      let page = try await Shell.run("gzip -dc '\(root)/\(Self.files[3])'", in: folder, ["PATH": "/usr/bin:/bin"])
      #expect(page.output.hasPrefix(".TH WAYBILL 1 "))

      try "mine".write(toFile: root + "/share/waybill/notes", atomically: true, encoding: .utf8)
      let removed = try await Self.install(folder, "--uninstall")
      #expect(removed.code == 0, "\(removed.output)")
      #expect(Self.names(in: folder) == ["share/waybill/notes"])
      #expect(try await Self.install(folder, "--uninstall").code == 66)
    }
  }

  @Test func `files of others are neither replaced nor removed`() async throws {
    try await withFolder { folder in
      // Small, so that nothing but the script takes time.
      let program = folder + "/program"
      try FileManager.default.copyItem(atPath: "/bin/true", toPath: program)
      let page = folder + "/stage dir/usr/share/man/man1/waybill.1.gz"
      try FileManager.default.createDirectory(
        atPath: (page as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      try "theirs".write(toFile: page, atomically: true, encoding: .utf8)
      let refused = try await Self.install(folder, program: program)
      #expect(refused.code == 73 && refused.output.contains("waybill.1.gz was not installed by this script"), "\(refused.output)")
      #expect(Self.names(in: folder) == ["share/man/man1/waybill.1.gz"])

      try FileManager.default.removeItem(atPath: page)
      #expect(try await Self.install(folder, program: program).code == 0)
      try "changed".write(toFile: page, atomically: true, encoding: .utf8)
      #expect(try await Self.install(folder, program: program).code == 73)
      let removed = try await Self.install(folder, "--uninstall", program: program)
      #expect(removed.code == 1 && removed.output.contains("kept, because it was changed"), "\(removed.output)")
      #expect(Self.names(in: folder) == ["share/man/man1/waybill.1.gz", "share/waybill/installed"])
    }
  }

  @Test(arguments: 1...6)
  func `an installation interrupted between files can be repeated or undone`(files: Int) async throws {
    try await withFolder { folder in
      let program = folder + "/program"
      try FileManager.default.copyItem(atPath: "/bin/true", toPath: program)
      // Renaming one of the files fails, as if the process had been killed.
      try FileManager.default.createDirectory(atPath: folder + "/bin", withIntermediateDirectories: true)
      let rename = "#!/bin/bash\necho >>'\(folder)/count'; [ $(wc -l <'\(folder)/count') -le \(files) ] && exec /bin/mv \"$@\"\n"
      try rename.write(toFile: folder + "/bin/mv", atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder + "/bin/mv")
      func interrupt() async throws {
        try? FileManager.default.removeItem(atPath: folder + "/count")
        let path = "\(folder)/bin:/usr/bin:/bin"
        let ended = try await Shell.run(
          "'\(checkout)/scripts/install' --prefix /usr --binary '\(program)'", in: folder,
          ["PATH": path, "DESTDIR": folder + "/stage dir"])
        #expect(ended.code != 0, "\(ended.output)")
      }
      try await interrupt()
      #expect(try await Self.install(folder, "--uninstall", program: program).code == 0)
      #expect(Self.names(in: folder) == [])
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/stage dir/usr") == [])
      try await interrupt()
      #expect(try await Self.install(folder, program: program).code == 0)
      #expect(Self.names(in: folder) == Self.files)
      // Another version over it.
      try FileManager.default.removeItem(atPath: program)
      try FileManager.default.copyItem(atPath: "/bin/echo", toPath: program)
      try await interrupt()
      #expect(try await Self.install(folder, program: program).code == 0)
      #expect(Self.names(in: folder) == Self.files)
    }
  }

  @Test func `the destination is checked before the program`() async throws {
    try await withFolder { folder in
      try "a file".write(toFile: folder + "/stage dir", atomically: true, encoding: .utf8)
      let ended = try await Self.install(folder, program: "/nowhere")
      #expect(ended.code == 77 && ended.output.contains("cannot be written"), "\(ended.output)")
    }
  }

  @Test(arguments: [("--prefix", 64), ("--frobnicate", 64), ("--binary /nowhere", 66)])
  func `wrong arguments are refused`(arguments: String, code: Int) async throws {
    try await withFolder { folder in
      let ended = try await Self.install(folder, arguments)
      #expect(ended.code == Int32(code), "\(ended.output)")
      #expect(Self.names(in: folder) == [])
    }
  }
}
