/// What a function guarantees about its results before any record is read. The mapping compiler compares it with what the target
/// accepts, and with the keys of lookups. The default says nothing, which is always right.
package struct ResultFacts: Sendable {
  /// What each text is known to look like.
  package enum Form: Sendable, Hashable { case lower, upper, trimmed, digits }

  package enum Values: Sendable {
    /// Values other than those of the input.
    case other
    /// Those of the input, or some of them, in any order.
    case input
    /// Single elements of the input, which is a list.
    case elements
    /// Those of the input, each text changed by this function: then it has the form, and no longer has the form `replacing`.
    case rewritten(Form, replacing: Form? = nil, @Sendable (String) -> String)
  }

  package enum Nulls: Sendable {
    /// No value becomes null, and null elements of a list stay.
    case asInInput
    /// The list has no null elements.
    case removed
    /// Some values become null.
    case added
    /// The value is null if every element of the list is.
    case ifNothingIsLeft
  }

  package var values: Values
  package var nulls: Nulls
  /// Of `other` values.
  package var forms: Set<Form>
  /// Characters of the longest text, of `other` values, if the longest input has as many as this; nil: unknown.
  package var longest: @Sendable (Int?) -> Int?
  /// Of a function that takes a list: the records decide whether it accepts the elements.
  package var refusesElements: Bool

  package init(
    _ values: Values = .other, nulls: Nulls = .asInInput, forms: Set<Form> = [], refusesElements: Bool = false,
    longest: @escaping @Sendable (Int?) -> Int? = { _ in nil }
  ) {
    self.values = values
    self.nulls = nulls
    self.forms = forms
    self.refusesElements = refusesElements
    self.longest = longest
  }
}
