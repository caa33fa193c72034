import ArgumentParser

/// The options that every command has.
struct CommonOptions: ParsableArguments {
  enum LogFormat: String, ExpressibleByArgument, CaseIterable, Sendable { case text, json }

  @Option(help: ArgumentHelp("The project's folder, where waybill.yaml lies (default: this one).", valueName: "dir"))
  var project: String?

  @Option(help: ArgumentHelp("The state folder (default: .waybill of the project).", valueName: "dir"))
  var state: String?

  @Flag(name: [.customShort("q"), .long], help: "No notes and no progress; faults are still told.")
  var quiet = false

  @Flag(help: "No colours; the environment's NO_COLOR says the same.")
  var noColor = false

  @Option(help: ArgumentHelp("How notes are written to standard error: text or json.", valueName: "format"))
  var logFormat: LogFormat = .text
}

/// For commands that print data.
struct JSONOption: ParsableArguments {
  @Flag(help: "One JSON document instead of text.")
  var json = false
}
