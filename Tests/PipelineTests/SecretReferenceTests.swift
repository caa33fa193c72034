import Core
import Files
import Foundation
import Pipeline
import PipelineFile
import TestSupport
import Testing

@testable import HTTP

@Suite struct SecretReferenceTests {
  private static let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"

  @Test func `a command gets PATH, HOME and LANG, and the variables that are named`() throws {
    // Its output is a secret, so the command itself checks what it contains.
    let script = #"test "$PATH$HOME$LANG$VAULT_ADDR" = "$1" && test -z "$OTHER" && echo token-of-ours"#
    let environment = ["PATH": Self.path, "HOME": "/h", "LANG": "C", "VAULT_ADDR": "http://v", "OTHER": "x"]
    for (variables, seen) in [(["VAULT_ADDR"], "\(Self.path)/hChttp://v"), ([], "\(Self.path)/hC")] {
      let reference = SecretReference.command(["sh", "-c", script, "sh", seen], folder: "", variables: variables)
      #expect(throws: Never.self) { try reference.resolve(environment: environment) }
    }
  }

  @Test func `a named variable that is not set is reported as an error`() {
    let reference = SecretReference.command(["vault", "-token=s3cret-argument"], folder: "", variables: ["VAULT_ADDR"])
    let failure = #expect(throws: OperationFailure.self) { try reference.resolve(environment: ["PATH": "/bin"]) }
    #expect(
      failure?.description
        == "the environment has no VAULT_ADDR, which `env` of {command: [vault, …]} names: set it, or remove it from the list")
    #expect(failure?.exitCode == .configuration)
  }

  @Test(arguments: ["exit 3", "echo", "no-such-program-at-all", "echo $0 >&2; exit 1"])
  func `what fails does not repeat a command's arguments`(_ script: String) {
    let reference = SecretReference.command(["sh", "-c", script, "s3cret-argument", "--password=hunter2"], folder: "")
    let failure = #expect(throws: OperationFailure.self) { try reference.resolve(environment: ["PATH": Self.path]) }
    #expect(failure?.description.contains("{command: [sh, …]}") == true)
    for part in ["s3cret", "hunter2", "exit", "no-such"] { #expect(failure?.description.contains(part) == false) }
  }

  @Test func `the redactor knows resolved secrets, and those passed to a helper`() throws {
    let folder = TemporaryFolder()
    try folder.write("token", " token-in-a-file-1\nmore\n")
    let environment = [
      "PATH": Self.path, "GHL": "token-in-a-variable-1", "VAULT_TOKEN": "token-of-the-vault-1",
      "VAULT_ADDR": "address-of-the-vault-1",
    ]
    _ = try SecretReference.environment("GHL").resolve(environment: environment)
    _ = try SecretReference.file("\(folder.path)/token").resolve(environment: environment)
    _ = try SecretReference.command(
      ["sh", "-c", "echo token-of-$0-1", "command"], folder: "", variables: ["VAULT_TOKEN", "VAULT_ADDR"]
    ).resolve(environment: environment)
    for secret in ["token-in-a-file-1", "token-in-a-variable-1", "token-of-the-vault-1", "token-of-command-1"] {
      #expect(Redactor.process.redacted("a \(secret) b") == "a <redacted> b")
    }
    #expect(Redactor.process.redacted("address-of-the-vault-1") == "address-of-the-vault-1")
  }

  private static func pipeline(_ auth: String) -> (document: PipelineDocument?, diagnostics: Diagnostics) {
    let text = """
      pipeline: p
      source: {ghl: {location: loc, auth: \(auth)}}
      mappings: [a.yaml]
      destinations: {files: {csv: {path: out.csv}}}
      """
    return PipelineDocument.read(file: "waybill.yaml", text: text, environment: [:])
  }

  @Test func `a command can list the variables that it needs`() throws {
    let (document, diagnostics) = Self.pipeline("{token: {command: [vault, read], env: [VAULT_ADDR, VAULT_TOKEN]}}")
    #expect(diagnostics.all.map(\.message) == [])
    guard case .ghl(let source)? = document?.source else {
      Issue.record("no source")
      return
    }
    #expect(source.token == .command(["vault", "read"], folder: "", variables: ["VAULT_ADDR", "VAULT_TOKEN"]))
  }

  @Test(arguments: [
    ("{token: {command: [vault], env: []}}", "2:69 wrong-kind"),
    ("{token: {command: [vault], env: [A B]}}", "2:70 literal-secret"),
    ("{token: {command: [vault], env: A}}", "2:64 wrong-kind"), ("{token: {file: t, env: [A]}}", "2:55 wrong-kind"),
    ("{token: {env: [A]}}", "2:51 wrong-kind"),
  ])
  func `invalid values of a command's env are refused`(auth: String, found: String) {
    let diagnostics = Self.pipeline(auth).diagnostics
    #expect(diagnostics.sorted.map { "\($0.place.line):\($0.place.column) \($0.code.rawValue)" } == [found])
  }

  static let token = "pit-9f8e7d6c-5b4a-3210-9876-543210fedcba"

  @Test(arguments: [
    token, "{token: \(token)}", "{tokn: \(token)}", "{token: {env: \(token)}}", "{token: {env: A}, fallback: \(token)}",
    "{token: {value: \(token)}}", "{token: [\(token)]}", "{\(token): x}", "{token: {env: A, \(token): x}}",
    "{token: {env: ab12cd34ef56ab12cd34}}",
    "{oauth: \(token)}", "{token: ${\(token)}}", "{token: \"\(token)}",
    "{token: {file: \(token)}}", "{token: {file: secrets/\(token)}}", "{token: {file: \"${NO_FILE:-\(token)}\"}}",
    "{token: {file: 9f8e7d6c-5b4a-3210-9876-543210fedcba}}", "{token: {command: [/nonexist/\(token)]}}",
    "{token: {command: [\"vault read --token=\(token) secret/ghl\"]}}", "{token: {command: [vault, --token=\(token)]}}",
    "{token: {command: [vault, -token, ab12cd34ef56ab12cd34]}}", "{token: {command: [env, VAULT_TOKEN=ab12cd34ef56, vault]}}",
    "{token: {command: [vault, \"${NO_TOKEN:-\(token)}\"]}}", "{token: {command: [vault], env: [\(token)]}}",
    "{token: {command: [vault], env: [VAULT_TOKEN=\(token)]}}", "{token: {command: [vault], env: {VAULT_TOKEN: \(token)}}}",
    "{token: {env: \"${NO_NAME:-\(token)}\"}}", "{token: {env: A}, fallback: {file: \(token)}}",
    "{token: {env: A}, fallback: {command: [curl, -H, \"Authorization: Bearer \(token)\"]}}",
  ])
  func `a secret typed into the file is in no message and no frame`(_ auth: String) {
    let diagnostics = Self.pipeline(auth).diagnostics
    #expect(diagnostics.hasErrors)
    let shown = diagnostics.sorted.map { diagnostics.text(of: $0) }.joined(separator: "\n")
    #expect(!shown.contains("9f8e7d6c") && !shown.contains("ab12cd34"), "\(shown)")
  }

  @Test(arguments: [
    "{file: \(token)}", "{file: \"secrets/${NO_NAME:-\(token)}\"}", "{command: [/nonexist/\(token)]}",
    "{command: [\"vault read -token=\(token) secret/ghl\"]}", "{command: [vault, read, -token=\(token)]}",
    "{command: [vault], env: [VAULT_TOKEN=\(token)]}",
  ])
  func `a secret in place of its path or in a command is literal-secret`(_ place: String) {
    for auth in ["{token: \(place)}", "{token: {env: A}, fallback: \(place)}"] {
      #expect(Self.pipeline(auth).diagnostics.all.map(\.code) == [.literalSecret])
    }
    #expect(Redactor.process.redacted("a \(Self.token) b") == "a <redacted> b")
  }

  @Test(arguments: [
    "{file: /run/secrets/ghl_token}", "{file: ../secrets/Acme-GHL-token-2024.txt}", "{command: [./bin/get-GHL-token-2024.sh]}",
    "{command: [gcloud, secrets, versions, access, latest, --secret=GHL-token-2024, --project=Acme-prod-123456]}",
    "{command: [op, read, \"op://Private/GHL 2024/credential\"]}",
    "{command: [aws, secretsmanager, get-secret-value, --secret-id, \"arn:aws:secretsmanager:us-east-1:123456789012:secret:GHL\"]}",
    "{command: [bw, get, password, 9f8e7d6c-5b4a-3210-9876-543210fedcb0]}",
    "{command: [vault, kv, get, -field=token, secret/ghl]}",
    "{command: [sh, -c, \"TOKEN=$(cat t) vault read\"]}", "{env: ASIA_PACIFIC_TOKEN}", "{env: GHLTOKEN2}",
  ])
  func `names, paths and ids are not taken for secrets`(_ place: String) {
    #expect(Self.pipeline("{token: \(place)}").diagnostics.all.map(\.message) == [])
  }

  @Test func `the redactor learns random arguments of commands, and not the ids of the source`() {
    let text = """
      pipeline: p
      source: {ghl: {location: ve9EPM428h8vShlRW1KT, auth: {token: {command: [get, --location=ve9EPM428h8vShlRW1KT, "s3cretArg-77 x",
        --password, correct-horse-of-ours, "-H=${GUARD_TOKEN}"]}}}}
      mappings: [a.yaml]
      destinations: {files: {csv: {path: out.csv}}}
      """
    let environment = ["GUARD_TOKEN": "value-of-a-variable"]
    let (document, diagnostics) = PipelineDocument.read(file: "waybill.yaml", text: text, environment: environment)
    #expect(document != nil && diagnostics.all.isEmpty)
    for secret in ["s3cretArg-77", "correct-horse-of-ours", "value-of-a-variable"] {
      #expect(Redactor.process.redacted("a \(secret) b") == "a <redacted> b")
    }
    #expect(Redactor.process.redacted("at ve9EPM428h8vShlRW1KT") == "at ve9EPM428h8vShlRW1KT")
  }

  @Test(arguments: [
    (SecretReference.file("secrets/\(token)"), "{file: secrets/<hidden>}"),
    (.file("9f8e7d6c-5b4a-3210-9876-543210fedcba"), "{file: <hidden>}"),
    (.command(["vault read --token=\(token) secret/ghl"], folder: ""), "{command: [vault, …]}"),
    (.command(["/usr/bin/vault\tread s3cret"], folder: ""), "{command: [vault, …]}"),
    (.command(["/nonexist/\(token)"], folder: ""), "{command: [<hidden>]}"),
    (.command(["TOKEN=s3cret vault"], folder: ""), "{command: [TOKEN, …]}"),
    (.environment(token), "{env: <hidden>}"),
  ])
  func `messages name the place of a secret without showing one`(_ reference: SecretReference, _ text: String) {
    #expect(reference.text == text)
    let failure = #expect(throws: OperationFailure.self) { try reference.resolve(environment: ["PATH": Self.path]) }
    #expect(failure?.description.contains("9f8e7d6c") == false && failure?.description.contains("s3cret") == false)
  }

  @Test func `pipes, devices, folders and endless files are refused`() throws {
    let folder = TemporaryFolder()
    #expect(mkfifo("\(folder.path)/pipe", 0o600) == 0)
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/link", withDestinationPath: "pipe")
    try folder.write("large", String(repeating: "x", count: 70_000))
    let start = ContinuousClock.now
    for (path, part) in [
      ("\(folder.path)/pipe", "not a regular file"), ("\(folder.path)/link", "not a regular file"),
      ("/dev/zero", "not a regular file"), ("/dev/null", "not a regular file"), (folder.path, "not a regular file"),
      ("\(folder.path)/large", "larger than 64 KiB"), ("\(folder.path)/none", "cannot be read"),
    ] {
      let failure = #expect(throws: OperationFailure.self) { try SecretReference.file(path).resolve(environment: [:]) }
      #expect(failure?.description.contains(part) == true, "\(path)")
      #expect(failure?.exitCode == .configuration)
    }
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test func `a helper that tries to use the terminal is killed at once`() {
    let start = ContinuousClock.now
    let reference = SecretReference.command(["sh", "-c", "kill -TTIN $$; echo token"], folder: "")
    let failure = #expect(throws: OperationFailure.self) { try reference.resolve(environment: ["PATH": Self.path]) }
    #expect(failure?.description.contains("helper commands cannot prompt") == true)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test(arguments: ["{opaque-hunter2: 1}", "{env: T, opaque-hunter2}", "!opaque-hunter2 x", "{env: {opaque-hunter2: y}}"])
  func `a secret in the place of a key or a tag is in no message`(_ token: String) {
    let text = """
      pipeline: p
      source: {ghl: {location: l, auth: {token: \(token)}}}
      mappings: [m.yaml]
      destinations: {a: {csv: {path: "out/{mapping}.csv"}}}

      """
    let (_, diagnostics) = PipelineDocument.read(file: "waybill.yaml", text: text, environment: [:])
    #expect(diagnostics.hasErrors)
    for diagnostic in diagnostics.all {
      // As every sink shows it.
      let shown = Redactor.process.redacted(diagnostics.text(of: diagnostic))
      #expect(!shown.contains("opaque-hunter2"), "\(shown)")
    }
  }

  @Test(arguments: [#""a\0b.yaml""#, #""out/a\0b.csv""#])
  func `a text with a NUL is refused`(_ path: String) {
    let text = "pipeline: p\nsource: {csv: {contact: x.csv}}\nmappings: [\(path)]\ndestinations: {a: {csv: {path: \(path)}}}\n"
    let (_, diagnostics) = PipelineDocument.read(file: "waybill.yaml", text: text, environment: [:])
    #expect(diagnostics.all.contains { $0.message.contains("a NUL character") })
    #expect(!FileBoundary(["/"]).contains("/etc/passwd\0.json"))
  }
}
