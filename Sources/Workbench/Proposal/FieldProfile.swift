import Core
import Values

/// What the values of one source field look like.
struct FieldProfile: Sendable {
  enum Kind: String, Sendable, Hashable, CaseIterable { case string, integer, number, boolean, list, object }

  /// Member names from the record inwards.
  let path: [String]
  var filled = 0
  var kinds: [Kind: Int] = [:]
  /// Of a list's elements.
  var elementKinds: [Kind: Int] = [:]
  /// Texts with how often each was seen, in the order of their first coming; nil once they are too many.
  private(set) var distinct: [(text: String, count: Int)]? = []
  private var index: [Name: Int] = [:]
  private var hashes: Set<Int> = []
  /// The number of values that occurred before, and the first of them if it is short.
  private(set) var repeats = 0
  private(set) var firstRepeated: String?
  var longest = 0
  var marks: [ValueMark: Int] = [:]
  /// Date formats that read at least one of the values.
  var dateFormats: [String: DateProbe.Count] = [:]
  /// It is known by its name and type only: no value was examined.
  var isDeclared = false

  private static let maximumDistinct = 40
  private static let maximumHashes = 200_000

  init(path: [String]) { self.path = path }

  var name: String { path.last ?? "" }
  /// Every value was seen once only, as far as they were remembered.
  var isUnique: Bool { filled > 0 && repeats == 0 }

  func share(of kind: Kind) -> Double { filled == 0 ? 0 : Double(kinds[kind] ?? 0) / Double(filled) }
  func share(of mark: ValueMark) -> Double { filled == 0 ? 0 : Double(marks[mark] ?? 0) / Double(filled) }
  /// The number of values that the best date format reads.
  var dateShare: Double { filled == 0 ? 0 : Double(dateFormats.values.map(\.dates).max() ?? 0) / Double(filled) }
  func count(of mark: ValueMark) -> Int { marks[mark] ?? 0 }
  func count(of kind: Kind) -> Int { kinds[kind] ?? 0 }
  /// Whether nearly all values are of this kind.
  func isMostly(_ kind: Kind) -> Bool { share(of: kind) >= 0.95 }

  mutating func take(_ value: JSONValue, dates: DateProbe) {
    switch value {
    case .null: return
    case .bool(let flag): take(.boolean, flag ? "true" : "false")
    case .number(let digits):
      take(Int64(digits) == nil ? .number : .integer, digits)
      dates.add(number: digits, to: &dateFormats)
    case .string(let text):
      let trimmed = text.trimmedASCII
      guard !trimmed.isEmpty else { return }
      take(.string, text)
      longest = max(longest, text.unicodeScalars.count)
      for mark in ValueMark.marks(of: trimmed) { marks[mark, default: 0] += 1 }
      dates.add(trimmed, to: &dateFormats)
    case .array(let elements):
      guard !elements.isEmpty else { return }
      filled += 1
      kinds[.list, default: 0] += 1
      distinct = nil
      for element in elements.prefix(100) { if let kind = Kind(element) { elementKinds[kind, default: 0] += 1 } }
    case .object:
      filled += 1
      kinds[.object, default: 0] += 1
      distinct = nil
    }
  }

  private mutating func take(_ kind: Kind, _ text: String) {
    filled += 1
    kinds[kind, default: 0] += 1
    if hashes.count < Self.maximumHashes, !hashes.insert(text.hashValue).inserted {
      repeats += 1
      if repeats == 1, text.utf8.count <= 64 { firstRepeated = text }
    }
    guard distinct != nil else { return }
    if let known = index[text] {
      distinct?[known].count += 1
    } else if index.count < Self.maximumDistinct, text.utf8.count <= 64 {
      index[text] = index.count
      distinct?.append((text, 1))
    } else {
      distinct = nil
      index = [:]
    }
  }
}

extension FieldProfile.Kind {
  init?(_ value: JSONValue) {
    switch value {
    case .null: return nil
    case .bool: self = .boolean
    case .number(let digits): self = Int64(digits) == nil ? .number : .integer
    case .string: self = .string
    case .array: self = .list
    case .object: self = .object
    }
  }
}

extension String {
  var trimmedASCII: String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
