package import Core

/// The names that an expression may use, and what each of them is.
///
/// A root is a name with a type; the members of one root's object, the bare one, can be named without it:
///
///     let scope = ExpressionScope(
///       roots: [.init("record", .object(shape), label: "ghl contact"), .init("now", .datetime, isNullable: false)],
///       bareRoot: "record")
///     // type == 'lead'  ==  record.type == 'lead'
package struct ExpressionScope: Sendable {
  package struct Root: Sendable {
    package var name: String
    package var type: ValueType
    package var isNullable: Bool
    /// As messages call it: `ghl contact`.
    package var label: String
    /// The slug for a member that it does not have.
    package var unknownMember: ExpressionDiagnostic.Code
    /// Paths (names after the root) whose values are read whole: the members of what they lead to are looked up in the
    /// value when a record is there, not resolved.
    package var wholes: Set<[Name]> = []
    /// Members beside those of `type`, for hints only.
    package var otherNames: [String] = []
    /// A bare name that its object does not declare is still a member, not the name of a type.
    package var hidesTypes = false
    /// The indices of a large object's members in its shape.
    private let positions: [Name: Int]

    package init(
      _ name: String, _ type: ValueType, isNullable: Bool = false, label: String? = nil,
      unknownMember: ExpressionDiagnostic.Code = .unknownSourceField
    ) {
      self.name = name
      self.type = type
      self.isNullable = isNullable
      self.label = label ?? name
      self.unknownMember = unknownMember
      if case .object(let shape) = type, !shape.isCaseInsensitive, shape.fields.count > 8 {
        positions = Dictionary(shape.fields.enumerated().map { (Name($1.name), $0) }, uniquingKeysWith: { first, _ in first })
      } else {
        positions = [:]
      }
    }

    /// The member of its object by this name.
    func field(named name: String) -> FieldShape? {
      guard case .object(let shape) = type else { return nil }
      guard positions.isEmpty else { return positions[Name(name)].map { shape.fields[$0] } }
      return shape.field(named: name)
    }
  }

  package var roots: [Root]
  /// The root whose members are named without it.
  package var bareRoot: String?
  /// An operand that may be null is an error, unless an earlier condition rules that out.
  package var isStrict: Bool
  /// What is known not to be null before the expression is evaluated: by the condition that it stands under.
  package var nonNull: Set<ExpressionPath> = []
  /// Operands that may be null are reported. Not where the condition around the expression could not be compiled: what it
  /// would have said is not known.
  package var judgesNull = true
  /// A member that a value of an undeclared shape does not have is null. Otherwise reading it fails, as in CEL.
  package var missingIsNull = true
  /// Paths of names are resolved to one value each when the expression is compiled; else only the first name is, and the
  /// rest is looked up in the value.
  package var resolvesPaths: Bool

  package init(roots: [Root], bareRoot: String?, isStrict: Bool = true) {
    self.roots = roots
    self.bareRoot = bareRoot
    self.isStrict = isStrict
    resolvesPaths = true
  }

  private init(members: [String], hasInput: Bool) {
    isWholeNamed = hasInput && !members.contains(exactly: Self.whole)
    let names = isWholeNamed ? members + [Self.whole] : members
    roots = [
      Root(
        "", .object(ObjectShape(names.map { FieldShape($0, .any, isNullable: false) })), label: "the input",
        unknownMember: .undeclared)
    ]
    bareRoot = ""
    isStrict = false
    resolvesPaths = false
  }

  /// The name of all of the source.
  static let whole = "record"

  /// `record` is all of a JSON value, unless a member is called so.
  private(set) var isWholeNamed = false

  /// The scope of `waybill eval`: the members of one JSON object, of any type, and the whole of it as `record`.
  package static func json(members: [String], hasInput: Bool) -> ExpressionScope {
    ExpressionScope(members: members, hasInput: hasInput)
  }

  /// How to read a member whose name is not valid in an expression.
  var memberRoot: String? {
    if resolvesPaths { return bareRoot }
    return isWholeNamed ? Self.whole : nil
  }

  func root(named name: String) -> Root? { roots.first { $0.name.isExactly(name) } }

  var bare: Root? { bareRoot.flatMap { root(named: $0) } }

  /// All names that may come first.
  var names: [String] {
    var names = roots.map(\.name).filter { !$0.isEmpty }
    if let bare, case .object(let shape) = bare.type { names = shape.fields.map(\.name) + names }
    return names
  }
}

/// What an expression reads: a root of its scope, and names from there on.
package struct ExpressionPath: Sendable, Hashable {
  package var root: String
  package var names: [String]
  /// Names whose object matches them in any case, by position.
  package var anyCaseNames: Set<Int>

  package init(root: String, names: [String], anyCaseNames: Set<Int> = []) {
    self.root = root
    self.names = names
    self.anyCaseNames = anyCaseNames
  }

  package static func == (left: ExpressionPath, right: ExpressionPath) -> Bool {
    left.root.isExactly(right.root) && left.names.isExactly(right.names) && left.anyCaseNames == right.anyCaseNames
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(Name(root))
    for name in names { hasher.combine(Name(name)) }
    hasher.combine(anyCaseNames)
  }

  /// As messages call it; the bare root is not written.
  package func text(bareRoot: String?) -> String {
    (bareRoot.isExactly(root) || root.isEmpty ? names : [root] + names).joined(separator: ".")
  }
}
