import Core
import Mapping

/// A YAML text with one thing changed, for each key that it has.
struct YAMLMutations {
  let text: String
  let root: YAMLNode

  struct Mutation: Sendable {
    var what: String
    var text: String
    /// Leaves a map without a word of the language: a nested target, as far as an editor can tell. Only the compiler knows
    /// whether the target's schema has an object there.
    var mayBeNested = false
  }

  /// A letter added to a key, a key turned into another word of the language, a value turned into one of another kind.
  var all: [Mutation] {
    var found: [Mutation] = []
    walk(root) { entry, siblings in
      for key in [entry.key + "x", "on_error", "path"] where key != entry.key {
        if let text = replacing(entry.keyPlace.line, entry.keyPlace.column, entry.keyPlace.length, by: key) {
          found.append(
            Mutation(what: "\(entry.key) -> \(key), line \(entry.keyPlace.line)", text: text, mayBeNested: siblings == 1))
        }
      }
      guard let scalar = entry.value.scalar, scalar.style == .plain, entry.value.place.line == entry.keyPlace.line else { return }
      for value in ["[1, 2]", "{a: 1}", "1.5", "true", "someWord"] {
        let place = entry.value.place
        if let text = replacing(place.line, place.column, place.length, by: value) {
          found.append(Mutation(what: "\(entry.key): \(value), line \(place.line)", text: text, mayBeNested: value == "{a: 1}"))
        }
      }
    }
    return found
  }

  private func walk(_ node: YAMLNode, _ body: (YAMLEntry, _ siblings: Int) -> Void) {
    let entries = node.entries ?? []
    for entry in entries {
      body(entry, entries.count)
      walk(entry.value, body)
    }
    for element in node.elements ?? [] { walk(element, body) }
  }

  private func replacing(_ line: Int, _ column: Int, _ length: Int, by word: String) -> String? {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard lines.indices.contains(line - 1), column - 1 + length <= lines[line - 1].count else { return nil }
    let characters = Array(lines[line - 1])
    lines[line - 1] = String(characters[..<(column - 1)]) + word + String(characters[(column - 1 + length)...])
    return lines.joined(separator: "\n")
  }
}
