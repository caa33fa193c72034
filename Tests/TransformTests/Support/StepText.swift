import Core

/// Reads a step as an example of the library writes it (`trim`, `{truncate: 80}`, `{date: {formats: [iso, "MM/dd/yyyy"]}}`)
/// into a function's name and what it was given: a small part of YAML's flow style, enough for the examples.
enum StepText {
  struct Failure: Error {
    var text: String
  }

  static func read(_ text: String) throws -> (name: String, argument: JSONValue?) {
    var quoted = ""
    var rest = text[...]
    while let character = rest.first {
      switch character {
      case "\"":
        guard let end = rest.dropFirst().firstIndex(of: "\"") else { throw Failure(text: text) }
        quoted += rest[...end]
        rest = rest[rest.index(after: end)...]
      case "{", "}", "[", "]", ",", ":", " ":
        quoted.append(character)
        rest = rest.dropFirst()
      default:
        let word = rest.prefix { !"{}[],: \"".contains($0) }
        quoted += Int(word) != nil || ["true", "false", "null"].contains(word) ? String(word) : "\"\(word)\""
        rest = rest.dropFirst(word.count)
      }
    }
    switch try JSONReader.read(quoted) {
    case .string(let name): return (name, nil)
    case .object(let members) where members.count == 1: return (members[0].name, members[0].value)
    default: throw Failure(text: text)
    }
  }
}
