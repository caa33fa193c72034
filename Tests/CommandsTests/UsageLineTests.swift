import ArgumentParser
import Core
import Testing

@testable import Commands

@Suite("Usage lines")
struct UsageLineTests {
  @Test(arguments: [
    ("USAGE: waybill ghl [<options>] <method> <path>", "USAGE: waybill ghl [<options>] <method> <path>"),
    (
      "Usage: waybill list <what> [--location <id>] [--fault <fault> ...] [--json] [--project <dir>] [--state <dir>]",
      "Usage: waybill list [<options>] <what>"
    ),
    (
      "USAGE: waybill runs show [<run>] --must <given> [--json] [--project <dir>] [--state <dir>] [--quiet] [--no-color]",
      "USAGE: waybill runs show [<options>] [<run>] --must <given>"
    ),
    ("\n  a line that is not one of usage: [--json] and goes on for more than eighty columns, to its end\n", nil),
  ])
  func `a long line keeps its required parts`(line: String, short: String?) {
    #expect(UsageLine.shortened(in: line) == short ?? line)
  }

  @Test func `the help of every command fits into 80 columns`() async {
    var commands = [[String]]()
    for command in CommandTable().all { commands.append(command.path) }
    #expect(commands.count >= 20)
    for path in [[]] + commands {
      let help = await waybill(path + ["--help"])
      #expect(help.code == .done && help.output.contains("USAGE: waybill"))
      for line in help.output.split(separator: "\n") { #expect(CellWidth.of(line) <= 80, "\(path): \(line)") }
    }
    let wrong = await waybill("list")
    #expect(wrong.code == .usage && wrong.error.contains("Usage: waybill list [<options>] <what>\n"), "\(wrong.error)")
  }
}
