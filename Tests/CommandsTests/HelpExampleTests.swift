import ArgumentParser
import Core
import Foundation
import Sandbox
import TestSupport
import Testing

@testable import Commands

/// Every example that `--help` shows, run by a shell as it would be after a paste: in a project that has run once against a
/// sandbox on this machine, beside a few files of the names that the examples use.
@Suite("Examples of --help", .ends(withinMinutes: 15))
struct HelpExampleTests {
  struct Example: Sendable, CustomTestStringConvertible {
    /// The command whose help has it.
    var command: String
    var line: String

    var testDescription: String { line }
    /// It runs until it is interrupted.
    var isEndless: Bool { line.contains("--watch") || line.hasPrefix("waybill sandbox") }
    /// It changes a contact at GHL that the sandbox does not have.
    var isWrite: Bool { ["ghl DELETE", "ghl PUT"].contains { line.contains($0) } }
    /// It makes the project.
    var needsNoProject: Bool { command == "waybill" || command == "waybill init" }
  }

  static func examples(
    of command: any ParsableCommand.Type = Waybill.self, path: String = "waybill"
  ) -> [Example] {
    var found: [Example] = []
    var isInside = false
    for line in command.configuration.discussion.split(separator: "\n", omittingEmptySubsequences: false) {
      let text = line.trimmingCharacters(in: .whitespaces)
      if !line.hasPrefix("  ") { isInside = text.hasSuffix(":") }
      if isInside, line.hasPrefix("  "), text.firstRange(of: "waybill ") != nil { found.append(.init(command: path, line: text)) }
    }
    return found + subcommands(of: command).flatMap { examples(of: $0, path: "\(path) \($0.configuration.commandName ?? "")") }
  }

  private static func subcommands(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
    command.configuration.subcommands + command.configuration.groupedSubcommands.flatMap(\.subcommands)
  }

  @Test func `every command has an example, and each is of its own command`() {
    let examples = Self.examples()
    #expect(examples.count > 35)
    for command in Self.subcommands(of: Waybill.self) {
      let name = "waybill \(command.configuration.commandName ?? "")"
      #expect(examples.contains { $0.command.hasPrefix(name) && $0.line.contains(name) }, "\(name)")
    }
  }

  @Test func `every example can be pasted and runs`() async throws {
    try await withFolder { folder in
      let options = SandboxOptions(contacts: 1000, businesses: 5, limitScale: 1000)
      try await SandboxServer.withServer(options) { address, _ in
        let environment = [
          "GHL_BASE_URL": address.baseURL, "GHL_TOKEN": address.token, "GHL_LOCATION": address.location,
          "PATH": "\(buildFolder):/usr/bin:/bin", "HOME": folder,
        ]
        let project = folder + "/project"
        let sample = folder + "/sample"
        try await Self.prepare(project: project, sample: sample, environment)
        for example in Self.examples() {
          let place = folder + "/place"
          try FileManager.default.copyItem(atPath: example.needsNoProject ? sample : project, toPath: place)
          let ended = try await Shell.run(example.line, in: place, environment, untilOutput: example.isEndless)
          // Data of the sandbox has records that are rejected.
          // The sample project has only files.
          let isRefused =
            ["journal rebuild", "journal resolve --key", "waybill undo"].contains { example.line.contains($0) }
            || example.line == "waybill replay" || example.line.contains("replay --from")
          let expected = example.isWrite ? [78] : isRefused ? [64] : [0, 4]
          #expect(expected.contains(Int(ended.code)), "\(example.line)\n\(ended.output)")
          #expect(example.isWrite == ended.output.contains("Contact with id ID not found"), "\(example.line)\n\(ended.output)")
          try FileManager.default.removeItem(atPath: place)
        }
      }
    }
  }

  /// A project after its first run, and the files that examples name.
  private static func prepare(project: String, sample: String, _ environment: [String: String]) async throws {
    try FileManager.default.createDirectory(atPath: sample + "/schemas", withIntermediateDirectories: true)
    let first = try await Shell.run(
      "waybill init project && cd project && { waybill run; code=$?; waybill rejects --mapping contacts --output corrected.csv; exit $code; }",
      in: (sample as NSString).deletingLastPathComponent, environment)
    try #require([0, 4].contains(first.code), "\(first.output)")
    let records = "$(find ../project/.waybill/snapshots -name 'contact.ndjson*' | head -1)"
    let files = [
      (
        "api.yaml",
        "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {/people: {post: {requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Person'}}}}, responses: {}}}}\ncomponents: {schemas: {Person: {type: object, properties: {id: {type: string}}}, C: {type: object}}}\n"
      ),
      ("contact.schema.json", #"{"type":"object","required":["id"]}"#), ("c.json", #"{"id":"c1"}"#),
      (
        "people.yaml",
        "mapping: 1\nname: people\nsource: {entity: person, key: id}\ntarget: {entity: person, key: id}\nfields: {id: id, name: name}\n"
      ),
      ("a.csv", "id,name\n1,Ada\n2,Grace\n"), ("people.csv", "id,name\n1,Ada\n2,Grace\n"),
      ("people.ndjson", #"{"id":"1","name":"Ada"}"# + "\n"),
      ("journal.ndjson", #"{"format":"waybill-journal","version":2}"# + "\n" + #"{"records":0}"# + "\n"),
      ("schemas/contact.json", #"{"type":"object","properties":{"id":{"type":"string"},"email":{"type":["string","null"]}}}"#),
    ]
    for (name, text) in files { try text.write(toFile: "\(sample)/\(name)", atomically: true, encoding: .utf8) }
    let copied = try await Shell.run(
      """
      case \(records) in *.gz) zcat \(records);; *) cat \(records);; esac | head -50 > contacts.ndjson
      case \(records) in *.gz) zcat \(records);; *) cat \(records);; esac > all.ndjson
      waybill transform --mapping ../project/mappings/contacts.yaml --input all.ndjson --output target.ndjson --lenient
      mkdir -p mappings && printf 'id;name\\n1;Zo\\xeb\\n' > export.csv && cp people.yaml mappings
      test -s contacts.ndjson && gzip -k contacts.ndjson && head -1 contacts.ndjson > contact.json && cp -r ./* ../project
      """, in: sample, environment)
    try #require(copied.code == 0, "\(copied.output)")
  }
}
