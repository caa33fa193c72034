import ArgumentParser
import Core

/// The first word of the command line: a known command, one of a later version, or a typo.
enum CommandNames {
  /// Commands that the design names and this version does not have.
  static let later: Set<String> = [
    "auth", "prune", "forget",
  ]

  /// Options of commands, as the design names them, that this version does not have.
  static let laterOptions: [String: [String]] = ["run": ["--full"]]

  static var known: [String] {
    var names = ["help"]
    for group in Waybill.configuration.groupedSubcommands {
      for command in group.subcommands {
        if let name = command.configuration.commandName { names.append(name) }
      }
    }
    return names
  }

  /// Why the first word is not a command; nil if the parser may continue.
  static func refusal(of arguments: [String]) -> String? {
    // `help` prints its own page for unknown words.
    if arguments.first == "help", arguments.count > 2, let message = UsageFault(Array(arguments.dropFirst())).unknownSubcommand {
      return message
    }
    let asked = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
    guard let word = asked, !word.hasPrefix("-") else { return nil }
    if let later = laterOptions[word] { return refusal(of: arguments.dropFirst(), to: word, later) }
    guard !known.contains(word) else { return nil }
    if later.contains(word) {
      return "'\(word)' is not in this version yet; `waybill --help` lists the commands that are"
    }
    let hint = NearestName.hint(word, in: known) ?? "`waybill --help` lists the commands"
    return "there is no command '\(word)'; \(hint)"
  }

  private static func refusal(of arguments: ArraySlice<String>, to command: String, _ later: [String]) -> String? {
    let options = arguments.prefix { $0 != "--" }.map { String($0.prefix { $0 != "=" }) }
    guard let option = options.first(where: { later.contains($0) }) else { return nil }
    return "'\(option)' of `waybill \(command)` is not in this version yet; `waybill help \(command)` lists the options that are"
  }
}
