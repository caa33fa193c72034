import ArgumentParser
import Core
import Foundation
import Mapping
import Pipeline
import PipelineFile
import Sandbox
import Testing
import Transform

@testable import Commands

/// The documentation names what the program has, and nothing else.
@Suite("Documentation")
struct DocumentationTests {
  private static let catalog = checkout + "/Sources/waybill/Documentation.docc"
  private static let pages = [
    "Waybill", "GettingStarted", "MappingLanguage", "PipelineFile", "HTTPDestination", "GHLDestination", "CommandLine", "GHL",
    "YourApp", "Operating", "Architecture", "Performance",
  ]

  private static func page(_ name: String) throws -> String {
    try String(contentsOfFile: "\(catalog)/\(name).md", encoding: .utf8)
  }

  /// What a text has within backticks, and the words in it.
  private static func code(in text: String) -> Set<String> {
    var found: Set<String> = []
    for match in text.matches(of: /`([^`\n]+)`/) {
      found.insert(String(match.1))
      for word in match.1.split(whereSeparator: { " ,:;=()[]{}|\"'".contains($0) }) { found.insert(String(word)) }
    }
    // Blocks of code are indented or fenced.
    for block in text.split(separator: "```", omittingEmptySubsequences: false).enumerated() where block.offset % 2 == 1 {
      for word in block.element.split(whereSeparator: { " ,:;=()[]{}|\"'\n".contains($0) }) { found.insert(String(word)) }
    }
    return found
  }

  private static func missing(_ names: some Sequence<String>, from pages: String...) throws -> [String] {
    let code = try pages.reduce(into: Set<String>()) { try $0.formUnion(Self.code(in: page($1))) }
    return names.filter { !code.contains($0) }
  }

  private static let commands: [any ParsableCommand.Type] = {
    func all(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
      let configuration = command.configuration
      return [command] + (configuration.subcommands + configuration.groupedSubcommands.flatMap(\.subcommands)).flatMap(all)
    }
    return all(Waybill.self)
  }()

  private static func flags(in text: String) -> Set<String> {
    Set(text.matches(of: /(?:^|[\s`\[(,])(--[a-z][a-z-]*[a-z])/).map { String($0.1) })
  }

  private static let options: Set<String> = commands.reduce(into: []) {
    $0.formUnion(flags(in: Waybill.helpMessage(for: $1, columns: 500)))
  }

  @Test func `Messages name only options that commands have`() {
    #expect(CommandOption.allCases.map(\.description).filter { !Self.options.contains($0) } == [])
  }

  @Test func `Every command and every option is in CommandLine, and no other option`() throws {
    let names = Self.commands.compactMap { $0.configuration.commandName }.filter { $0 != "waybill" }
    #expect(names.count > 15)
    #expect(try Self.missing(names, from: "CommandLine") == [])
    let known = Self.options
    #expect(known.count > 40)
    let text = try Self.page("CommandLine")
    let documented = Self.code(in: text).filter { $0.hasPrefix("--") }
    #expect(known.subtracting(documented).sorted() == [])
    // A parser's own, which no help text lists.
    let hidden: Set = ["--generate-completion-script", ManualPage.option]
    #expect(Self.flags(in: documented.joined(separator: " ")).subtracting(known).subtracting(hidden).sorted() == [])
  }

  @Test func `Every fault of the sandbox is documented`() throws {
    #expect(FaultPlan.names.count > 40)
    #expect(try Self.missing(FaultPlan.ghlNames, from: "CommandLine") == [])
    #expect(try Self.missing(FaultPlan.appNames, from: "YourApp") == [])
  }

  @Test func `Every exit code is in CommandLine, with the meaning that help prints`() throws {
    #expect(try Self.missing(Core.ExitCode.allCases.map { String($0.rawValue) }, from: "CommandLine") == [])
  }

  /// `WAYBILL_REWRITE_GOLDEN=1` rewrites the tables.
  @Test func `The tables of functions in MappingLanguage are those of the library`() throws {
    var text = try Self.page("MappingLanguage")
    var found: [String] = []
    for group in FunctionLibrary.standard.groups {
      let heading = try #require(text.range(of: "### \(group.title)\n\n"), "no section '\(group.title)'")
      let rest = text[heading.upperBound...]
      var end = rest.startIndex
      for line in rest.split(separator: "\n", omittingEmptySubsequences: false) {
        guard line.isEmpty || line.hasPrefix("|") else { break }
        end = line.endIndex
      }
      let tables = FunctionReference.markdown(of: group)
      if text[heading.upperBound..<end] != tables { found.append(group.title) }
      text.replaceSubrange(heading.upperBound..<end, with: tables)
    }
    if ProcessInfo.processInfo.environment["WAYBILL_REWRITE_GOLDEN"] == "1" {
      try text.write(toFile: "\(Self.catalog)/MappingLanguage.md", atomically: true, encoding: .utf8)
    } else {
      #expect(found == [], "WAYBILL_REWRITE_GOLDEN=1 rewrites these tables")
    }
  }

  @Test func `Every diagnostic and ledger code is in MappingLanguage`() throws {
    let slugs = DiagnosticCode.allCases.map(\.rawValue) + ProblemCode.allCases.filter { $0 != .rule }.map(\.slug)
    #expect(slugs.count > 100)
    #expect(try Self.missing(slugs, from: "MappingLanguage", "PipelineFile", "HTTPDestination", "GHLDestination") == [])
  }

  @Test func `Every key of mapping and pipeline files is in their pages`() throws {
    func keys(_ schema: JSONValue) -> Set<String> {
      switch schema {
      case .array(let elements): elements.reduce(into: []) { $0.formUnion(keys($1)) }
      case .object(let members):
        members.reduce(into: []) { all, member in
          if member.name == "properties", case .object(let properties) = member.value {
            all.formUnion(properties.map(\.name))
          }
          all.formUnion(keys(member.value))
        }
      default: []
      }
    }
    let (mapping, pipeline) = (keys(MappingSchema.json), keys(PipelineSchema.json))
    #expect(mapping.count > 60 && pipeline.count > 20)
    #expect(try Self.missing(mapping.sorted(), from: "MappingLanguage") == [])
    #expect(try Self.missing(pipeline.sorted(), from: "PipelineFile", "HTTPDestination", "GHLDestination") == [])
  }

  @Test func `Each trap in GHLDestination names a test that exists`() throws {
    let traps = try Self.page("GHLDestination").matches(of: /(?m)^\| T(\d+) \| ([^|]+) \|/)
    #expect(traps.map { String($0.1) } == (1...30).map { String($0) })
    var tests: Set<String> = []
    let folder = checkout + "/Tests/GHLLoadTests"
    for file in try FileManager.default.contentsOfDirectory(atPath: folder) where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      tests.formUnion(text.matches(of: /func `([^`]+)`/).map { String($0.1) })
      tests.formUnion(text.matches(of: /@Test\(\s*"([^"]+)"/).map { String($0.1) })
    }
    #expect(traps.map { String($0.2) }.filter { !tests.contains($0) } == [])
  }

  @Test func `Every link between pages leads to a page, and to a heading where it names one`() throws {
    func anchors(_ text: String) -> Set<String> {
      Set(
        text.matches(of: /(?m)^#+ (.+)$/).map { match in
          String(match.1.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" })
            .replacing(" ", with: "-")
        })
    }
    let files =
      [("", "README.md"), ("", "CONTRIBUTING.md")] + Self.pages.map { ("Sources/waybill/Documentation.docc/", $0 + ".md") }
    var links = 0
    for (folder, file) in files {
      let text = try String(contentsOfFile: "\(checkout)/\(folder)\(file)", encoding: .utf8)
      for match in text.matches(of: /\]\(([^)\s]+)\)/) where !match.1.hasPrefix("http") {
        links += 1
        let parts = match.1.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts[0].isEmpty ? "\(checkout)/\(folder)\(file)" : "\(checkout)/\(folder)\(parts[0])"
        #expect(FileManager.default.fileExists(atPath: path), "\(file): \(match.1)")
        guard parts.count == 2, let target = try? String(contentsOfFile: path, encoding: .utf8) else { continue }
        #expect(anchors(target).contains(String(parts[1])), "\(file): \(match.1)")
      }
    }
    #expect(links > 30)
  }

  @Test func `The README stays short, and lists every page`() throws {
    let readme = try String(contentsOfFile: checkout + "/README.md", encoding: .utf8)
    #expect(readme.split(separator: "\n", omittingEmptySubsequences: false).count <= 121)
    let root = try Self.page("Waybill")
    for page in Self.pages.dropFirst() {
      #expect(readme.contains("Documentation.docc/\(page).md"), "\(page)")
      #expect(root.contains("\(page).md"), "\(page)")
    }
  }

  /// Documents outside the repository do not help those who only have the repository.
  @Test func `Comments cite pages that exist`() throws {
    let sources = try #require(FileManager.default.enumerator(atPath: checkout + "/Sources")).allObjects.compactMap {
      $0 as? String
    }
    for file in sources where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: "\(checkout)/Sources/\(file)", encoding: .utf8)
      for match in text.matches(of: /([A-Za-z]+)\.md, "([^"]+)"/) {
        let page = try? Self.page(String(match.1))
        #expect(page?.contains("# \(match.2)\n") == true, "\(file): \(match.0)")
      }
      #expect(!text.contains("mapping.md") && !text.contains("cli.md"), "\(file)")
    }
  }
}
