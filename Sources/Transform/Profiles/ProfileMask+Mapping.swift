import Core
package import Profiles
import Records

extension ProfileMask {
  /// The mask of what a mapping reads: a source field is masked if a target field that it flows into is, and shown if it flows only
  /// into fields that are not. Whatever flows nowhere is masked by `standard`.
  package static func source(
    of model: MappingModel, customFields: CustomFieldNames, standard: ProfileMask
  ) -> ProfileMask {
    let flows = SourceFlows(model, customFields)
    return ProfileMask { path in flows.hides(path) ?? standard.hides(path) }
  }

  /// The mask of what a mapping writes.
  package static func target(of model: MappingModel) -> ProfileMask {
    let policies = model.fields.map { ($0.target, $0.privacy) }
    return ProfileMask { path in
      let names = path.compactMap { step in
        if case .member(let name) = step { name.text } else { nil }
      }
      return policies.contains { target, privacy in
        privacy != .show && zip(target, names).allSatisfy { $0.isExactly($1) }
      }
    }
  }
}

/// Which source paths a mapping's target fields take their values from.
private struct SourceFlows: Sendable {
  private let reads: [(path: SourcePath, privacy: Privacy)]
  private let each: SourcePath?
  private let customFields: CustomFieldNames

  init(_ model: MappingModel, _ customFields: CustomFieldNames) {
    self.customFields = customFields
    each = model.each
    var reads: [(SourcePath, Privacy)] = []
    for field in model.fields {
      var paths = Self.paths(of: field.value, model)
      if let fallback = field.fallback { paths += Self.paths(of: fallback.value, model) }
      reads += paths.map { ($0, field.privacy) }
    }
    self.reads = reads.map { (path: $0.0, privacy: $0.1) }
  }

  private static func paths(of value: ValueModel, _ model: MappingModel, depth: Int = 0) -> [SourcePath] {
    // Vars cannot refer to each other in a circle; the bound is for models that are not checked.
    guard depth < 100 else { return [] }
    func variable(_ index: Int) -> [SourcePath] {
      guard model.vars.indices.contains(index) else { return [] }
      let field = model.vars[index]
      return paths(of: field.value, model, depth: depth + 1)
        + (field.fallback.map { paths(of: $0.value, model, depth: depth + 1) } ?? [])
    }
    switch value {
    case .source(let path, _, _): return [path]
    case .variable(let index): return variable(index)
    case .list(let values): return values.flatMap { paths(of: $0, model, depth: depth + 1) }
    case .constant, .typedConstant: return []
    case .expression(let expression):
      return expression.inputs.flatMap { input -> [SourcePath] in
        switch input {
        case .source(let path, _): return [path]
        case .variable(let index): return variable(index)
        case .target, .now: return []
        }
      }
    case .cases(let cases, let otherwise):
      return cases.flatMap { paths(of: $0.value, model, depth: depth + 1) }
        + (otherwise.map { paths(of: $0, model, depth: depth + 1) } ?? [])
    }
  }

  /// Nil: the mapping does not say.
  func hides(_ path: [ProfileMask.Step]) -> Bool? {
    var isShown = false
    for (read, privacy) in reads {
      guard let overlap = overlap(read, path) else { continue }
      if privacy != .show { return true }
      if overlap == .whole { isShown = true }
    }
    return isShown ? false : nil
  }

  private enum Overlap {
    /// The mapping reads the field itself, or something that it is part of.
    case whole
    /// The mapping reads a part of it.
    case part
  }

  private func overlap(_ read: SourcePath, _ path: [ProfileMask.Step]) -> Overlap? {
    var steps = read.steps
    switch read.root {
    case .record, .parent: break
    case .item:
      guard let each else { return nil }
      steps = each.steps + [.index(0)] + steps
    case .custom(let key):
      // `customFields`, then the field.
      guard path.count > 1, case .custom(let id) = path[1] else { return nil }
      guard key.isExactly(customFields.key(of: id)) else { return nil }
      return overlap(steps[...], path.dropFirst(2))
    }
    return overlap(steps[...], path[...])
  }

  private func overlap(_ steps: ArraySlice<SourcePath.Step>, _ path: ArraySlice<ProfileMask.Step>) -> Overlap? {
    for (step, own) in zip(steps, path) {
      switch (step, own) {
      case (.member(let name), .member(let other)):
        guard name.isExactlyInAnyCase(other.text) else { return nil }
      case (.member, .anyMember): continue
      case (.index, .elements), (.select, .elements): continue
      // An element of the list of custom fields, read as an element: it may be any of them.
      case (.index, .custom), (.select, .custom): return .whole
      default: return nil
      }
    }
    return steps.count <= path.count ? .whole : .part
  }
}
