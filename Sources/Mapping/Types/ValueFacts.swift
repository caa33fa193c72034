import Core
import Transform

/// A value that the mapping itself writes: a constant, a default, an entry of a lookup.
struct KnownValue: Hashable {
  var value: JSONValue
  var place: SourcePlace
  /// Its name in messages: `const`, `lookup 'statuses'`.
  var what: String
  /// One element of a list, which is the value.
  var isElement = false
}

/// Everything that is known about a value before any record is read, at one point of a chain.
struct ValueFacts {
  typealias Form = ResultFacts.Form

  var type: ValueType
  var isNullable: Bool
  /// It may be absent altogether, and is not written then: a member that the source need not have.
  var mayBeMissing = false
  /// The mapping itself turns some values into null, which is written as null.
  var makesNull = false
  /// The strictest policy of the source fields that it is made from.
  var privacy = Privacy.show
  var paths: [SourcePath] = []
  /// Fields of other entities that lookups put in: `user.email`.
  var lookupFields: Set<Name> = []
  var errors: [ProblemCode] = []
  /// All values that it can have besides null, where the mapping writes them; of a list, its elements'.
  var known: [KnownValue]?
  /// All texts that the source can have, where its definitions list them.
  var options: [String]?
  var forms: Set<Form> = []
  /// Of a list: it may be empty, or all of its elements may be null at once.
  var elementsAreNullable = false
  /// For a list: some of its elements may be null.
  var hasNullElements = false
  /// The longest text that it can be, in characters.
  var longest: Int?
  /// The source declares that a number here is milliseconds since 1970.
  var countsMilliseconds = false
  /// Some part of it has been reported as wrong: consequences are not reported.
  var isPoisoned = false

  static let poisoned = ValueFacts(type: .any, isNullable: true, isPoisoned: true)

  mutating func raises(_ codes: [ProblemCode]) {
    for code in codes where !errors.contains(code) { errors.append(code) }
  }

  mutating func readsAlso(_ more: [SourcePath]) {
    for path in more where !paths.contains(path) { paths.append(path) }
  }

  /// The value is this one or `other`, depending on a condition.
  mutating func formAlternative(_ other: ValueFacts) {
    let absences = (isNullable || other.isNullable, mayBeMissing || other.mayBeMissing, makesNull || other.makesNull)
    formUnion(other)
    (isNullable, mayBeMissing, makesNull) = absences
  }

  /// The value is this one, or `other` where this one is null.
  mutating func formUnion(_ other: ValueFacts) {
    type = .joined([type, other.type])
    mayBeMissing = isNullable && other.mayBeMissing
    makesNull = isNullable && other.makesNull
    isNullable = isNullable && other.isNullable
    elementsAreNullable = elementsAreNullable || other.elementsAreNullable
    hasNullElements = hasNullElements || other.hasNullElements
    privacy = max(privacy, other.privacy)
    readsAlso(other.paths)
    lookupFields.formUnion(other.lookupFields)
    raises(other.errors)
    // In place, because a case with thousands of branches joins them one by one.
    if let others = other.known { known?.append(contentsOf: others) } else { known = nil }
    countsMilliseconds = countsMilliseconds || other.countsMilliseconds
    options = nil
    forms.formIntersection(other.forms)
    longest = longest.flatMap { mine in other.longest.map { max(mine, $0) } }
    isPoisoned = isPoisoned || other.isPoisoned
  }

  /// Whether a text of this value can be `key`.
  func canBe(_ key: String) -> Bool {
    if let options, !options.contains(exactly: key) { return false }
    if let known, !known.contains(where: { ($0.value.stringValue ?? $0.value.text).isExactly(key) }) {
      return false
    }
    switch type.element ?? type {
    case .boolean where key != "true" && key != "false": return false
    case .integer where Int(key).map { String($0) != key } ?? true: return false
    default: break
    }
    return forms.allSatisfy { form in
      switch form {
      case .lower: key.lowercased().isExactly(key)
      case .upper: key.uppercased().isExactly(key)
      case .trimmed: key.first?.isWhitespace != true && key.last?.isWhitespace != true
      case .digits: key.unicodeScalars.allSatisfy { ("0"..."9").contains($0) }
      }
    }
  }
}

extension ValueType {
  /// The element of a list.
  var element: ValueType? { if case .list(let element) = self { element } else { nil } }

  /// Unknown, or one of several among which is a list: a function of one value may meet a list, and give one.
  var mayBeList: Bool {
    switch self {
    case .any, .list: true
    case .oneOf(let members): members.contains(where: \.mayBeList)
    default: false
    }
  }

  static func joined(_ types: [ValueType]) -> ValueType {
    var members: Set<ValueType> = []
    for type in types {
      switch type {
      case .any: return .any
      case .oneOf(let more): members.formUnion(more)
      default: members.insert(type)
      }
    }
    guard let only = members.first else { return .any }
    return members.count == 1 ? only : .oneOf(members)
  }

  static func literal(_ value: JSONValue) -> ValueType {
    switch value {
    case .null: .any
    case .bool: .boolean
    case .number(let digits): Int64(digits) == nil ? .number : .integer
    case .string: .string
    case .array(let elements): .list(joined(elements.map(literal)))
    case .object: .object(ObjectShape([], others: .any))
    }
  }
}
