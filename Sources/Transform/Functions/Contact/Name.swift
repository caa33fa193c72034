import Core
import Values

extension FunctionDefinition {
  static let name = FunctionDefinition(
    name: "name",
    summary: "One part of a full name; null if the name does not have it.",
    parameters: [
      Parameter(
        "part", .words(PersonName.Part.allCases.map(\.rawValue)), isRequired: true, isPositional: true,
        "given, middle, family, prefix (titles) or suffix (Jr., PhD); `Family, Given` is understood")
    ],
    takes: [.string], gives: .string,
    examples: [
      Example("{name: given}", #""Ada King Lovelace""#, gives: #""Ada""#),
      Example("{name: family}", #""Ludwig van Beethoven""#, gives: #""van Beethoven""#),
      Example("{name: family}", #""Núñez, María José""#, gives: #""Núñez""#),
      Example("{name: prefix}", #""Dr. Ada Lovelace, PhD""#, gives: #""Dr.""#),
      Example("{name: {part: suffix}}", #""Martin Luther King Jr.""#, gives: #""Jr.""#),
      Example("{name: family}", #""Ada""#, gives: "null"),
    ],
    kernel: { arguments in
      let part = arguments.text("part").flatMap(PersonName.Part.init) ?? .given
      return Kernel(ResultFacts(nulls: .added, longest: { $0 })) { text, result in
        PersonName.append(part, of: text, into: &result) ? .made : .null
      }
    })
}
