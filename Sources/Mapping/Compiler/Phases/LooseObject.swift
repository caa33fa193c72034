import Core
import Expressions
import Transform

/// An object that may be absent, with its name.
struct LooseObject {
  var name: String
  /// When its fields are missing: each case once, with the fields that are missing in that case (two of them are enough).
  var absences: [(absence: FieldAbsence, first: Int, second: Int?)] = []
  var hasPoisoned = false

  init(name: String, _ tree: FieldTree, _ fields: [FieldDraft]) {
    self.name = name
    var positions: [FieldAbsence: Int] = [:]
    for index in tree.all {
      if fields[index].facts.isPoisoned { hasPoisoned = true }
      let absence = FieldAbsence(fields[index])
      if let position = positions[absence] {
        if absences[position].second == nil { absences[position].second = index }
      } else {
        positions[absence] = absences.count
        absences.append((absence, index, nil))
      }
    }
  }
}

/// When a field is missing: its condition is false, or the one path that it copies is absent.
struct FieldAbsence: Hashable {
  var condition: Name?
  var mayBeMissing: Bool
  var path: SourcePath?

  init(_ field: FieldDraft) {
    condition = field.model.condition.map { Name($0.checked.text) }
    mayBeMissing = field.facts.mayBeMissing
    path = mayBeMissing && field.facts.paths.count == 1 ? field.facts.paths.first : nil
  }

  /// Whether a field that is missing in this case is missing whenever `other` is.
  func follows(_ other: FieldAbsence) -> Bool {
    if let asked = other.condition, condition != asked { return false }
    return !other.mayBeMissing || (mayBeMissing && path != nil && path == other.path)
  }
}
