/// HTML and SVG as bytes, written front to back.
///
/// Names of elements and attributes are literals of the code. Every text and every value of an attribute goes through
/// `MarkupText`, so that nothing in the data can end an element, an attribute, or the direction of the page.
package struct Markup: Sendable {
  package typealias Attributes = KeyValuePairs<StaticString, String?>

  package private(set) var bytes: [UInt8] = []

  package init() {}

  package var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Text as it is, for what the code itself wrote: never for data.
  package mutating func literal(_ text: StaticString) {
    text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
  }

  /// What another `Markup` holds.
  package mutating func append(_ other: Markup) { bytes += other.bytes }

  package mutating func text(_ text: String) { MarkupText.append(text, to: &bytes) }

  /// A value out of the data. Where it may be written from right to left, it is set apart from the text around it.
  package mutating func value(_ text: String) {
    guard text.unicodeScalars.contains(where: { $0.value >= 0x590 }) else { return self.text(text) }
    element("bdi", text: text)
  }

  package mutating func newline() { bytes.append(UInt8(ascii: "\n")) }

  package mutating func open(_ name: StaticString, _ attributes: Attributes = [:]) {
    start(name, attributes)
    literal(">")
  }

  package mutating func close(_ name: StaticString) {
    literal("</")
    literal(name)
    literal(">")
  }

  /// An element of HTML that has no content and no end, such as `meta`.
  package mutating func void(_ name: StaticString, _ attributes: Attributes = [:]) { open(name, attributes) }

  /// An element of SVG without content.
  package mutating func shape(_ name: StaticString, _ attributes: Attributes) {
    start(name, attributes)
    literal("/>")
  }

  package mutating func element(_ name: StaticString, _ attributes: Attributes = [:], text: String) {
    open(name, attributes)
    self.text(text)
    close(name)
  }

  package mutating func element(_ name: StaticString, _ attributes: Attributes = [:], value: String) {
    open(name, attributes)
    self.value(value)
    close(name)
  }

  package mutating func element(_ name: StaticString, _ attributes: Attributes = [:], _ content: (inout Markup) -> Void) {
    open(name, attributes)
    content(&self)
    close(name)
  }

  /// Attributes whose value is nil are left out.
  private mutating func start(_ name: StaticString, _ attributes: Attributes) {
    literal("<")
    literal(name)
    for (key, value) in attributes {
      guard let value else { continue }
      literal(" ")
      literal(key)
      literal("=\"")
      text(value)
      literal("\"")
    }
  }
}
