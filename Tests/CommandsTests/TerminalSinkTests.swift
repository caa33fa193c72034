import Core
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Commands

/// Records and ledgers on standard output or standard error: on a terminal they do not act on it; elsewhere bytes are
/// bytes.
@Suite("Records and ledgers on the terminal")
struct TerminalSinkTests {
  static let hostile = "x\u{1B}[31m\u{9B}2J\u{85}\u{7F}\u{202E}\u{2066}\u{2028}\u{2029}\u{E0001}y"
  static let shown = #"x\u001b[31m\u009b2J\u0085\u007f\u202e\u2066\u2028\u2029\udb40\udc01y"#

  /// A terminal of the test's own: what is written to `path` can be read.
  final class Terminal {
    let path: String
    private let descriptor: Int32

    init() throws {
      descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
      // Unlocks it, and gets its number.
      var (lock, number): (Int32, Int32) = (0, -1)
      try #require(ioctl(descriptor, 0x4004_5431, &lock) == 0 && ioctl(descriptor, 0x8004_5430, &number) == 0)
      path = "/dev/pts/\(number)"
    }

    deinit { close(descriptor) }

    func read() -> String {
      var all: [UInt8] = []
      var bytes = [UInt8](repeating: 0, count: 4096)
      while case let count = Glibc.read(descriptor, &bytes, bytes.count), count > 0 { all += bytes[..<count] }
      return String(decoding: all, as: UTF8.self).replacingOccurrences(of: "\r\n", with: "\n")
    }
  }

  /// The program's standard output and standard error, both of them terminals.
  private static func onTerminals(_ arguments: String, in folder: String) async throws -> (output: String, error: String) {
    let (output, error) = (try Terminal(), try Terminal())
    // Kept open, so that what was written can be read.
    let kept = ([output.path, error.path] as [String]).map { open($0, O_RDWR | O_NOCTTY | O_CLOEXEC) }
    defer { kept.forEach { close($0) } }
    let command = "cd '\(folder)' && '\(InterruptionTests.program.path)' \(arguments) >\(output.path) 2>\(error.path)"
    let process = try SpawnedProcess(["/bin/sh", "-c", command], environment: [:])
    while !process.readErrors().isEmpty {}
    _ = process.wait()
    return (output.read(), error.read())
  }

  private static func write(to folder: String) throws {
    let mapping =
      "mapping: 1\nname: m\nsource: {entity: contact, key: id}\ntarget: {entity: p, key: id}\nfields: {id: id, email: {from: email, do: [email], on_error: nullify}, \"h\\e\\x9B\\u202e\": name}\npii: {email: show}\n"
    try mapping.write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
    let text = JSONValue.string(hostile).text
    let input = "{\"id\":\"1\",\"name\":\(text),\"email\":\(text)}\n{\"id\":\"2\",\"name\":\"a\\nb\\\"\\nc\"}\n"
    try input.write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
    try #"{"properties":{"name":{"const":1}}}"#.write(toFile: folder + "/s.json", atomically: true, encoding: .utf8)
  }

  private static func expectHarmless(_ text: String, _ what: String) {
    let found = text.unicodeScalars.first { VisibleText.isUnsafe($0) && $0 != "\n" && $0 != "\r" }
    #expect(found == nil, "\(what): \(text.debugDescription)")
  }

  @Test func `a terminal gets escapes for the control characters of records and ledgers`() async throws {
    try await withFolder { folder in
      try Self.write(to: folder)
      let transform = "transform --quiet --mapping m.yaml --input in.ndjson --output - --ledger - "
      let csv = try await Self.onTerminals(transform + "--format csv", in: folder)
      #expect(csv.output.contains(Self.shown), "\(csv.output.debugDescription) \(csv.error)")
      #expect(csv.output.hasPrefix(#"id,email,h\u001b\u009b\u202e"# + "\n"))
      #expect(csv.output.contains(#""a\nb""\nc""# + "\n"))
      Self.expectHarmless(csv.output, "CSV")
      for format in ["ndjson", "json"] {
        let json = try await Self.onTerminals(transform + "--format " + format, in: folder)
        Self.expectHarmless(json.output, format)
        let line = try #require(json.output.split(separator: "\n").first { $0.contains(Self.shown) })
        let text = line.drop { $0 != "{" }
        let record = try JSONReader.read(Array(text.prefix(through: text.lastIndex(of: "}") ?? text.startIndex).utf8))
        #expect(record["h\u{1B}\u{9B}\u{202E}"] == .string(Self.hostile))
        // The ledger, before the summary.
        #expect(json.error.contains(Self.shown), "\(json.error)")
        Self.expectHarmless(json.error.replacingOccurrences(of: "\u{1B}[2K", with: ""), "the ledger")
      }
      let validated = try await Self.onTerminals("validate --quiet --schema s.json --input in.ndjson --ledger -", in: folder)
      Self.expectHarmless(validated.output + validated.error.replacingOccurrences(of: "\u{1B}[2K", with: ""), "validate")
    }
  }

  @Test func `a terminal named by its path counts as one, and a file gets the bytes`() async throws {
    try await withFolder { folder in
      try Self.write(to: folder)
      let terminal = try Terminal()
      let kept = open(terminal.path, O_RDWR | O_NOCTTY | O_CLOEXEC)
      defer { close(kept) }
      for output in [terminal.path, folder + "/out.csv"] {
        _ = await waybill(
          "transform", "--mapping", folder + "/m.yaml", "--input", folder + "/in.ndjson", "--output", output, "--format", "csv",
          "--ledger", folder + "/ledger.ndjson", "--lenient")
      }
      let shown = terminal.read()
      #expect(shown.contains(Self.shown))
      Self.expectHarmless(shown, "the terminal")
      let bytes = try #require(FileManager.default.contents(atPath: folder + "/out.csv"))
      #expect(String(decoding: bytes, as: UTF8.self).contains(Self.hostile))
    }
  }

  @Test func `a token in a file's name is hidden in a diagnostic's place, and a digest is not`() async throws {
    try await withFolder { folder in
      // It must not contain another test's secret: all tests share the process's redactor.
      let digest = "9d41c7e05ab3f6829e07b5d13c8a46f2"
      for (name, isShown) in [("pit-0f1e2d3c-4b5a", false), (digest, true), ("sk-contacts-mapping", true)] {
        let path = "\(folder)/\(name).yaml"
        try "mapping: 1\nfoo: 1\n".write(toFile: path, atomically: true, encoding: .utf8)
        for more in [[], ["--json"], ["--log-format", "json"]] {
          let ended = await waybill(["check", path] + more)
          #expect((ended.output + ended.error).contains(name) == isShown, "\(more) \(ended.output) \(ended.error)")
          #expect((ended.output + ended.error).contains("<hidden>") != isShown)
        }
      }
    }
  }
}
