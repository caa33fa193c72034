/// All functions that a `do` chain may name, in the order of the reference table.
package enum FunctionLibrary {
  package static let all: [FunctionDefinition] = [
    .trim, .lower, .upper, .title, .collapse, .digits, .replace, .truncate, .slice, .split, .join, .stripHTML, .normalize,
    .padLeft, .prefix, .suffix,
    .email, .phone, .country, .language, .url, .postalCode, .name,
    .int, .decimal, .number, .round,
    .date, .datetime, .epoch, .format,
    .first, .last, .unique, .sort, .count, .at, .compact,
    .lookup, .bool, .sha256, .uuid5, .mask,
  ]

  package static func find(_ name: String) -> FunctionDefinition? { byName[name] }

  private static let byName = [String: FunctionDefinition](uniqueKeysWithValues: all.map { ($0.name, $0) })
}
