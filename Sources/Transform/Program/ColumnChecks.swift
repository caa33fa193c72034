import Core
import Records
import Schema
import Values

/// What Your App's schema requires of one column's finished value. Scalars, and the scalars of a list, are checked on their
/// bytes; lists with further rules and objects are read back as JSON, which is slower and rare.
///
/// A class, so that the evaluator borrows it: the checks hold arrays, and a copy of them would count references.
final class ColumnChecks: Sendable {
  private let scalar: ScalarChecks?
  private let elements: ScalarChecks?
  private let whole: (validator: TargetValidator, node: Int)?
  /// Whether `elements` has all checks of the list.
  private let isSimpleList: Bool
  let integers: IntegerColumn?

  init(_ field: FieldModel, schema: TargetSchema?, validator: TargetValidator?, _ integers: IntegerColumn?) {
    self.integers = integers
    guard let schema, let validator, let index = field.node else {
      (scalar, elements, whole) = (nil, nil, nil)
      isSimpleList = true
      return
    }
    let node = schema.nodes[index]
    let checks = ScalarChecks(schema, node: index)
    scalar = checks.isEmpty ? nil : checks
    var elements: ScalarChecks?
    var isSimpleList =
      node.minItems == nil && node.maxItems == nil && !node.uniqueItems && node.also.isEmpty
      && node.enumeration == nil
    if let items = node.items {
      let item = schema.nodes[items]
      isSimpleList = isSimpleList && item.types.isDisjoint(with: [.object, .array]) && item.also.isEmpty
      let checks = ScalarChecks(schema, node: items)
      elements = checks.isEmpty ? nil : checks
    }
    self.elements = isSimpleList ? elements : nil
    self.isSimpleList = isSimpleList
    whole = node.types.isDisjoint(with: [.array, .object]) ? nil : (validator, index)
  }

  /// One failure.
  struct Failure {
    var code: ProblemCode
    /// The element of a list that it is about; nil: the value itself.
    var element: Int32?
    /// In words, where the code and the column's schema do not say it: of something within the value.
    var note: String?
  }

  /// All failures; nil, without any allocation, if there are none. If several elements fail in the same way, only the first.
  func failures(of cell: Cell, _ workspace: borrowing PatternWorkspace) -> [Failure]? {
    guard cell.kind != .missing else { return nil }
    // An object, or a list that was an element of another one, is kept as its text.
    if cell.kind == .object || cell.kind == .list && !isSimpleList, whole != nil { return wholeFailures(of: cell, workspace) }
    var failed = FailedChecks(rawValue: 0)
    if let scalar { failed = scalar.failures(of: cell, workspace) }
    var found: [Failure]? = failed.rawValue == 0 ? nil : failed.codes.map { Failure(code: $0) }
    guard cell.kind == .list, let elements else { return found }
    var seen = FailedChecks(rawValue: 0)
    for (index, element) in cell.elements.enumerated() {
      let failed = elements.failures(of: element.kind == .missing ? .null : element, workspace).subtracting(seen)
      guard failed.rawValue != 0 else { continue }
      seen.formUnion(failed)
      found = (found ?? []) + failed.codes.map { Failure(code: $0, element: Int32(index)) }
    }
    return found
  }

  private func wholeFailures(of cell: Cell, _ workspace: borrowing PatternWorkspace) -> [Failure]? {
    guard let whole else { return nil }
    var arena = ByteArena(capacity: 4096)
    arena.begin()
    JSONRecordEncoder.encode(cell, into: &arena)
    guard let value = try? JSONReader.read(Array(arena.finish().buffer)) else {
      // The walker has validated it, except for duplicate members.
      return [Failure(code: .duplicateMember)]
    }
    let failures = whole.validator.failures(in: value, node: whole.node, workspace).map { failure in
      let place = failure.instance.isEmpty ? "" : "at \(failure.instance), "
      return Failure(code: failure.code, note: "\(place)\(failure.message), according to the target schema")
    }
    return failures.isEmpty ? nil : failures
  }
}

/// The part of a column's checks that most values pass at a glance: their kind, and a length in bytes that no character
/// count can exceed. What it does not pass is not refused: `ColumnChecks` then looks closer.
struct QuickCheck: BitwiseCopyable, Sendable {
  private var kinds: CellKinds
  private var minLength: UInt32
  private var maxLength: UInt32

  private static let otherNumbers: CellKinds = [CellKinds(.decimal), CellKinds(.number)]
  private static let containers: CellKinds = [.list, .object]

  init(_ field: FieldModel, schema: TargetSchema?, _ integers: IntegerColumn?) {
    kinds = CellKinds(rawValue: 0)
    minLength = 0
    maxLength = .max
    // They may have to be written as integers.
    let excluded = integers.map { $0.takesIntegersOnly ? Self.otherNumbers.union(Self.containers) : Self.containers } ?? []
    defer { kinds.subtract(excluded) }
    guard let schema, let index = field.node else {
      kinds = .any
      return
    }
    let node = schema.nodes[index]
    kinds = CellKinds(.missing)
    guard !node.isFalse, node.enumeration == nil, node.also.isEmpty, (node.minLength ?? 0) <= 1 else { return }
    if node.types.contains(.null) { kinds.formUnion(CellKinds(.null)) }
    if node.types.contains(.boolean) { kinds.formUnion(.boolean) }
    if node.minimum == nil, node.maximum == nil, node.exclusiveMinimum == nil, node.exclusiveMaximum == nil,
      node.multipleOf == nil
    {
      if node.types.contains(.number) { kinds.formUnion(.numeric) }
      if node.types.contains(.integer) { kinds.formUnion(.integer) }
    }
    guard node.types.contains(.string), node.pattern == nil else { return }
    minLength = UInt32(node.minLength ?? 0)
    maxLength = UInt32(clamping: node.maxLength ?? .max)
    // The kernels that produce dates guarantee their formats.
    switch node.format {
    case nil: kinds.formUnion([.string, .date, .datetime])
    case "date": kinds.formUnion(.date)
    case "date-time": kinds.formUnion(.datetime)
    default: break
    }
  }

  @inline(__always)
  func passes(_ cell: Cell) -> Bool {
    guard kinds.contains(cell.kind) else { return false }
    return cell.kindCode < CellKind.string.rawValue || (cell.length >= minLength && cell.length <= maxLength)
  }
}

/// A member that Your App's schema requires: missing although the object that it belongs to is there.
struct RequiredRule: Sendable {
  /// Columns of the object; nil: the record itself, which is always there.
  var object: Range<Int>?
  /// The member: one column, or those of a nested object.
  var member: Range<Int>

  /// The rules of a layout, from the `required` lists of the schema.
  static func rules(_ columns: [RecordLayout.Column], schema: TargetSchema?) -> [RequiredRule] {
    guard let schema else { return [] }
    var rules: [RequiredRule] = []
    func add(_ range: Range<Int>, depth: Int, node: TargetNode) {
      for name in node.required {
        let member = range.filter { columns[$0].path[depth].isExactly(name) }
        guard let first = member.first, let last = member.last else { continue }
        rules.append(RequiredRule(object: depth == 0 ? nil : range, member: first..<last + 1))
      }
      var done: Set<Name> = []
      for index in range where columns[index].path.count > depth + 1 {
        let name = columns[index].path[depth]
        guard done.insert(Name(name)).inserted, let child = node.child(name) else { continue }
        let members = range.filter { columns[$0].path[depth].isExactly(name) }
        guard let first = members.first, let last = members.last else { continue }
        add(first..<last + 1, depth: depth + 1, node: schema.nodes[child])
      }
    }
    guard schema.nodes.indices.contains(schema.root) else { return [] }
    add(columns.indices, depth: 0, node: schema.nodes[schema.root])
    return rules
  }
}

extension TargetNode {
  /// The node of a member: what its own name says, else what the schema says of all others.
  package func child(_ name: String) -> Int? {
    if let property = property(name) { return property.node }
    if case .node(let index) = additional { return index }
    return nil
  }
}
