import Core
import Records

/// `unique`, `merge` and `references` with columns in place of names.
struct ProgramRules: Sendable {
  struct Unique: Sendable {
    var columns: [Int]
    var severity: Severity
  }

  struct Merge: Sendable {
    var by: [Int]
    var keep: MergeRule.Keep
    /// By column; nil: the survivor's value.
    var preferences: [MergeRule.Preference?]
    /// The slot of `source.updated_at`, if it is needed.
    var updatedSlot: Int?
  }

  struct Reference: Sendable {
    var column: Int
    var mapping: String
  }

  var unique: [Unique] = []
  var merge: Merge?
  var references: [Reference] = []

  init() {}

  /// Names without a column are ignored: the mapping compiler has reported them.
  init(_ model: MappingModel, columns: [RecordLayout.Column], fieldOfColumn: [Int], slot: (SourcePath) -> UInt16) {
    func numbers(_ names: [String]) -> [Int] { names.compactMap { name in columns.firstIndex { $0.name.isExactly(name) } } }
    unique = model.unique.map { Unique(columns: numbers($0.fields), severity: $0.severity) }
    if let rule = model.merge {
      let preferences = columns.map { rule.by.contains(exactly: $0.name) ? nil : rule.fields[Name($0.name)] ?? rule.others }
      let isTimed =
        [.newest, .oldest].contains(rule.keep) || preferences.contains { $0 == .newest || $0 == .oldest }
      merge = Merge(
        by: numbers(rule.by), keep: rule.keep,
        // The survivor keeps its keys, whatever the other rules.
        preferences: zip(columns, preferences).map { model.targetKey.contains(exactly: $0.name) ? nil : $1 },
        updatedSlot: isTimed ? model.updatedAt.map { Int(slot($0)) } : nil)
    }
    for (column, index) in fieldOfColumn.enumerated() {
      guard let reference = model.fields[index].references else { continue }
      references.append(Reference(column: column, mapping: reference.mapping))
    }
  }
}
