import Core
import Transform

/// What functions do to facts.
extension ValueFacts {
  /// The result of a function that guarantees `result`, applied to `input`: to each element of a list if it is `isElementwise`.
  mutating func apply(_ result: ResultFacts, from input: ValueFacts, isElementwise: Bool) {
    switch result.values {
    case .input: break
    case .elements: known = known?.map { KnownValue(value: $0.value, place: $0.place, what: $0.what) }
    case .rewritten(let form, let replaced, let change):
      if let replaced { forms.remove(replaced) }
      forms.insert(form)
      options = options?.map(change)
      known = known?.map { known in
        var known = known
        if case .string(let text) = known.value { known.value = .string(change(text)) }
        return known
      }
    case .other:
      forget()
      forms = result.forms
      // The length of a list, or of what may be one, is that of its elements.
      longest = result.longest(input.longest)
    }
    switch result.nulls {
    case .asInInput: break
    case .removed: hasNullElements = false
    case .added: admitNull(isElementwise: isElementwise)
    case .ifNothingIsLeft: if elementsAreNullable { admitNull() }
    }
  }

  /// The mapping turns some values into null.
  mutating func admitNull() { (isNullable, makesNull) = (true, true) }

  /// The same of a function's result: of each element of a list if it is `isElementwise`, and so perhaps of all of them.
  mutating func admitNull(isElementwise: Bool) {
    if isElementwise { (hasNullElements, elementsAreNullable) = (true, true) } else { admitNull() }
  }

  /// A condition guarantees a value.
  mutating func excludeNull() { (isNullable, mayBeMissing, makesNull) = (false, false, false) }

  /// The facts about texts no longer apply.
  mutating func forget() {
    known = nil
    options = nil
    forms = []
    longest = nil
    countsMilliseconds = false
  }

  /// The same sources, with nothing else known.
  var asPoisoned: ValueFacts {
    var facts = ValueFacts.poisoned
    facts.paths = paths
    facts.privacy = privacy
    return facts
  }
}
