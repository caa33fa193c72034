import Core
import Foundation
import Testing

@testable import Pipeline

@Suite struct SecretReferenceTests {
  private static let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"

  @Test func `a command gets PATH, HOME and LANG, and the variables that are named`() throws {
    // Its output is a secret: what it holds is looked at by the command itself.
    let script = #"test "$PATH$HOME$LANG$VAULT_ADDR" = "$1" && test -z "$OTHER" && echo token-of-ours"#
    let environment = ["PATH": Self.path, "HOME": "/h", "LANG": "C", "VAULT_ADDR": "http://v", "OTHER": "x"]
    for (variables, seen) in [(["VAULT_ADDR"], "\(Self.path)/hChttp://v"), ([], "\(Self.path)/hC")] {
      let reference = SecretReference.command(["sh", "-c", script, "sh", seen], folder: "", variables: variables)
      #expect(throws: Never.self) { try reference.resolve(environment: environment) }
    }
  }

  @Test func `a named variable that is not set is reported as an error`() {
    let reference = SecretReference.command(["vault", "-token=s3cret-argument"], folder: "", variables: ["VAULT_ADDR"])
    let failure = #expect(throws: SecretReference.Failure.self) { try reference.resolve(environment: ["PATH": "/bin"]) }
    #expect(
      failure?.description
        == "the environment has no VAULT_ADDR, which `env` of {command: [vault, …]} names: set it, or remove it from the list")
    #expect(failure?.exitCode == .configuration)
  }

  @Test(arguments: ["exit 3", "echo", "no-such-program-at-all", "echo $0 >&2; exit 1"])
  func `what fails does not repeat a command's arguments`(_ script: String) {
    let reference = SecretReference.command(["sh", "-c", script, "s3cret-argument", "--password=hunter2"], folder: "")
    let failure = #expect(throws: SecretReference.Failure.self) { try reference.resolve(environment: ["PATH": Self.path]) }
    #expect(failure?.description.contains("{command: [sh, …]}") == true)
    for part in ["s3cret", "hunter2", "exit", "no-such"] { #expect(failure?.description.contains(part) == false) }
  }

  @Test func `the redactor knows what was resolved, and the secrets that a helper was given`() throws {
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

  @Test func `a command may name the variables that it needs`() throws {
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
  ])
  func `a secret typed into the file is in no message and in no frame`(_ auth: String) {
    let diagnostics = Self.pipeline(auth).diagnostics
    #expect(diagnostics.hasErrors)
    let shown = diagnostics.sorted.map { diagnostics.text(of: $0) }.joined(separator: "\n")
    #expect(!shown.contains("9f8e7d6c") && !shown.contains("ab12cd34"), "\(shown)")
  }
}
