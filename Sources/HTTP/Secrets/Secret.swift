import Core

/// A token or password. Prints as `<redacted>` however it is printed; only the code that sends it reads it. As soon as it
/// is created, the process's redactor knows it, so that no echo of it gets into a message or a file.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package let value: String

  package init(_ value: String) {
    self.value = value
    Redactor.process.learn(value)
  }

  package var isEmpty: Bool { value.isEmpty }
  package var description: String { "<redacted>" }
  package var debugDescription: String { "<redacted>" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
