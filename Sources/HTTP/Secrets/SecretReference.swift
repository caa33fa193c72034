package import Core
import Files
import Glibc

/// Where a secret is found; the pipeline file never holds one itself.
package enum SecretReference: Sendable, Hashable {
  case environment(String)
  case file(String)
  /// The first line of the command's output. It runs without a shell, in the folder of the pipeline file, with only PATH,
  /// HOME, LANG and `variables` from the environment.
  case command([String], folder: String, variables: [String] = [])

  /// The reference for messages; never the secret. A command's arguments may contain one, so only its program is named, and
  /// what was written as a path may be one itself.
  package var text: String {
    switch self {
    case .environment(let name): "{env: \(Self.shown(name))}"
    case .file(let path): "{file: \(SecretPlace.shown(path: path))}"
    case .command(let words, _, _):
      "{command: [\(SecretPlace.shown(program: words.first ?? ""))\(Self.hasArguments(words) ? ", …" : "")]}"
    }
  }

  private static func shown(_ name: String) -> String { name.uppercased() == name ? name : SecretShapes.hidden(in: name) }

  private static func hasArguments(_ words: [String]) -> Bool {
    words.count > 1 || words.first?.contains(where: \.isWhitespace) == true
  }

  /// Reads the secret. White space around it is dropped.
  package func resolve(environment: [String: String]) throws(OperationFailure) -> Secret {
    let value: String
    switch self {
    case .environment(let name):
      guard let found = environment[name] else {
        throw OperationFailure(
          .configuration, "the environment has no \(Self.shown(name)), which \(text) names: set it to the token")
      }
      value = found
    case .file(let path):
      value = String(decoding: try read(path), as: UTF8.self)
    case .command(let words, let folder, let variables):
      value = try run(words, in: folder, try Self.environment(of: variables, from: environment, text))
    }
    let trimmed = value.split(whereSeparator: \.isNewline).first.map(Self.trimmed) ?? ""
    guard !trimmed.isEmpty else { throw OperationFailure(.configuration, "\(text) is empty: it must contain the token") }
    return Secret(trimmed)
  }

  /// Anything longer is not a token.
  private static let maximumBytes = 64 * 1024

  /// The content of a regular file: reading a pipe could block, and reading a device might never end.
  private func read(_ path: String) throws(OperationFailure) -> [UInt8] {
    let reason: String
    switch SmallFile.bytes(of: path, atMost: Self.maximumBytes) {
    case .success(let bytes): return bytes
    case .failure(.notRegular), .failure(.unreadable(EISDIR)):
      reason = "is not a regular file (a folder, a pipe or a device): save the token to a file, or write {command: [...]}"
    case .failure(.tooLarge): reason = "is larger than \(Self.maximumBytes >> 10) KiB: it must contain only the token"
    case .failure(.unreadable): reason = "cannot be read: check the path and its permissions"
    }
    throw OperationFailure(.configuration, "the file that \(text) names \(reason)")
  }

  private static func trimmed(_ text: Substring) -> String {
    var rest = text
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }

  /// The variables that every command gets.
  private static let standardVariables = ["PATH", "HOME", "LANG"]

  private static func environment(
    of names: [String], from environment: [String: String], _ text: String
  ) throws(OperationFailure) -> [String: String] {
    var chosen = environment.filter { standardVariables.contains($0.key) }
    for name in names {
      guard let value = environment[name] else {
        throw OperationFailure(
          .configuration,
          "the environment has no \(shown(name)), which `env` of \(text) names: set it, or remove it from the list")
      }
      // What a helper needs to find a secret is often a secret itself.
      if SecretShapes.isNameOfSecret(name) { Redactor.process.learn(value) }
      chosen[name] = value
    }
    return chosen
  }

  private func run(_ words: [String], in folder: String, _ environment: [String: String]) throws(OperationFailure) -> String {
    do {
      let result = try ChildProcess.run(words, in: folder, environment: environment, maximumBytes: Self.maximumBytes)
      guard result.status == 0 else {
        throw OperationFailure(
          .configuration,
          "\(text) ended with status \(result.status): run it in a terminal with only PATH, HOME and LANG to see why; name other variables that it needs with `env: [NAME]`"
        )
      }
      return String(decoding: result.output, as: UTF8.self)
    } catch let failure as OperationFailure {
      throw failure
    } catch is CancellationError {
      throw OperationFailure(.interrupted, "interrupted")
    } catch {
      throw OperationFailure(.configuration, "\(text) cannot be run: \(ErrorText.describe(error))")
    }
  }
}
