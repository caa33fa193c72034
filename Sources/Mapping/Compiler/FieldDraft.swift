import Core
import Transform

/// A target field (or a var) as far as it has been compiled, with what is known about its value.
struct FieldDraft {
  var model: FieldModel
  var facts: ValueFacts
  var keyPlace: SourcePlace
  /// Set by the mapping, rather than derived from the sources.
  var statedPrivacy: Privacy?
  var position: TargetPosition
  var isRequiredByTarget = false
  /// The sources as written, and their joint type.
  var origin: FieldExplanation.Link
  var trace: [FieldExplanation.Link] = []

  var name: String { model.target.joined(separator: ".") }
}
