import ArgumentParser

/// The options that every command has.
struct CommonOptions: ParsableArguments {
  enum LogFormat: String, ExpressibleByArgument, CaseIterable, Sendable { case text, json }

  @Option(help: ArgumentHelp("The project folder, which has waybill.yaml (default: the current one).", valueName: "dir"))
  var project: String?

  @Option(help: ArgumentHelp("The state folder (default: .waybill in the project folder).", valueName: "dir"))
  var state: String?

  @Flag(
    name: [.customShort("q"), .long],
    help: "Print only errors and warnings: no report, no notes, no progress.")
  var quiet = false

  @Flag(help: "Print no colors; NO_COLOR in the environment does the same.")
  var noColor = false

  @Option(help: ArgumentHelp("The format of messages on standard error: text or json.", valueName: "format"))
  var logFormat: LogFormat = .text
}

/// For commands that print data.
struct JSONOption: ParsableArguments {
  @Flag(help: "Print JSON instead of text.")
  var json = false
}
