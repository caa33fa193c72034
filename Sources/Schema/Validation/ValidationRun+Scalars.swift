import Core
import Values

/// Checks of texts and numbers.
extension ValidationRun {
  mutating func checkString(_ check: Int, _ schema: Int, _ value: Int) -> Bool {
    switch program.checks[check].rule {
    case .minLength(let least):
      return least == 0 || CharacterCount.exceeds(least - 1, tape.text(value).span)
        || fail(.schemaMinLength, schema, check, value)
    case .maxLength(let most):
      return !CharacterCount.exceeds(most, tape.text(value).span) || fail(.schemaMaxLength, schema, check, value)
    case .pattern(let number):
      switch program.tables.patterns[number].matches(tape.text(value).span, space.workspace) {
      case .matched: return true
      case .notMatched: return fail(.schemaPattern, schema, check, value)
      case .limitExceeded: return fail(.patternLimit, schema, check, value)
      }
    case .format(let format): return format.matches(tape.text(value).span) || fail(.schemaFormat, schema, check, value)
    case .contentEncoding:
      return ContentSyntax.decodedBase64(tape.text(value).span) != nil || fail(.schemaContentEncoding, schema, check, value)
    case .contentMediaType(let isEncoded):
      return isJSON(tape.text(value), isEncoded: isEncoded) || fail(.schemaContentMediaType, schema, check, value)
    default: return checkAny(check, schema, value, -1)
    }
  }

  /// Text that is not base64 is reported by `contentEncoding`.
  private func isJSON(_ text: Text, isEncoded: Bool) -> Bool {
    guard isEncoded else { return ContentSyntax.isJSON(Array(text.buffer)) }
    return ContentSyntax.decodedBase64(text.span).map(ContentSyntax.isJSON) ?? true
  }

  mutating func checkNumber(_ check: Int, _ schema: Int, _ value: Int) -> Bool {
    switch program.checks[check].rule {
    case .minimum(let limit): return compare(value, limit) >= 0 || fail(.schemaMinimum, schema, check, value)
    case .maximum(let limit): return compare(value, limit) <= 0 || fail(.schemaMaximum, schema, check, value)
    case .exclusiveMinimum(let limit): return compare(value, limit) > 0 || fail(.schemaExclusiveMinimum, schema, check, value)
    case .exclusiveMaximum(let limit): return compare(value, limit) < 0 || fail(.schemaExclusiveMaximum, schema, check, value)
    case .multipleOf(let number):
      return program.tables.divisors[number].divisor.divides(tape.text(value).span) == true
        || fail(.schemaMultipleOf, schema, check, value)
    default: return checkAny(check, schema, value, -1)
    }
  }

  private func compare(_ value: Int, _ limit: Int) -> Int {
    let digits = program.tables.limits[limit].digits
    return Numbers.compare(tape.text(value).span, digits.span) ?? 0
  }
}
