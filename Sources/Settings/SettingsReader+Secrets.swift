import Core
package import HTTP
package import Mapping

/// Secrets: where they are kept. Whatever is written in place of a name or a path may be a secret, and is not repeated.
extension SettingsReader {
  /// An unknown key that is not a misspelling may be the secret itself: `token: {S: 1}`. Plain words are exempt: hiding
  /// `location` would hide it everywhere.
  package func learnKeys(_ entries: [YAMLEntry], besides known: [String]) {
    for entry in entries where !known.contains(exactly: entry.key) && NearestName.find(entry.key, in: known) == nil {
      let isWord = entry.key.utf8.count <= 16 && entry.key.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "_") }
      if isWord { continue }
      Redactor.process.learn(entry.key)
    }
  }

  /// `{env: NAME}`, `{file: PATH}` or `{command: [...]}`.
  ///
  /// - Parameters:
  ///   - variable: the name of an environment variable in hints.
  ///   - ids: command arguments that are not secrets.
  package mutating func readSecret(
    _ node: YAMLNode, _ what: String, variable: String, except ids: [String]
  ) -> SecretReference? {
    if node.scalar != nil {
      reportLiteral(node, what, "{env: \(variable)}")
      return nil
    }
    guard let entries = node.entries(what, &diagnostics) else { return nil }
    learnKeys(entries, besides: SecretKeywords.secret.names)
    checkKeys(node, what, SecretKeywords.secret)
    learnLiterals(entries)
    learnVariables(entries)
    var known = entries.filter { SecretKeywords.secret.names.contains($0.key) }
    // For a command, `env` names the variables it gets; values do not belong there.
    for entry in entries where entry.key == "env" && entry.value.entries != nil { learnLiterals(entry.value) }
    let command = known.first { $0.key == "command" }
    let variables = command.flatMap { _ in known.first { $0.key == "env" && $0.value.elements != nil } }
    if command != nil, let variables { known.removeAll { $0.keyPlace == variables.keyPlace } }
    guard let entry = known.first else {
      if entries.isEmpty { node.reportWrongKind(what, wanted: "{env: NAME}, {file: PATH} or {command: [...]}", &diagnostics) }
      return nil
    }
    for other in known.dropFirst() {
      report(.wrongKind, at: other.keyPlace, "\(what) can name only one place; it already has '\(entry.key)'")
    }
    switch entry.key {
    case "env":
      return variableName(entry.value, "\(what).env", hint: "write {env: \(variable)}").map { .environment($0) }
    case "file":
      guard let path = text(entry.value, "\(what).file") else { return nil }
      let written = entry.value.scalar?.text ?? path
      guard ![path, written].contains(where: { SecretPlace.isSecret(path: $0, in: folder) }) else {
        SecretPlace.learn(path)
        SecretPlace.learn(written)
        report(
          .literalSecret, at: entry.value.place, "\(what).file must be the path of a file, but looks like a secret",
          hint: "write {env: \(variable)}, or the path of an existing file")
        return nil
      }
      return .file(resolve(path))
    default:
      guard let words = entry.value.elements("\(what).command", &diagnostics) else { return nil }
      if words.isEmpty { entry.value.reportWrongKind("\(what).command", wanted: "a program and its arguments", &diagnostics) }
      let texts = words.compactMap { text($0, "a word of \(what).command") }
      for (word, flag) in zip(texts.dropFirst(), texts) { SecretPlace.learn(word, after: flag, except: ids) }
      // A whole command line, written as one word.
      SecretPlace.learn(String((texts.first ?? "").drop { !$0.isWhitespace }), except: ids)
      guard texts.count == words.count, !texts.isEmpty, checkWords(words, "\(what).command") else { return nil }
      let nodes = variables?.value.elements ?? []
      if variables != nil, nodes.isEmpty {
        variables?.value.reportWrongKind("\(what).env", wanted: "a list of names of environment variables", &diagnostics)
      }
      let names = nodes.compactMap { variableName($0, "a name in \(what).env", hint: "write env: [VAULT_ADDR]") }
      return names.count == nodes.count ? .command(texts, folder: folder, variables: names) : nil
    }
  }

  /// Whether no word of a command is a secret. A variable's value in a word is not in the file.
  private mutating func checkWords(_ words: [YAMLNode], _ what: String) -> Bool {
    var isFree = true
    let texts = words.map { $0.scalar?.text ?? "" }
    for (index, word) in texts.enumerated() {
      let isSecret =
        index == 0
        ? SecretPlace.isSecret(path: word, in: folder) || SecretPlace.isSecret(word: word, in: folder)
        : SecretPlace.isSecret(word: word, after: texts[index - 1], in: folder)
      guard isSecret else { continue }
      isFree = false
      SecretPlace.learn(word, after: index > 0 ? texts[index - 1] : nil)
      report(
        .literalSecret, at: words[index].place, "a word of \(what) looks like a secret; secrets do not belong in this file",
        hint: "keep it in an environment variable, and pass that: {command: [...], env: [NAME]}")
    }
    return isFree
  }

  /// `${TOKEN}` may expand to the secret where its name or path belongs, and so may its default.
  private func learnVariables(_ entries: [YAMLEntry]) {
    for entry in entries {
      for node in [entry.value] + (entry.value.elements ?? []) {
        for part in (node.scalar?.text ?? "").split(separator: "${", omittingEmptySubsequences: false).dropFirst() {
          let inside = part.prefix { $0 != "}" }
          let name = String(inside.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") })
          SecretPlace.learn(String(inside.dropFirst(name.count).drop { ":-".contains($0) }))
          guard let value = environment[name], SecretShapes.isNameOfSecret(name) else { continue }
          // The path of a file and the name of a variable are not secrets.
          if !value.hasPrefix("/"), !value.hasPrefix("."), value.uppercased() != value { Redactor.process.learn(value) }
        }
      }
    }
  }

  /// The name of an environment variable; anything else may be the secret itself, in place of its name.
  private mutating func variableName(_ node: YAMLNode, _ what: String, hint: String) -> String? {
    guard let name = text(node, what) else { return nil }
    let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } && name.first?.isNumber == false
    // Names of variables are long and upper-case, and few contain digits without an underscore, as AWS keys do.
    let isUsual = name.uppercased() == name && (name.contains("_") || !name.contains(where: \.isNumber))
    guard isName, isUsual || !SecretShapes.looksRandom(name) else {
      Redactor.process.learn(name)
      SecretPlace.learn(name)
      report(.literalSecret, at: node.place, "\(what) must be the name of an environment variable", hint: hint)
      return nil
    }
    return name
  }

  /// What was typed under `auth` and is not a place for secrets: no message repeats it.
  private func learnLiterals(_ entries: [YAMLEntry]) {
    for entry in entries where !SecretKeywords.secret.names.contains(entry.key) { learnLiterals(entry.value) }
  }

  package func learnLiterals(_ node: YAMLNode) {
    if let scalar = node.scalar { Redactor.process.learn(scalar.text) }
    for element in node.elements ?? [] { learnLiterals(element) }
    for entry in node.entries ?? [] { learnLiterals(entry.value) }
  }

  /// The value is not repeated: it may be the secret.
  package mutating func reportLiteral(_ node: YAMLNode, _ what: String, _ fix: String) {
    learnLiterals(node)
    report(.literalSecret, at: node.place, "\(what) is a secret; secrets do not belong in this file", hint: "write \(fix)")
  }
}
