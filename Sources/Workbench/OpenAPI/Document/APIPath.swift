import Core

/// A path as an OpenAPI document writes it: `/contacts/{contactId}/notes`.
struct APIPath: Hashable {
  enum Segment: Hashable {
    case literal(String)
    /// The name between the braces, if they are the whole segment.
    case parameter(String)

    var literal: String? { if case .literal(let text) = self { text } else { nil } }
    var parameter: String? { if case .parameter(let name) = self { name } else { nil } }
  }

  let text: String
  let segments: [Segment]

  /// Endings that name a format, not a resource.
  private static let endings = [".json"]

  init(_ text: String) {
    self.text = text
    var plain = text[...]
    for ending in Self.endings where plain.hasSuffix(ending) { plain = plain.dropLast(ending.count) }
    segments = plain.split(separator: "/").map { segment in
      let inner = segment.dropFirst().dropLast()
      let isParameter = segment.hasPrefix("{") && segment.hasSuffix("}") && !inner.contains("{")
      return isParameter ? .parameter(String(inner)) : .literal(String(segment))
    }
  }

  private init(text: String, segments: [Segment]) {
    self.text = text
    self.segments = segments
  }

  var last: Segment? { segments.last }

  var lastLiteral: String? { segments.reversed().lazy.compactMap(\.literal).first }

  var parameters: [String] { segments.compactMap(\.parameter) }

  /// Two paths of the same resource have equal forms, whatever they call their parameters.
  var form: [String] { segments.map { $0.literal ?? "{}" } }

  func prefix(_ count: Int) -> APIPath { APIPath(text: text, segments: Array(segments.prefix(count))) }
}

/// Words in names of resources.
enum ResourceWords {
  private static let irregular = [
    "people": "person", "children": "child", "companies": "company", "activities": "activity", "addresses": "address",
    "statuses": "status", "series": "series", "news": "news", "men": "man", "women": "woman",
  ]

  /// `contacts` gives `contact`.
  static func singular(_ word: String) -> String {
    if let known = irregular[word] { return known }
    if word.hasSuffix("ies"), word.count > 4 { return word.dropLast(3) + "y" }
    for ending in ["sses", "xes", "ches", "shes"] where word.hasSuffix(ending) { return String(word.dropLast(2)) }
    if word.hasSuffix("s"), !word.hasSuffix("ss"), !word.hasSuffix("us"), word.count > 3 { return String(word.dropLast()) }
    return word
  }

  /// The words of a resource's name, the last one in the singular: `CalendarEvents` gives calendar, event.
  static func words(_ name: String) -> [String] {
    let words = NameMatch.words(name)
    guard let last = words.last else { return [] }
    return words.dropLast() + [singular(last)]
  }
}
