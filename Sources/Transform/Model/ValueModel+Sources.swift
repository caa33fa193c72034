import Core

extension ValueModel {
  /// The source paths that a value reads, through vars, each once.
  package func sources(in model: MappingModel) -> [SourcePath] {
    var paths: [SourcePath] = []
    var vars: Set<Int> = []
    collect(model, &paths, &vars)
    return paths
  }

  private func collect(_ model: MappingModel, _ paths: inout [SourcePath], _ vars: inout Set<Int>) {
    func add(_ path: SourcePath) { if !paths.contains(path) { paths.append(path) } }
    func add(_ expression: ExpressionModel) {
      for path in expression.sources { add(path) }
      for index in expression.variables { ValueModel.variable(index).collect(model, &paths, &vars) }
    }
    switch self {
    case .source(let path, _, _): add(path)
    case .constant, .typedConstant: break
    case .list(let members): for member in members { member.collect(model, &paths, &vars) }
    case .variable(let index):
      guard model.vars.indices.contains(index), vars.insert(index).inserted else { return }
      model.vars[index].value.collect(model, &paths, &vars)
    case .expression(let expression): add(expression)
    case .cases(let cases, let otherwise):
      for one in cases {
        one.value.collect(model, &paths, &vars)
        add(one.condition)
      }
      otherwise?.collect(model, &paths, &vars)
    }
  }
}
