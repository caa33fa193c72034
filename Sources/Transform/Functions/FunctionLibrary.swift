/// The functions that a `do` chain may name.
package struct FunctionLibrary: Sendable {
  /// A section of the reference.
  package struct Group: Sendable {
    package let title: String
    package let functions: [FunctionDefinition]

    package init(_ title: String, _ functions: [FunctionDefinition]) {
      self.title = title
      self.functions = functions
    }
  }

  package let groups: [Group]
  /// In the order of the reference.
  package let functions: [FunctionDefinition]
  private let byName: [String: FunctionDefinition]

  /// The functions of the language. This is the line that a new one is added to.
  package static let standard = FunctionLibrary([
    Group(
      "Text functions",
      [
        .trim, .lower, .upper, .title, .collapse, .digits, .replace, .truncate, .slice, .split, .join, .stripHTML, .normalize,
        .padLeft, .prefix, .suffix,
      ]),
    Group("Contact functions", [.email, .phone, .country, .language, .url, .postalCode, .name]),
    Group("Number functions", [.int, .decimal, .number, .round, .text]),
    Group("Date functions", [.date, .datetime, .epoch, .format]),
    Group("List functions", [.first, .last, .unique, .sort, .count, .at, .compact]),
    Group("Code functions", [.lookup, .bool, .sha256, .uuid5, .mask]),
  ])

  /// Each name once.
  package init(_ groups: [Group]) {
    self.groups = groups
    functions = groups.flatMap(\.functions)
    byName = [String: FunctionDefinition](uniqueKeysWithValues: functions.map { ($0.name, $0) })
  }

  package func find(_ name: String) -> FunctionDefinition? { byName[name] }
}
