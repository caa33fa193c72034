package import Core

/// A JSON value with the place in the file of every part: the input of a reader of another format (YAML).
package struct PlacedValue: Sendable {
  package indirect enum Content: Sendable {
    /// Null, a boolean, a number or a text.
    case scalar(JSONValue)
    case array([PlacedValue])
    case object([Member])
  }

  package struct Member: Sendable {
    package var name: String
    package var place: SourcePlace
    package var value: PlacedValue

    package init(_ name: String, at place: SourcePlace, _ value: PlacedValue) {
      self.name = name
      self.place = place
      self.value = value
    }
  }

  package var content: Content
  package var place: SourcePlace

  package init(_ content: Content, at place: SourcePlace) {
    self.content = content
    self.place = place
  }
}
