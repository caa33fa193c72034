import Core

extension ProblemCode {
  private static let bySlug = Dictionary(uniqueKeysWithValues: allCases.map { (Name($0.slug), $0) })

  /// The code with this slug; nil: it is the ID of a rule.
  static func named(_ slug: String) -> ProblemCode? { bySlug[Name(slug)] }
}
