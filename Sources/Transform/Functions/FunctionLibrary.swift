/// All functions that a `do` chain may name, in the order of the reference table.
package enum FunctionLibrary {
  package static let all: [FunctionDefinition] = [
    .trim, .lower, .upper, .title, .collapse, .digits, .replace, .truncate, .split, .join, .stripHTML,
    .email, .phone, .country,
    .int, .decimal, .number,
    .date, .datetime,
    .first, .last, .unique, .sort, .count,
    .lookup, .bool,
  ]

  package static func find(_ name: String) -> FunctionDefinition? { byName[name] }

  private static let byName = [String: FunctionDefinition](uniqueKeysWithValues: all.map { ($0.name, $0) })
}
