package import Core
import FoundationEssentials
package import GHL
import Glibc

/// Where a secret is found; the pipeline file never holds one itself.
package enum SecretReference: Sendable, Hashable {
  case environment(String)
  case file(String)
  /// The first line of what the command prints. Run without a shell, in the folder of the pipeline file.
  case command([String], folder: String)

  /// A secret that is not where it should be. Exit code 78.
  package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    package var description: String
    package var exitCode: ExitCode { .configuration }
  }

  /// As messages call it; never the secret.
  package var text: String {
    switch self {
    case .environment(let name): "{env: \(name)}"
    case .file(let path): "{file: \(path)}"
    case .command(let words, _): "{command: [\(words.joined(separator: ", "))]}"
    }
  }

  /// Reads the secret. White space around it is dropped.
  package func resolve(environment: [String: String]) throws(Failure) -> Secret {
    let value: String
    switch self {
    case .environment(let name):
      guard let found = environment[name] else {
        throw Failure(description: "the environment has no \(name), which \(text) names: set it to the token")
      }
      value = found
    case .file(let path):
      guard let data = FileManager.default.contents(atPath: path) else {
        throw Failure(description: "the file that \(text) names cannot be read: check the path and its permissions")
      }
      value = String(decoding: data, as: UTF8.self)
    case .command(let words, let folder):
      value = try Self.run(words, in: folder, text)
    }
    let trimmed = value.split(whereSeparator: \.isNewline).first.map(Self.trimmed) ?? ""
    guard !trimmed.isEmpty else { throw Failure(description: "what \(text) gives is empty: it must be the token") }
    return Secret(trimmed)
  }

  private static func trimmed(_ text: Substring) -> String {
    var rest = text
    while let first = rest.first, first.isWhitespace { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace { rest.removeLast() }
    return String(rest)
  }

  private static func run(_ words: [String], in folder: String, _ text: String) throws(Failure) -> String {
    do {
      let result = try ChildProcess.run(words, in: folder, maximumBytes: 64 * 1024)
      guard result.status == 0 else { throw Failure(description: "\(text) ended with status \(result.status)") }
      return String(decoding: result.output, as: UTF8.self)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(description: "\(text) cannot be run: \(ErrorText.describe(error))")
    }
  }
}
