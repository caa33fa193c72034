import Core
import Expressions
import Transform

/// What expressions of a mapping can name: MappingLanguage.md, "Expressions".
extension MappingBuilder {
  /// What is known at the place of an expression: from the condition of its field, and the earlier conditions of a case.
  struct Surroundings {
    var nonNull: Set<ExpressionPath> = []
    /// False if a condition could not be compiled: its guarantees about null are unknown.
    var judgesNull = true

    /// The same, if a condition evaluated to `truth`.
    func knowing(_ narrowing: ExpressionNarrowing, _ truth: Bool) -> Surroundings {
      var known = self
      known.nonNull.formUnion(truth ? narrowing.ifTrue : narrowing.ifFalse)
      if narrowing.isUnknown { known.judgesNull = false }
      return known
    }
  }

  /// Of `when where expr case`: the source's fields without a root, and all roots but the target. `text` is the expression: of the
  /// vars only those that it mentions are declared, however many there are.
  mutating func sourceExpressionScope(for text: String, under surroundings: Surroundings = .init()) -> ExpressionScope {
    var scope = ExpressionScope(roots: sourceRoots() + [varRoot(mentionedIn: text)], bareRoot: "record")
    scope.nonNull = surroundings.nonNull
    scope.judgesNull = surroundings.judgesNull && entityIsKnown
    return scope
  }

  /// Of `assert`: the target's fields without a root. Made once, of all the vars.
  mutating func targetExpressionScope() -> ExpressionScope {
    var target = ExpressionScope.Root(
      "target", .object(TargetShape.shape(of: fields, meant: meantTargets)), label: "the target of this mapping",
      unknownMember: .unknownTargetField)
    target.wholes = Set(fields.map { $0.model.target.map { Name($0) } })
    return ExpressionScope(roots: [target] + sourceRoots() + [varRoot(of: varNames)], bareRoot: "target")
  }

  private mutating func sourceRoots() -> [ExpressionScope.Root] {
    if let known = knownRoots { return known }
    var record = scope.shape
    // A record without its key is not let through.
    if let key = scope.key, key.steps.count == 1, case .member(let name) = key.steps[0],
      let index = record.fields.firstIndex(where: { $0.name.isExactly(name) })
    {
      record.fields[index].isNullable = false
    }
    let shape = ValueType.object(record)
    var roots: [ExpressionScope.Root] = [
      .init("record", shape, label: scope.label),
      .init("custom", .object(customShape), label: scope.label, unknownMember: .unknownCustomField),
      .init("now", .datetime),
    ]
    if let item = scope.item {
      roots.append(.init("item", item.type, isNullable: true, label: "the item"))
      roots.append(.init("parent", shape, label: scope.label))
    }
    // For an unknown entity, any name may be a field.
    roots[0].hidesTypes = !entityIsKnown
    knownRoots = roots
    return roots
  }

  private func varRoot(mentionedIn text: String) -> ExpressionScope.Root {
    // If there are only a few, all are declared: a name may be written in ways that a search of the text does not find.
    varRoot(of: varNames.count <= 64 ? varNames : Self.mentionedVars(in: text))
  }

  private func varRoot(of names: [String]) -> ExpressionScope.Root {
    var shapes: [FieldShape] = []
    var wholes: Set<[Name]> = []
    for name in names {
      guard let state = vars[name] else { continue }
      // Nothing more is reported about a var that has been reported.
      shapes.append(FieldShape(name, state.facts.type, isNullable: state.facts.isNullable && !state.facts.isPoisoned))
      if state.plain == nil { wholes.insert([Name(name)]) }
    }
    var root = ExpressionScope.Root(
      "vars", .object(ObjectShape(shapes)), label: "the vars of this mapping", unknownMember: .unknownVar)
    root.wholes = wholes
    if shapes.count < varNames.count, wantsHint(among: varNames.count) { root.otherNames = varNames }
    return root
  }

  private var customShape: ObjectShape {
    guard let definitions = scope.customFields else { return ObjectShape([], others: .any) }
    return ObjectShape(definitions.map { FieldShape($0.key, $0.dataType.valueType) })
  }

  /// A member of a var's value; null if anything on the way is null or empty.
  func memberExpression(of name: String, _ index: Int, _ names: [String], at place: SourcePlace) -> ExpressionModel? {
    func quoted(_ name: String) -> String { "[\(JSONValue.string(name).text)]" }
    var path = "vars" + quoted(name)
    var conditions: [String] = []
    for name in names {
      conditions.append("\(path) != null")
      path += quoted(name)
    }
    var root = ExpressionScope.Root("vars", .object(ObjectShape([FieldShape(name, .any)])))
    root.wholes = [[Name(name)]]
    let text = "\(conditions.joined(separator: " && ")) ? \(path) : null"
    let compilation = ExpressionCompiler.compile(text, scope: ExpressionScope(roots: [root], bareRoot: nil))
    return compilation.expression.map { ExpressionModel(checked: $0, inputs: [.variable(index)], place: place) }
  }
}

/// The finished target record, nested like the targets. Fields that have been reported are included, so that no rule that
/// reads them is reported as well.
enum TargetShape {
  static func shape(of fields: [FieldDraft], meant: TargetNames) -> ObjectShape {
    let names = meant.names.map { $0.split(separator: ".").map(String.init) }
    return object(FieldTree(fields.map(\.model.target) + names), fields)
  }

  private static func object(_ tree: FieldTree, _ fields: [FieldDraft]) -> ObjectShape {
    ObjectShape(
      tree.names.compactMap { name in
        guard let member = tree.members[name] else { return nil }
        guard let index = member.field else {
          return FieldShape(name, .object(object(member, fields)), isNullable: false)
        }
        guard index < fields.count else { return FieldShape(name, .any, isNullable: false) }
        let field = fields[index]
        let isNullable = (field.facts.isNullable || field.model.condition != nil) && !field.facts.isPoisoned
        return FieldShape(name, field.facts.type, isNullable: isNullable)
      })
  }
}
