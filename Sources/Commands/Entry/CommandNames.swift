import ArgumentParser
import Core

/// The first word of the command line: known, of a later version, or a slip of the keyboard.
enum CommandNames {
  /// Commands that the design names and this version does not have.
  static let later: Set<String> = [
    "test", "eval", "validate", "load", "replay", "reconcile", "undo", "journal", "rejects", "profile", "report", "gates",
    "auth", "prune", "forget",
  ]

  static var known: [String] {
    var names = ["help"]
    for group in Waybill.configuration.groupedSubcommands {
      for command in group.subcommands {
        if let name = command.configuration.commandName { names.append(name) }
      }
    }
    return names
  }

  /// Why the first word is no command; nil where the parser may go on.
  static func refusal(of arguments: [String]) -> String? {
    // `help` prints its own page for whatever it does not know.
    let asked = arguments.first == "help" ? arguments.dropFirst().first : arguments.first
    guard let word = asked, !word.hasPrefix("-"), !known.contains(word) else { return nil }
    if later.contains(word) {
      return "'\(word)' is not in this version yet; `waybill --help` lists the commands that are"
    }
    let hint = NearestName.hint(word, in: known) ?? "`waybill --help` lists the commands"
    return "there is no command '\(word)'; \(hint)"
  }
}
