import Core
import Records

/// Source paths to slot numbers: each path once, in the order in which they were first asked for.
struct SlotTable {
  private(set) var paths: [[RecordWalker.Step]] = []
  /// As the mapping writes them, for ledger lines.
  private(set) var names: [String] = []
  private var numbers: [[RecordWalker.Step]: UInt16] = [:]

  mutating func slot(of path: SourcePath, context: ProgramContext) -> UInt16 {
    let steps = Self.walk(path, context: context)
    if let number = numbers[steps] { return number }
    let number = UInt16(paths.count)
    numbers[steps] = number
    paths.append(steps)
    names.append(path.text)
    return number
  }

  private static func walk(_ path: SourcePath, context: ProgramContext) -> [RecordWalker.Step] {
    var steps: [RecordWalker.Step] = []
    if case .custom(let key) = path.root {
      if let definitions = context.customFields {
        // A key that this location does not define reads as absent: no element has an empty id.
        let id = definitions.first { $0.key == key }?.id ?? ""
        steps = [.member("customFields"), .select(member: "id", equals: id), .member("value")]
      } else {
        steps = [.member("custom"), .member(key)]
      }
    }
    for (index, step) in path.steps.enumerated() {
      switch step {
      case .member(let name):
        steps.append(path.caseInsensitiveSteps.contains(index) ? .memberInAnyCase(name) : .member(name))
      case .index(let index): steps.append(.element(index))
      case .select(let member, let text): steps.append(.select(member: member, equals: text))
      }
    }
    return steps
  }
}
