/// Values in examples and templates that someone has to replace: a request that has one can only be refused.
package enum Placeholder {
  /// Whether `text` is not a real ID or token but a placeholder from a template, an example or habit:
  /// `put-the-location-id-here`, `GHL_LOCATION`, `YOUR_LOCATION_ID`, `<token>`, `${GHL_TOKEN}`, `pit-xxxxxxxx`, `changeme`.
  ///
  /// IDs and tokens of GHL are letters and digits without words in them; anything in doubt is not a placeholder.
  package static func matches(_ text: String) -> Bool {
    let text = text.lowercased()
    guard let first = text.first, let last = text.last else { return false }
    if text.contains("…") || text.contains("...") { return true }
    if ["<>", "{}", "[]", "%%"].contains("\(first)\(last)") || first == "$" { return true }
    let words = text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    if words.contains(where: { $0.utf8.count > 2 && Set($0.utf8) == [UInt8(ascii: "x")] }) { return true }
    guard words.count > 1, let opening = words.first, let closing = words.last else { return Self.whole.contains(text) }
    return Self.whole.contains(words.joined()) || Self.openings.contains(opening) || closing == "here"
  }

  /// Without separators between the words.
  private static let whole: Set<String> = [
    "changeme", "todo", "tbd", "fixme", "placeholder", "replaceme", "yourtoken", "yourlocation", "yourlocationid", "locationid",
  ]

  /// First words of placeholders that have several.
  private static let openings: Set<String> = [
    "your", "my", "put", "change", "replace", "insert", "enter", "paste", "fill", "todo", "placeholder", "ghl",
  ]
}
