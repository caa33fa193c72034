/// A token or password. Prints as `<redacted>` whatever way it is printed; only what sends it reads it.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  let value: String

  package init(_ value: String) { self.value = value }

  package var isEmpty: Bool { value.isEmpty }
  package var description: String { "<redacted>" }
  package var debugDescription: String { "<redacted>" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
