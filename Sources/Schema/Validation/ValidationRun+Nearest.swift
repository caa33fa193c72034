import Core

/// What a failed `oneOf`, `anyOf` or `propertyNames` is about: its branches are tried again, recording all failures.
///
/// The nearest branch is the one with the least wrong; a value of another type or constant weighs more than anything within it, and
/// so does another constant in a member (`{"kind": {"const": "person"}}`), which tells branches apart. Where a dynamic reference
/// could lead elsewhere, and for very long lists, nothing is reported.
extension ValidationRun {
  /// The most branches that are tried again, the steps that all of them may take together, and the findings looked at of each.
  private static let most = (branches: 512, steps: 20_000, findings: 64)

  private struct Branch {
    var number: Int
    var weight: Int
    /// The finding that weighs most.
    var worst: Finding
  }

  /// `; nearest (oneOf/1): /email must have the format 'email'`.
  /// - Parameter instance: the JSON pointer of `value`.
  func nearest(_ list: Int, _ value: Int, _ instance: String, _ keyword: String) -> String {
    var branches: [Branch] = []
    let tried = branchesToTry(list)
    for (number, schema) in tried.enumerated() {
      var run = ValidationRun(program, space, stepLimit: Self.most.steps / tried.count + 100)
      _ = run.evaluate(schema, value, -1)
      let found = run.found.prefix(Self.most.findings)
      guard !run.isOverLimit, let first = found.first else { continue }
      var branch = Branch(number: number, weight: run.found.count - found.count, worst: first)
      var heaviest = 0
      for finding in found {
        let weight = weight(finding, value)
        branch.weight += weight
        if weight > heaviest { (heaviest, branch.worst) = (weight, finding) }
      }
      branches.append(branch)
    }
    guard let best = branches.min(by: { $0.weight < $1.weight }) else { return "" }
    let worst = best.worst
    let place = worst.value == value ? "it" : instance + tape.pointer(worst.value, from: value)
    // Branches that differ in the constant they ask for: all of them.
    let constants = branches.compactMap { $0.worst.value == worst.value ? values(of: $0.worst) : nil }
    if values(of: worst) != nil, constants.count > 1 {
      return "; nearest: \(place) must be one of \(Self.list(constants.flatMap { $0 }))"
    }
    return "; nearest (\(keyword)/\(best.number)): \(place) \(describe(worst, instance: "", explains: false).message)"
  }

  /// The members of the `enum` or `const` that a finding is about.
  private func values(of finding: Finding) -> [JSONValue]? {
    guard finding.check >= 0, case .enumeration(let number) = program.checks[finding.check].rule else { return nil }
    return program.tables.enumerations[number].values
  }

  private func weight(_ finding: Finding, _ value: Int) -> Int {
    switch finding.code {
    case .schemaType, .schemaConst, .schemaEnum, .schemaFalse:
      if finding.value == value { return 10_000 }
      return values(of: finding) != nil && isChild(finding.value, of: value) ? 100 : 1
    default: return 1
    }
  }

  private func isChild(_ child: Int, of value: Int) -> Bool {
    guard child - value < 1_000 else { return false }
    var next = value + 1
    while next < child { next = tape.end(next) }
    return next == child
  }

  /// ` (oneOf/0, oneOf/2)`: the branches that a value fits, the first of them.
  func fitting(_ list: Int, _ value: Int) -> String {
    var names: [String] = []
    let tried = branchesToTry(list)
    for (number, schema) in tried.enumerated() where names.count < 4 {
      var run = ValidationRun(program, space, stepLimit: Self.most.steps / tried.count + 100)
      let isValid = run.isValid(schema, value, -1)
      // If one was given up, the others are not a complete answer.
      guard !run.isOverLimit else { return "" }
      if isValid { names.append("oneOf/\(number)") }
    }
    return names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
  }

  /// What is wrong with the name of a member: `: it must have at most 4 characters`.
  func wrongName(_ names: Int, _ value: Int) -> String {
    guard !program.isDynamic else { return "" }
    let name = tape.appendName(of: value)
    defer { tape.removeLast(name) }
    var run = ValidationRun(program, space, stepLimit: Self.most.steps)
    _ = run.evaluate(names, name, -1)
    return run.found.first.map { ": it \(describe($0, instance: "", explains: false).message)" } ?? ""
  }

  /// A member that looks like the missing one.
  func lookAlike(of name: String, _ value: Int) -> String {
    var child = value + 1
    while child < tape.end(value) {
      let other = tape.name(child).string
      if let difference = NearestName.difference(name, other) { return ", and has '\(other)': \(difference)" }
      child = tape.end(child)
    }
    return ""
  }

  private func branchesToTry(_ list: Int) -> [Int] {
    let branches = program.tables.lists[list]
    return program.isDynamic || branches.count > Self.most.branches ? [] : branches
  }
}
