/// The static type of a value: of a source field, along a chain of functions, of a target field.
///
/// Nullability is not part of it; see `FieldShape.isNullable`.
package indirect enum ValueType: Sendable, Hashable {
  case string
  /// 64-bit integer.
  case integer
  /// Exact decimal.
  case decimal
  /// Any JSON number, kept with its digits.
  case number
  case boolean
  case date
  case datetime
  case list(ValueType)
  case object(ObjectShape)
  /// One of several, depending on the data: a custom field that is text or a number, an undeclared member.
  case oneOf(Set<ValueType>)
  /// Unknown: every function accepts it, and the data is checked at run time.
  case any

  /// Its name in diagnostics and `check --explain`.
  package var name: String {
    switch self {
    case .string: "string"
    case .integer: "integer"
    case .decimal: "decimal"
    case .number: "number"
    case .boolean: "boolean"
    case .date: "date"
    case .datetime: "datetime"
    case .list(let element): "list of \(element.name)"
    case .object: "object"
    case .oneOf(let types): types.map(\.name).sorted().joined(separator: " or ")
    case .any: "any"
    }
  }
}

/// One member of an object.
package struct FieldShape: Sendable, Hashable {
  @ByBytes package var name: String
  package var type: ValueType
  package var isNullable: Bool
  /// How values of this field are shown in ledgers, logs and reports unless the mapping overrides it.
  package var privacy: Privacy
  /// Where the value is a number, it counts milliseconds since 1970, so that `date` and `datetime` need no format for it.
  package var countsMilliseconds: Bool

  package init(
    _ name: String, _ type: ValueType, isNullable: Bool = true, privacy: Privacy = .show, countsMilliseconds: Bool = false
  ) {
    self.name = name
    self.type = type
    self.isNullable = isNullable
    self.privacy = privacy
    self.countsMilliseconds = countsMilliseconds
  }
}

/// The members of an object, in the order in which they were declared.
package struct ObjectShape: Sendable, Hashable {
  package var fields: [FieldShape]
  /// The type of other members that may occur; nil: none are known.
  package var others: ValueType?
  /// Member names match regardless of the case of ASCII letters (GHL's `dndSettings`), as they do when records are read.
  package var isCaseInsensitive: Bool

  package init(_ fields: [FieldShape], others: ValueType? = nil, isCaseInsensitive: Bool = false) {
    self.fields = fields
    self.others = others
    self.isCaseInsensitive = isCaseInsensitive
  }

  package func field(named name: String) -> FieldShape? {
    if isCaseInsensitive { return fields.first { $0.name.isExactlyInAnyCase(name) } }
    return fields.first { $0.name.isExactly(name) }
  }
}

/// How a personal value may look in ledgers, logs and reports, from the most open to the strictest.
package enum Privacy: String, Sendable, Hashable, CaseIterable, Comparable, BitwiseCopyable {
  case show, last4, mask, hash, never

  package static func < (left: Privacy, right: Privacy) -> Bool { left.strictness < right.strictness }

  private var strictness: Int {
    switch self {
    case .show: 0
    case .last4: 1
    case .mask: 2
    case .hash: 3
    case .never: 4
    }
  }
}
