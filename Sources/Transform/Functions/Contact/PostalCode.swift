import Core
import Values

extension FunctionDefinition {
  static let postalCode = FunctionDefinition(
    name: "postal_code",
    summary: "A postal code as its country writes it; the country is that of `region_from`, then `region` of the settings.",
    input: "string", output: "string", errors: [.postalCodeInvalid], formulas: .impossible,
    examples: [
      Example("postal_code", #""sw1a  1aa""#, gives: #""SW1A 1AA""#),
      Example("postal_code", #""94103-1234""#, gives: #""94103-1234""#),
      Example("postal_code", #""unknown""#, raises: .postalCodeInvalid),
    ],
    bind: { request in
      request.bind(
        "postal_code", takes: [.string], gives: .string,
        facts: ResultFacts(forms: [.upper, .trimmed], longest: { _ in PostalCode.longest }), .postalCode)
    })
}
