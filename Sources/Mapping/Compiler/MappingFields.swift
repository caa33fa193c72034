import Core
import Transform

/// The target fields that have been compiled so far.
struct MappingFields {
  /// In the order of the file.
  var drafts: [FieldDraft] = []
  /// `drafts` by their targets.
  let tree = FieldTree()
  /// Target fields that a diagnostic with a hint was about: they count as written.
  var meant = TargetNames()
  /// Of the key `fields`.
  var place: SourcePlace

  mutating func add(_ draft: FieldDraft) {
    tree.add(draft.model.target[...], drafts.count)
    drafts.append(draft)
  }

  /// The field with this dotted name.
  func named(_ name: String) -> FieldDraft? { at(name.split(exactly: ".")) }

  func at(_ target: [String]) -> FieldDraft? { tree.field(at: target).map { drafts[$0] } }

  /// Whether a diagnostic has named this target, a part of it, or the whole that contains it.
  func isMeant(_ name: String) -> Bool { meant.overlaps(name) }
}
