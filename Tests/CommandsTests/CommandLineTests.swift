import ArgumentParser
import Core
import Testing

@testable import Commands

@Suite("The command line")
struct CommandLineTests {
  /// Every command, with the words that lead to it.
  static let commands: [([String], any ParsableCommand.Type)] = {
    var found: [([String], any ParsableCommand.Type)] = []
    for group in Waybill.configuration.groupedSubcommands {
      for command in group.subcommands {
        let name = command.configuration.commandName ?? ""
        found.append(([name], command))
        for inner in command.configuration.subcommands { found.append(([name, inner.configuration.commandName ?? ""], inner)) }
      }
    }
    return found
  }()

  @Test("Each command's help has an example that the parser takes", arguments: commands.map(\.0))
  func examples(words: [String]) async throws {
    let help = await waybill(words + ["--help"])
    #expect(help.code == .done)
    #expect(help.error.isEmpty)
    let examples = help.output.split(separator: "\n").map { $0.drop { $0 == " " } }.filter {
      $0.hasPrefix("waybill " + words.joined(separator: " "))
    }
    #expect(!examples.isEmpty)
    for example in examples {
      let arguments = Self.words(of: String(example)).dropFirst()
      #expect(throws: Never.self) { try Waybill.parseAsRoot(Array(arguments)) }
    }
  }

  /// As a shell splits a line: blanks part words, but for those within quotes.
  private static func words(of line: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in line {
      if let open = quote {
        if character == open { quote = nil } else { word?.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if character == " " {
        if let whole = word { words.append(whole) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }

  @Test("Each command takes the common options", arguments: commands.map(\.0))
  func commonOptions(words: [String]) async {
    let help = await waybill(words + ["--help"])
    guard words != ["runs"], words != ["journal"] else { return }
    for option in ["--project", "--state", "--quiet", "--no-color", "--log-format"] {
      #expect(help.output.contains(option), "\(option)")
    }
  }

  @Test func `The help of waybill names every command and every exit code`() async {
    let help = await waybill("--help")
    #expect(help.code == .done)
    for (words, _) in Self.commands where words.count == 1 { #expect(help.output.contains("\n  \(words[0]) "), "\(words[0])") }
    for code in ExitCode.allCases { #expect(help.output.contains("\(code.rawValue)  \(code.meaning)")) }
  }

  @Test func `The version is printed on standard output`() async {
    let version = await waybill("--version")
    #expect(version.code == .done)
    #expect(version.output == "waybill \(Waybill.version)\n")
  }

  @Test(
    "What cannot be understood ends with 64 and a sentence",
    arguments: [
      (["chek"], "there is no command 'chek'; did you mean 'check'?"),
      (["xyzzy"], "there is no command 'xyzzy'; `waybill --help` lists the commands"),
      (["help", "chek"], "there is no command 'chek'; did you mean 'check'?"),
      (["prune"], "'prune' is not in this version yet"),
      (["load", "--mapping", "m", "--input", "x.json"], "--to"),
      (["load", "--mapping", "m", "--inptu", "x.json", "--to", "d"], "unknown option --inptu: did you mean --input?"),
      (["load", "--mapping", "m", "--input", "x.json", "--to", "d", "--limit", "0"], "--limit 0: it must be 1 or more"),
      (["load", "--mapping", "m", "--input", "-", "--to", "d", "--dry-run", "--publish-partial"], "it conflicts with"),
      (["run", "--against", "destination"], "--against requires --dry-run"),
      (["run", "--dry-run", "--against", "files"], "--against"),
      (["run", "--resume", "latest", "--against", "destination"], "--against requires --dry-run"),
      (["load", "--mapping", "m", "--input", "-", "--to", "d", "--against", "destination"], "--against requires --dry-run"),
      (["run", "--full"], "'--full' of `waybill run` is not in this version yet"),
      (["run", "--apply", "r1", "--dry-run"], "a dry run that is applied keeps its original options"),
      (["run", "--apply", "r1", "--resume", "r1"], "--resume and --apply each name a run"),
      (["load", "--mapping", "m", "--input", "-", "--to", "d", "--budget", "0"], "--budget 0: it must be 1 or more"),
      (["replay", "--budget", "0"], "--budget 0: it must be 1 or more"),
      (["functions", "--jsno"], "unknown option --jsno: did you mean --json?"),
      (["functions", "phnoe"], "there is no function 'phnoe'; did you mean 'phone'?"),
      (["explain", "unknown-source-feild"], "did you mean 'unknown-source-field'?"),
      (["explain", "5"], "waybill has no exit code 5"),
      (["ledger", "--format", "xml"], "xml"),
      (["ledger", "--limit", "0"], "--limit 0: it must be 1 or more"),
      (["run", "--snapshot", "latest", "--limit", "5"], "--limit narrows an extraction"),
      (["run", "--snapshot", "latest", "--business", "A"], "--business narrows an extraction"),
      (["sandbox", "--port", "99999"], "--port 99999 is not a port"),
      (["sandbox", "--fault", "sloww"], "did you mean 'slow'?"),
      (["sandbox", "--limit-scale", "0"], "--limit-scale"),
      (["sandbox", "--locations", "0"], "--locations 0: must be from 1 to 100"),
      (["sandbox", "--locations", "101"], "--locations 101: must be from 1 to 100"),
    ])
  func wrongUsage(arguments: [String], message: String) async {
    let ended = await waybill(arguments)
    #expect(ended.code == .usage)
    #expect(ended.output.isEmpty)
    #expect(ended.error.hasPrefix("waybill: "))
    #expect(ended.error.contains(message), "\(ended.error)")
  }

  @Test("No command of a later version is in the help", arguments: CommandNames.later.sorted())
  func laterCommands(name: String) async {
    let help = await waybill("--help")
    #expect(!help.output.contains("\n  \(name) "))
    #expect(!CommandNames.known.contains(name))
  }

  @Test(
    "A reader of the output that goes away does not change what a command ends with",
    arguments: [
      (["check", "/dev/null", "--json"], Core.ExitCode.wrongFile), (["functions"], .done),
    ])
  func closedOutput(arguments: [String], code: Core.ExitCode) async {
    var console = Captured().console()
    console.writeOutput = { _ in throw Console.OutputClosed() }
    #expect(await CommandEntry.run(arguments, in: Surroundings(console: console)) == code)
  }

  @Test func `A signal after the work is done does not change the code`() async {
    let work = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await waybill("functions")
    }
    #expect(await work.value.code == .done)
  }

  @Test("plan, extract and run share what they take of a source", arguments: ["plan", "extract", "run"])
  func sharedOptions(command: String) async {
    let help = await waybill(command, "--help").output
    for option in ["location", "business", "mapping", "to", "limit", "budget", "max-duration", "summary", "shard"] {
      #expect(help.contains("--\(option) "), "\(option)")
    }
  }
}
