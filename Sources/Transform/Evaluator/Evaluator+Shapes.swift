package import Core
import Expressions
import Records
import Values

/// Values of an unexpected shape, at the end of a path or on the way to it: missing if they are empty (`""`, `[]`, `{}`,
/// like null), otherwise `wrong-type`. Elements of a list are part of its value, and an empty element is not missing.
extension Evaluator {
  /// Empty, whatever shape is expected.
  func isEmpty(_ cell: Cell) -> Bool { cell.isEmpty(blankIsNull: tables.blankIsNull) }

  /// A value that does not match its declaration, unless it is a whole number in another notation: `1.0` is an integer.
  @inline(never)
  mutating func loadStranger(_ source: Cell, _ accepts: CellKinds, into cell: inout Cell) -> Bool {
    if source.kind == .number, accepts.contains(.integer), let integer = whole(source) {
      cell = integer
      return true
    }
    guard isEmpty(source) else { return refuse(Self.undeclared(source)) }
    cell = .missing
    return true
  }

  /// What an expression gets in place of a value that does not match its declaration.
  @inline(never)
  func stranger(_ cell: Cell) -> Cell { isEmpty(cell) ? .missing : cell.kind == .blocked ? .unreachable : .undeclared }

  /// The record has no key: there is nothing in its place, or something that cannot be a key.
  @inline(never)
  func refuseKey(_ mark: RecordMark, _ log: inout ProblemLog) {
    let cell = slots[tables.keySlot]
    var problem = Problem(.missingKey, subject: .key, record: mark)
    if !isEmpty(cell) {
      let path = program.recordPaths[tables.keySlot]
      let reason =
        cell.kind == .blocked
        ? ObstacleText.sentence(cell.obstacle, on: path)
        : "\(ObstacleText.text(path[...], nil)) is \(ObstacleText.article(DeclaredKinds.kind(of: cell))), not a text or a number"
      problem.note = log.copy(note: "the record has no usable key: \(reason)")
    }
    log.append(problem)
  }

  /// Describes what blocks a value's path; nil if nothing does. `part` of a list of paths.
  func obstacle(of value: ValueCode, part: Problem.Part) -> String? {
    switch value {
    case .slot(let slot, _), .listSlot(let slot, _, _):
      let cell = slots[Int(slot)]
      return cell.kind == .blocked ? ObstacleText.sentence(cell.obstacle, on: program.recordPaths[Int(slot)]) : nil
    case .itemSlot(let slot, _), .itemListSlot(let slot, _, _):
      let cell = itemSlots[Int(slot)]
      guard cell.kind == .blocked else { return nil }
      return ObstacleText.sentence(cell.obstacle, on: program.itemPaths[Int(slot)], root: "item")
    case .list(let start, let count):
      var index: Int32 = 0
      if case .path(let number) = part { index = number } else if count != 1 { return nil }
      return obstacle(of: tables.parts[Int(start) + Int(index)], part: .whole)
    case .variable, .constant, .expression, .cases: return nil
    }
  }
}

/// Describes what blocks a path. Shows no value.
package enum ObstacleText {
  /// `root`: what the path starts from, if not the record.
  static func sentence(_ obstacle: Obstacle, on path: [RecordWalker.Step], root: String? = nil) -> String {
    let steps = min(obstacle.steps, path.count)
    let place = text(path[..<steps], root)
    let next = steps < path.count ? path[steps] : nil
    switch obstacle.reason {
    case .otherShape: return "\(place) is \(article(obstacle.kind)), not \(expected(next))"
    case .strayElement:
      guard obstacle.kind == .object else { return "an element of \(place) is \(article(obstacle.kind)), not an object" }
      return "an element of \(place) has no usable '\(selector(next))'"
    case .repeatedField: return "\(text(path[..<max(0, steps - 1)], root)) has several elements with this id, and they differ"
    case .severalValues: return "the custom field has different values under several names"
    case .unknownValueName: return "the custom field has no value under a known name"
    }
  }

  private static func expected(_ step: RecordWalker.Step?) -> String {
    switch step {
    case .element, .select, .customField: "a list"
    case .member, .memberInAnyCase, nil: "an object"
    }
  }

  private static func selector(_ step: RecordWalker.Step?) -> String {
    if case .select(let member, _) = step { member } else { "id" }
  }

  /// A value of this kind, in a message.
  package static func article(_ kind: CellKind) -> String {
    switch kind {
    case .true, .false: "a boolean"
    case .integer, .number, .decimal: "a number"
    case .list: "a list"
    case .object: "an object"
    case .date: "a date"
    case .datetime: "a date and time"
    default: "a text"
    }
  }

  /// As a mapping writes it.
  static func text(_ steps: ArraySlice<RecordWalker.Step>, _ root: String?) -> String {
    guard !steps.isEmpty else { return root.map { "the \($0)" } ?? "the record" }
    var text = root ?? ""
    for step in steps {
      switch step {
      case .member(let name), .memberInAnyCase(let name): text += text.isEmpty ? name : ".\(name)"
      case .element(let index): text += "[\(index)]"
      case .select(let member, let value): text += "[\(member)=\(value)]"
      case .customField(let id): text += "[id=\(id ?? "")]"
      }
    }
    return "'\(text)'"
  }
}
