/// A value that a file takes from the environment with `${NAME}`.
package struct EnvironmentValue: Sendable, Hashable {
  /// The file that takes it.
  @ByBytes package var file: String
  @ByBytes package var name: String
  @ByBytes package var value: String

  package init(file: String, name: String, value: String) {
    self.file = file
    self.name = name
    self.value = value
  }

  /// Below this, a value is hidden only where it is quoted: no secret is so short, and `70` may be a number of the message itself.
  private static let fewestBytes = 4

  /// The text with `${NAME}` in place of the value, where this stands as a word of its own: `read` is not hidden in `already`.
  func hidden(in text: String) -> String {
    let isShort = value.utf8.count < Self.fewestBytes
    let (bytes, wanted) = (Array(text.utf8), Array((isShort ? "'\(value)'" : value).utf8))
    let name = isShort ? "'${\(name)}'" : "${\(name)}"
    guard !value.isEmpty, let first = wanted.first, let last = wanted.last, wanted.count <= bytes.count else { return text }
    var out: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let end = index + wanted.count
      if bytes[index] == first, end <= bytes.count, bytes[index..<end].elementsEqual(wanted),
        index == 0 || !(SecretShapes.isWord(first) && SecretShapes.isWord(bytes[index - 1])),
        end == bytes.count || !(SecretShapes.isWord(last) && SecretShapes.isWord(bytes[end]))
      {
        out += name.utf8
        index = end
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
