import ArgumentParser
import Core

/// What is wrong with a command line that the parser refused.
///
/// The parser reports what is missing before what is misspelled, so for `validate --shcema s.json` it asks for `--schema`. Here,
/// a name that does not exist comes first, then a value that is not among those of its option. Everything else is the parser's.
struct UsageFault {
  private static let table = CommandTable()
  private let words: [String]

  /// - Parameter arguments: the command line without the program's name.
  init(_ arguments: [String]) { words = arguments }

  /// One line; nil if the parser's own message is better.
  ///
  /// - Parameter parserMessage: the parser's message.
  func message(_ parserMessage: String) -> String? {
    var (command, start) = (Self.table.root, 0)
    while start < words.count, let next = command.subcommand(words[start]) { (command, start) = (next, start + 1) }
    if !command.subcommands.isEmpty {
      if let unknownSubcommand { return unknownSubcommand }
      if let standard = command.defaultSubcommand, let next = command.subcommand(standard) { command = next }
    }
    if let completionFault { return completionFault }
    let found = Self.read(words[start...], of: command)
    if let option = found.unknown.first { return unknownOption(option, of: command) }
    guard parserMessage.contains("is invalid for") else { return nil }
    for (option, name, value) in found.values {
      if let text = Self.invalidValue(value, name, option, parserMessage) { return text }
    }
    for (option, value) in zip(command.positionals, found.positionals) where !option.values.isEmpty {
      if !option.values.contains(where: { $0.isExactly(value) }) { return Self.choice("'\(value)'", value, option.values) }
    }
    return nil
  }

  /// Why the second word of `runs lst` is not a command; nil if it is one, or if the first takes no command.
  var unknownSubcommand: String? {
    guard let first = words.first, let command = Self.table.root.subcommand(first), !command.subcommands.isEmpty,
      let word = words.dropFirst().first, !word.hasPrefix("-"), command.subcommand(word) == nil
    else { return nil }
    return subcommandMessage(word, of: command)
  }

  private static let completionOption = "--generate-completion-script"

  /// The parser knows this option, but does not list it.
  private var completionFault: String? {
    guard let index = words.firstIndex(where: { $0.prefix { $0 != "=" } == Self.completionOption }) else { return nil }
    let word = words[index]
    let next = index + 1 < words.count && !words[index + 1].hasPrefix("-") ? words[index + 1] : nil
    let shell = word.contains("=") ? String(word.dropFirst(Self.completionOption.count + 1)) : next
    let shells = CompletionShell.allCases.map(\.rawValue)
    guard let shell else { return "\(Self.completionOption): name the shell: \(Wording.list(shells, "or"))" }
    return shells.contains(exactly: shell) ? nil : Self.choice("\(Self.completionOption) \(shell)", shell, shells)
  }

  // MARK: Reading words

  private struct Found {
    /// Without values: `--shcema`.
    var unknown: [String] = []
    var values: [(option: CommandTable.Option, name: String, value: String)] = []
    var positionals: [String] = []
  }

  private static func read(_ words: ArraySlice<String>, of command: CommandTable.Command) -> Found {
    var found = Found()
    var waiting: (option: CommandTable.Option, name: String)?
    for (index, word) in words.enumerated() {
      if let (option, name) = waiting {
        found.values.append((option, name, word))
        waiting = nil
        continue
      }
      if word == "--" {
        found.positionals += words.dropFirst(index + 1)
        break
      }
      guard looksLikeOption(word) else {
        found.positionals.append(word)
        continue
      }
      let name = String(word.prefix { $0 != "=" })
      guard let option = command.option(name) else {
        if !isCluster(name, of: command) { found.unknown.append(name) }
        continue
      }
      guard option.takesValue else { continue }
      if name.utf8.count < word.utf8.count {
        found.values.append((option, name, String(word.dropFirst(name.count + 1))))
      } else {
        waiting = (option, name)
      }
    }
    return found
  }

  /// `-1` is a number, and `-` standard input.
  private static func looksLikeOption(_ word: String) -> Bool {
    guard word.hasPrefix("-"), let first = word.drop(while: { $0 == "-" }).first else { return false }
    return first.isLetter && !word.contains(" ")
  }

  /// `-hq`: several options of one letter.
  private static func isCluster(_ name: String, of command: CommandTable.Command) -> Bool {
    !name.hasPrefix("--") && name.dropFirst().allSatisfy { command.option("-\($0)") != nil }
  }

  // MARK: Messages

  private func subcommandMessage(_ word: String, of command: CommandTable.Command) -> String {
    let names = command.subcommands.compactMap(\.path.last)
    let hint = NearestName.hint(word, in: names) ?? "it has \(Wording.list(names))"
    return "`\(command.title)` has no command '\(word)'; \(hint)"
  }

  private func unknownOption(_ name: String, of command: CommandTable.Command) -> String {
    let long = "--" + name.drop { $0 == "-" }
    if command.path.isEmpty { return misplacedOption(name) }
    // `-json` for `--json`.
    if !long.isExactly(name), command.option(long) != nil { return "unknown option \(name): did you mean \(long)?" }
    let owners = Self.table.all.filter { $0.option(name) != nil && $0.subcommands.isEmpty }.map { $0.path.joined(separator: " ") }
    if !owners.isEmpty {
      return "unknown option \(name): it belongs to \(Wording.list(owners.map { "`\($0)`" })), not to `\(command.title)`"
    }
    let names = command.optionNames.filter { $0.hasPrefix("--") }
    if let near = Self.expected[name].flatMap({ command.option($0) == nil ? nil : $0 }) ?? Self.nearest(long, in: names) {
      return "unknown option \(name): did you mean \(near)?"
    }
    return "unknown option \(name): `\(command.title) --help` lists the options"
  }

  /// Before the command, or without one.
  private func misplacedOption(_ name: String) -> String {
    let later = words.dropFirst().first { word in Self.table.root.subcommand(word) != nil }
    if let later, Self.table.root.subcommand(later)?.option(name) != nil {
      return "\(name) comes after the command: `waybill \(later) \(name)`"
    }
    let hint = Self.nearest("--" + name.drop { $0 == "-" }, in: Self.table.root.optionNames).map { "did you mean \($0)?" }
    return "unknown option \(name): \(hint ?? "`waybill --help` lists the commands, and the options come after them")"
  }

  /// Names that other programs use for our options.
  private static let expected: [String: String] = [
    "-o": "--output", "-i": "--input", "-f": "--format", "-m": "--mapping", "-s": "--schema", "-n": "--limit", "-j": "--threads",
    "-p": "--port", "--out": "--output", "--in": "--input", "--max": "--limit", "--jobs": "--threads", "--silent": "--quiet",
    "--no-colour": "--no-color", "--timezone": "--zone", "--timeout": "--max-duration", "--type": "--format", "--dest": "--to",
  ]

  /// A typo of an option, or the beginning of exactly one.
  private static func nearest(_ name: String, in names: [String]) -> String? {
    if let near = NearestName.find(name, in: names) { return near }
    let longer = name.utf8.count > 4 ? names.filter { $0.hasPrefix(name) } : []
    return longer.count == 1 ? longer[0] : nil
  }

  private static func invalidValue(
    _ value: String, _ name: String, _ option: CommandTable.Option, _ parserMessage: String
  ) -> String? {
    guard option.values.isEmpty else {
      guard let wrong = value.split(separator: ",").map(String.init).first(where: { !option.values.contains(exactly: $0) }),
        !parserMessage.contains("is invalid for '") || parserMessage.contains("'\(value)' is invalid for '\(name) ")
      else { return nil }
      return choice("\(name) \(value)", wrong, option.values)
    }
    // The parser's message names the option; the value's kind decides the wording.
    guard parserMessage.contains("'\(value)' is invalid for '\(name) ") else { return nil }
    return switch option.valueName {
    case "n": "\(name) \(value): it must be a whole number"
    case "x": "\(name) \(value): it must be a number"
    case "time": "\(name) \(value): write a number and its unit: 90s, 15m, 2h"
    default: nil
    }
  }

  private static func choice(_ subject: String, _ value: String, _ values: [String]) -> String {
    let hint = NearestName.find(value, in: values).map { "; did you mean \($0)?" } ?? ""
    return "\(subject): it must be \(Wording.list(values, "or"))\(hint)"
  }
}
