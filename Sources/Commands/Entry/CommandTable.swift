import ArgumentParser
import Core

/// The commands with their options, as they are declared. The parser describes itself in JSON, so nothing is stated twice.
struct CommandTable {
  struct Option {
    /// As they are written: `--quiet`, `-q`.
    var names: [String]
    var takesValue: Bool
    /// The values that it accepts; empty if they cannot be listed.
    var values: [String]
    /// The kind of value, as the help shows it: `n`, `file`.
    var valueName: String
  }

  struct Command {
    /// `["runs", "list"]`; empty for `waybill` itself.
    var path: [String]
    var options: [Option]
    /// One entry for each argument without a name; a repeatable one is the last.
    var positionals: [Option]
    var subcommands: [Command]
    var defaultSubcommand: String?

    /// `waybill runs list`.
    var title: String { (["waybill"] + path).joined(separator: " ") }

    var optionNames: [String] { options.flatMap(\.names) }

    func option(_ name: String) -> Option? { options.first { $0.names.contains { $0.isExactly(name) } } }

    func subcommand(_ name: String) -> Command? { subcommands.first { $0.path.last?.isExactly(name) == true } }
  }

  let root: Command

  /// Takes a few milliseconds: only for command lines that the parser refused.
  init() { root = Self.command((try? JSONReader.read(Waybill._dumpHelp()))?["command"] ?? .null, []) }

  /// Every command that can be named, without `help`.
  var all: [Command] { root.subcommands.flatMap { [$0] + $0.subcommands } }

  private static func command(_ json: JSONValue, _ path: [String]) -> Command {
    let arguments = json["arguments"]?.arrayValue ?? []
    func options(_ isPositional: Bool) -> [Option] {
      arguments.filter { ($0["kind"]?.stringValue == "positional") == isPositional }.map(option)
    }
    let subcommands = (json["subcommands"]?.arrayValue ?? []).filter { $0["commandName"]?.stringValue != "help" }
    return Command(
      path: path, options: options(false), positionals: options(true),
      subcommands: subcommands.map { command($0, path + [$0["commandName"]?.stringValue ?? ""]) },
      defaultSubcommand: json["defaultSubcommand"]?.stringValue)
  }

  private static func option(_ json: JSONValue) -> Option {
    let names = (json["names"]?.arrayValue ?? []).map { name in
      (name["kind"]?.stringValue == "long" ? "--" : "-") + (name["name"]?.stringValue ?? "")
    }
    return Option(
      names: names, takesValue: json["kind"]?.stringValue == "option",
      values: (json["allValues"]?.arrayValue ?? []).compactMap(\.stringValue), valueName: json["valueName"]?.stringValue ?? "")
  }
}
