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

  /// A shorter value is hidden only where it is quoted: no secret is that short, and `70` may be a number in the message itself.
  private static let fewestBytes = 4
  /// Values at least this long are hidden inside words as well: the value must not be visible in `v${NAME}x` either.
  private static let fewestBytesInWords = 8

  /// What is searched for, and its replacement.
  fileprivate struct Form {
    var wanted: [UInt8]
    var shown: String
    var isWord: Bool
  }

  /// The text with `${NAME}` in place of each value; of values that overlap, the longest is hidden. Shorter ones only as words
  /// of their own: `read` is not hidden in `already`.
  static func hiding(_ values: [EnvironmentValue], in text: String) -> String {
    let forms = values.map(\.form).filter { !$0.wanted.isEmpty }.sorted { $0.wanted.count > $1.wanted.count }
    guard !forms.isEmpty else { return text }
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if let form = forms.first(where: { $0.stands(at: index, in: bytes) }) {
        out += form.shown.utf8
        index += form.wanted.count
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  func occurs(in text: String) -> Bool { !Self.hiding([self], in: text).isExactly(text) }

  private var form: Form {
    let count = value.utf8.count
    if count == 0 { return Form(wanted: [], shown: "", isWord: false) }
    if count < Self.fewestBytes { return Form(wanted: Array("'\(value)'".utf8), shown: "'${\(name)}'", isWord: false) }
    return Form(wanted: Array(value.utf8), shown: "${\(name)}", isWord: count < Self.fewestBytesInWords)
  }
}

extension EnvironmentValue.Form {
  fileprivate func stands(at index: Int, in bytes: [UInt8]) -> Bool {
    let end = index + wanted.count
    guard end <= bytes.count, bytes[index] == wanted[0], bytes[index..<end].elementsEqual(wanted) else { return false }
    guard isWord else { return true }
    let joinsBefore = index > 0 && SecretShapes.isWord(wanted[0]) && SecretShapes.isWord(bytes[index - 1])
    let joinsAfter = end < bytes.count && SecretShapes.isWord(wanted[wanted.count - 1]) && SecretShapes.isWord(bytes[end])
    return !joinsBefore && !joinsAfter
  }
}
