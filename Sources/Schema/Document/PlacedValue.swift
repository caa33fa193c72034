package import Core

/// A JSON value of which every part knows where it stands in its file: what a reader of another format (YAML) hands in.
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
