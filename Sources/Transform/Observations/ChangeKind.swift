/// How the mapping changed a value, besides what its functions do to every value.
package enum ChangeKind: UInt8, Sendable, Hashable, CaseIterable {
  /// The source has a value, and the target has none.
  case nullified
  /// The value is that of `default`, or a `case`'s constant `else` because its source has none.
  case defaulted
  /// `truncate` or `slice` made the text shorter.
  case truncated
  /// The `else` of a lookup.
  case lookupFallback
  /// `on_error: keep`: the source's value, after an error.
  case kept
  /// `when` was false, though the source has a value.
  case leftOut

  /// A value that was changed in several ways counts as the first of these.
  static let precedence: [ChangeKind] = [.nullified, .leftOut, .kept, .defaulted, .lookupFallback, .truncated]

  /// As in files.
  package var name: String {
    switch self {
    case .nullified: "nullified"
    case .defaulted: "defaulted"
    case .truncated: "truncated"
    case .lookupFallback: "lookup_fallback"
    case .kept: "kept"
    case .leftOut: "left_out"
    }
  }
}

/// Some kinds, as the evaluator collects them for one value.
struct ChangeKinds: OptionSet, BitwiseCopyable, Sendable {
  let rawValue: UInt8

  init(rawValue: UInt8) { self.rawValue = rawValue }
  init(_ kind: ChangeKind) { rawValue = 1 << kind.rawValue }

  static let nullified = ChangeKinds(.nullified)
  static let defaulted = ChangeKinds(.defaulted)
  static let truncated = ChangeKinds(.truncated)
  static let lookupFallback = ChangeKinds(.lookupFallback)
  static let kept = ChangeKinds(.kept)
  static let leftOut = ChangeKinds(.leftOut)

  func contains(_ kind: ChangeKind) -> Bool { rawValue & (1 << kind.rawValue) != 0 }
}

/// How many values were changed in each way.
package struct ChangeCounts: Sendable, Hashable {
  private var counts = [Int](repeating: 0, count: ChangeKind.allCases.count)

  package init() {}

  package subscript(kind: ChangeKind) -> Int {
    get { counts[Int(kind.rawValue)] }
    set { counts[Int(kind.rawValue)] = newValue }
  }

  package var isZero: Bool { counts.allSatisfy { $0 == 0 } }
}

/// What happened to a value of the current record: a column of the target, or behind these a var.
struct ValueChange: BitwiseCopyable, Sendable {
  var subject: UInt32
  var kinds: ChangeKinds
}
