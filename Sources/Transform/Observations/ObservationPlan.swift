import Core

/// What a program's values come from, as far as observations need it: made once per worker. A class, so that it takes one word of the
/// evaluator.
final class ObservationPlan: Sendable {
  /// A slot of the record, or of the element of `each`.
  struct Slot: Hashable, Sendable {
    var number: Int
    var isItem: Bool
  }

  /// Per `case` of the program: its only source path. The same of expressions.
  let caseSources: [Slot?]
  let expressionSources: [Slot?]
  /// Per var: the columns that begin with its value.
  let columnsOfVariable: [[Int]]
  /// The columns of which source and target values are counted together, with their sources.
  let crosstabs: [(column: Int, source: Slot)]
  /// By column: the place in `crosstabs`, or -1.
  let crosstabOfColumn: [Int]

  init(_ program: Program) {
    let model = program.model
    let fields = program.fieldOfColumn.map { model.fields[$0] }
    let subjects = fields + model.vars
    let sources = subjects.map { Self.only($0.value.sources(in: model), program) }
    var cases = [Slot?](repeating: nil, count: program.cases.count)
    var expressions = [Slot?](repeating: nil, count: program.expressions.count)
    for (index, source) in sources.enumerated() {
      let code = index < fields.count ? program.fields.base[index] : program.vars.base[index - fields.count]
      switch code.value {
      case .cases(let number): cases[Int(number)] = source
      case .expression(let number): expressions[Int(number)] = source
      default: break
      }
    }
    (caseSources, expressionSources) = (cases, expressions)
    columnsOfVariable = model.vars.indices.map { variable in
      fields.indices.filter { Self.begins(fields[$0].value, with: variable, model) }
    }
    let crossed = fields.indices.compactMap { column in
      program.isCrosstab(fields[column]) ? Self.only(program.allSources(of: fields[column]), program).map { (column, $0) } : nil
    }
    crosstabs = crossed.map { (column: $0.0, source: $0.1) }
    var places = [Int](repeating: -1, count: fields.count)
    for (place, one) in crossed.enumerated() { places[one.0] = place }
    crosstabOfColumn = places
  }

  private static func begins(_ value: ValueModel, with variable: Int, _ model: MappingModel) -> Bool {
    guard case .variable(let index) = value else { return false }
    return index == variable || model.vars.indices.contains(index) && begins(model.vars[index].value, with: variable, model)
  }

  private static func only(_ paths: [SourcePath], _ program: Program) -> Slot? {
    guard paths.count == 1 else { return nil }
    return program.slot(of: paths[0])
  }
}

extension Program {
  /// Where the walker puts the value of a path; nil if nothing reads it under this name.
  func slot(of path: SourcePath) -> ObservationPlan.Slot? {
    let isItem = path.root == .item
    let names = isItem ? itemPathNames : recordPathNames
    return names.firstIndex { $0.isExactly(path.text) }.map { .init(number: $0, isItem: isItem) }
  }

  /// The source paths that a field's value and its default read, each once.
  package func allSources(of field: FieldModel) -> [SourcePath] {
    var paths: [SourcePath] = []
    func add(_ value: ValueModel) { for path in value.sources(in: model) where !paths.contains(path) { paths.append(path) } }
    add(field.value)
    if let fallback = field.fallback { add(fallback.value) }
    for variable in variables(of: field.value) {
      if let fallback = model.vars[variable].fallback { add(fallback.value) }
    }
    return paths
  }

  /// The target has a fixed list of values for the field, or a lookup made the value.
  func isCrosstab(_ field: FieldModel) -> Bool {
    if let node = field.node, let values = model.target?.nodes[node].enumeration, values.count > 1 { return true }
    return !lookups(of: field).isEmpty
  }

  /// The numbers of the lookups in the chain of a field, and of the vars that it begins with.
  func lookups(of field: FieldModel) -> [Int] {
    let steps = field.steps + variables(of: field.value).flatMap { model.vars[$0].steps }
    return steps.compactMap { if case .lookup(let table, _, _) = $0.call { table } else { nil } }
  }

  /// The vars that a value consists of, one being the value of the other.
  private func variables(of value: ValueModel) -> [Int] {
    guard case .variable(let index) = value, model.vars.indices.contains(index) else { return [] }
    return [index] + variables(of: model.vars[index].value)
  }
}
