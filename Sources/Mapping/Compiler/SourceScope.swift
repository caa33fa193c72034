import Core
import Expressions
import Records
import Transform

/// What is known about the source: what the paths of a mapping can name.
struct SourceScope {
  var entity = ""
  var isKnown = true
  /// Its name in messages: `ghl contact`.
  var label = "the source"
  var shape = ObjectShape([], others: .any)
  /// `source.schema` describes the source.
  var hasOwnSchema = false
  var customFields: [CustomFieldDefinition]?
  /// The key's path: never null in a record that is let through. Nil if there is none, which has been reported.
  var key: SourcePath?
  /// How the key's values may be shown, according to the source, and where the mapping names it.
  var keyPrivacy: (policy: Privacy, place: SourcePlace)?
  var updatedAt: SourcePath?
  /// Whether `updated_at` is present, valid or not.
  var updatedAtIsStated = false
  var each: SourcePath?
  /// The element of `each`; nil without `each`.
  var item: (type: ValueType, privacy: Privacy, path: SourcePath)?
  /// `source.optional`.
  var optional: [(name: String, place: SourcePlace)] = []
  var reading = RecordReading()
  /// Roots of expressions, except vars and target.
  var roots: [ExpressionScope.Root] = []
}
