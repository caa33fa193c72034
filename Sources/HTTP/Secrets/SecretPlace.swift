import Core
import Files

/// Text that should name the place of a secret: the path of a file, or a program and its arguments. A user may have typed
/// the secret itself there.
package enum SecretPlace {
  /// Whether a path is a secret rather than the name of a file. Anything that exists in `folder` is a file, whatever its name.
  package static func isSecret(path: String, in folder: String) -> Bool {
    if FilePath.exists(FilePath.join(folder, path)) { return false }
    return hasShape(path) || (!path.utf8.contains(where: { "/.".utf8.contains($0) }) && SecretShapes.looksRandom(path))
  }

  /// Whether a word of a command contains a secret: something that looks like one, or a random value named like one
  /// (`--password=…`, `TOKEN=…`, or after the word `flag`).
  package static func isSecret(word: String, after flag: String? = nil, in folder: String) -> Bool {
    if word.utf8.contains(UInt8(ascii: "/")), FilePath.exists(FilePath.join(folder, word)) { return false }
    if hasShape(word) || (isOption(flag) && isRandom(word)) { return true }
    return values(in: word).contains { isNameOfSecret($0.name) && isRandom($0.value) }
  }

  /// Registers with the redactor everything in a path or a word that may be a secret: it is passed to a program, which may
  /// repeat it. Except what is in `known`: IDs that summaries must be able to name.
  package static func learn(_ word: String, after flag: String? = nil, except known: [String] = []) {
    var parts: [Substring] = [word[...]]
    for piece in word.split(whereSeparator: \.isWhitespace) {
      parts.append(piece)
      parts += piece.split(separator: "/")
    }
    var found = parts.map(String.init).filter { hasShape($0) || SecretShapes.looksRandom($0) || isRandom($0) }
    for (name, value) in values(in: word) where isNameOfSecret(name) || isRandom(value) || hasShape(value) { found.append(value) }
    if isOption(flag), !word.hasPrefix("-") { found.append(word) }
    for secret in found where !known.contains(exactly: secret) { Redactor.process.learn(secret) }
  }

  /// A path for messages.
  package static func shown(path: String) -> String {
    let name = FilePath.name(of: path)
    let isFile = name.utf8.contains(UInt8(ascii: ".")) || !SecretShapes.looksRandom(name)
    return SecretShapes.hidden(in: isFile ? path : FilePath.join(FilePath.folder(of: path), ""))
      + (isFile ? "" : SecretShapes.replacement)
  }

  /// A program for messages: its base name. If a whole command line was written as one word, only its first word.
  package static func shown(program: String) -> String {
    let word = program.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
    return shown(path: FilePath.name(of: String(word.prefix { $0 != "=" })))
  }

  // MARK: Shapes

  private static func hasShape(_ text: String) -> Bool { SecretShapes.hidden(in: text) != text }

  private static func isOption(_ flag: String?) -> Bool {
    guard let flag, flag.hasPrefix("-") else { return false }
    return isNameOfSecret(flag)
  }

  /// Credential helpers also take names: `--secret=NAME`, `--token-id=ID`.
  private static func isNameOfSecret(_ name: String) -> Bool {
    let plain = name.lowercased().drop { $0 == "-" }
    guard SecretShapes.isNameOfSecret(name), !plain.hasPrefix("secret") || plain.hasPrefix("secret_key") else { return false }
    return !["id", "name", "file", "path"].contains { plain.hasSuffix($0) }
  }

  /// `name=value` in a word, or in a shell command line.
  private static func values(in word: String) -> [(name: String, value: String)] {
    word.split(whereSeparator: \.isWhitespace).compactMap { piece in
      guard let sign = piece.firstIndex(of: "=") else { return nil }
      let value = piece[piece.index(after: sign)...].drop { "\"'".contains($0) }.prefix { !"\"';".contains($0) }
      return value.isEmpty || value.hasPrefix("$") ? nil : (String(piece[..<sign]), String(value))
    }
  }

  /// Eight bytes or more, with digits among the letters, and letters of both cases or many digits.
  private static func isRandom(_ text: String) -> Bool {
    guard text.utf8.count >= Redactor.shortest, !text.utf8.contains(where: { "/ $".utf8.contains($0) }) else { return false }
    let digits = text.utf8.count { (0x30...0x39).contains($0) }
    let lower = text.utf8.count { (0x61...0x7A).contains($0) }
    let upper = text.utf8.count { (0x41...0x5A).contains($0) }
    return digits > 0 && lower > 0 && (upper > 0 || digits >= 4)
  }
}
