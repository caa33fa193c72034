import Core
import Expressions
import Transform

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

/// What expressions of a mapping can name: MappingLanguage.md, "Expressions".
extension SourceReader {
  /// Of `when where expr case`: the source's fields without a root, and all roots but the target. `text` is the expression: of the
  /// vars only those that it mentions are declared, however many there are.
  func sourceExpressionScope(for text: String, under surroundings: Surroundings = .init()) -> ExpressionScope {
    var scope = ExpressionScope(roots: source.roots + [varRoot(mentionedIn: text)], bareRoot: "record")
    scope.nonNull = surroundings.nonNull
    scope.judgesNull = surroundings.judgesNull && source.isKnown
    return scope
  }

  private func varRoot(mentionedIn text: String) -> ExpressionScope.Root {
    // If there are only a few, all are declared: a name may be written in ways that a search of the text does not find.
    varRoot(of: vars.names.count <= 64 ? vars.names : Self.mentionedVars(in: text))
  }

  func varRoot(of names: [String]) -> ExpressionScope.Root {
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
    if shapes.count < vars.names.count, wantsHint(among: vars.names.count) { root.otherNames = vars.names }
    return root
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
