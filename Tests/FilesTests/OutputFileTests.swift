import Foundation
import Testing

@testable import Files

/// Files that appear whole, and what is left of those that never did.
@Suite struct OutputFileTests {
  let folder: String

  init() {
    var template = Array("/tmp/waybill-output-XXXXXX".utf8CString)
    folder = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
  }

  private func names() -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

  private func mode(_ name: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")
    return attributes?[.posixPermissions] as? Int ?? -1
  }

  @Test(arguments: [UInt32(0o666), 0o640, 0o600])
  func `only its owner reads a file before it appears`(mode wanted: UInt32) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let plain = open("\(folder)/plain", O_WRONLY | O_CREAT, wanted)
    close(plain)
    let file = try OutputFile(path: "\(folder)/x", mode: wanted)
    try file.write("secret")
    let part = try #require(names().first { $0.hasSuffix(".part") })
    #expect(mode(part) == 0o600)
    try file.seal()
    #expect(mode(part) == 0o600)
    try file.commit()
    #expect(names() == ["plain", "x"])
    #expect(mode("x") == mode("plain"))
  }

  @Test(arguments: [UInt32(0o666), 0o644, 0o440, 0o600])
  func `nobody but its owner reads a private file, whatever it replaces`(mode old: UInt32) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["new", "old"] {
      if name == "old" {
        let plain = open("\(folder)/old", O_WRONLY | O_CREAT, 0o600)
        fchmod(plain, old)
        close(plain)
      }
      let file = try OutputFile(path: "\(folder)/\(name)", isPrivate: true)
      try file.write("secret")
      try file.commit()
    }
    #expect(mode("new") == 0o600)
    #expect(mode("old") == Int(old & 0o600))
  }

  @Test func `a file may be made to appear only where nothing exists`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let first = try OutputFile(path: "\(folder)/x")
    try first.write("first")
    #expect(try first.commitUnlessPresent())
    let second = try OutputFile(path: "\(folder)/x")
    try second.write("second")
    #expect(try !second.commitUnlessPresent())
    second.abandon()
    #expect(names() == ["x"])
    #expect(FileManager.default.contents(atPath: "\(folder)/x") == Data("first".utf8))
  }

  @Test func `leftovers of a killed process are removed, and locked files are kept`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let held = try OutputFile(path: "\(folder)/x.csv")
    try held.write("x")
    let own = try #require(names().first)
    // No process has this number: the kernel's largest is 4,194,304.
    let others = [".x.csv.99999999-abc.part", ".y.99999999-0.part"]
    let strange = [".x.csv.part", ".x.csv.12a-abc.part", "x.csv.99999999-abc.part", ".x.99999999-a_b.part", ".99999999-abc.part"]
    for name in others + strange { _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: Data("x".utf8)) }
    #expect(OutputFile.removeLeftovers(beside: "\(folder)/x.csv").sorted() == others)
    #expect(Set(names()) == Set(strange + [own]))
    #expect(OutputFile.removeLeftovers(beside: "-") == [])
    #expect(OutputFile.removeLeftovers(beside: "\(folder)/no/such") == [])
    try held.commit()
    #expect(names().contains("x.csv"))
  }

  @Test func `a process with the same number, as in a container, is recognized by lock and age`() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let name = ".x.\(getpid())-abc.part"
    let path = "\(folder)/\(name)"
    _ = FileManager.default.createFile(atPath: path, contents: Data())
    #expect(OutputFile.removeLeftovers(beside: "\(folder)/x") == [])
    try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: path)
    let holder = open(path, O_RDWR)
    #expect(flock(holder, LOCK_EX | LOCK_NB) == 0)
    #expect(OutputFile.removeLeftovers(beside: "\(folder)/x") == [])
    close(holder)
    #expect(OutputFile.removeLeftovers(beside: "\(folder)/x") == [name])
  }
}
