import Core
import Records

/// Source paths to slot numbers: each path once, in the order in which they were first asked for. Names are told apart by
/// their bytes, as the walker does; where any case matches, spellings of one name are one path.
struct SlotTable {
  private(set) var paths: [[RecordWalker.Step]] = []
  /// As the mapping writes them, for ledger lines.
  private(set) var names: [String] = []
  private var numbers: [[Key]: UInt16] = [:]

  /// A step by its bytes: strings compare by canonical equivalence, which is not what the records go by.
  private struct Key: Hashable {
    var kind: UInt8
    var number = 0
    var name: [UInt8] = []
    var text: [UInt8] = []

    init(_ step: RecordWalker.Step) {
      switch step {
      case .member(let name): (kind, self.name) = (0, Array(name.utf8))
      case .memberInAnyCase(let name):
        kind = 1
        self.name = name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
      case .element(let index): (kind, number) = (2, index)
      case .select(let member, let text): (kind, name, self.text) = (3, Array(member.utf8), Array(text.utf8))
      case .customField(let id?): (kind, name) = (4, Array(id.utf8))
      case .customField(nil): kind = 5
      }
    }
  }

  mutating func slot(of path: SourcePath, context: ProgramContext) -> UInt16 {
    let steps = Self.walk(path, context: context)
    let key = steps.map { Key($0) }
    if let number = numbers[key] { return number }
    let number = UInt16(truncatingIfNeeded: paths.count)
    numbers[key] = number
    paths.append(steps)
    names.append(path.text)
    return number
  }

  private static func walk(_ path: SourcePath, context: ProgramContext) -> [RecordWalker.Step] {
    var steps: [RecordWalker.Step] = []
    if case .custom(let key) = path.root {
      if let definitions = context.customFields {
        // A key that this location does not define reads as absent.
        steps = [.member("customFields"), .customField(id: definitions.first { $0.key.isExactly(key) }?.id)]
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
