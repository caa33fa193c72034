import Core

@testable import Expressions

/// A scope as a mapping has it.
enum MappingScope {
  static let address = ObjectShape([
    FieldShape("city", .string), FieldShape("country", .string, isNullable: false),
    FieldShape("geo", .object(ObjectShape([FieldShape("lat", .number, isNullable: false)]))),
  ])

  static let task = ObjectShape([
    FieldShape("title", .string), FieldShape("done", .boolean, isNullable: false), FieldShape("due", .datetime),
  ])

  static let contact = ObjectShape([
    FieldShape("id", .string, isNullable: false), FieldShape("type", .string, isNullable: false),
    FieldShape("email", .string), FieldShape("phone", .string), FieldShape("dnd", .boolean),
    FieldShape("score", .integer), FieldShape("visits", .integer, isNullable: false),
    FieldShape("rating", .number, isNullable: false), FieldShape("amount", .decimal, isNullable: false),
    FieldShape("tags", .list(.string)), FieldShape("labels", .list(.string), isNullable: false),
    FieldShape("tasks", .list(.object(task)), isNullable: false), FieldShape("dateAdded", .datetime, isNullable: false),
    FieldShape("born", .date), FieldShape("address", .object(address)), FieldShape("extra", .any),
    FieldShape("mixed", .oneOf([.string, .integer])),
    FieldShape("dndSettings", .object(ObjectShape([FieldShape("SMS", .any)], isCaseInsensitive: true))),
  ])

  static let scope = ExpressionScope(
    roots: [
      .init("record", .object(contact), label: "ghl contact"),
      .init(
        "vars",
        .object(
          ObjectShape([
            FieldShape("worth", .decimal), FieldShape("full_name", .string), FieldShape("age", .integer, isNullable: false),
          ])), label: "vars", unknownMember: .unknownVar),
      .init(
        "custom", .object(ObjectShape([FieldShape("plan", .string), FieldShape("2nd_phone", .string)])), label: "ghl contact",
        unknownMember: .unknownCustomField),
      .init("now", .datetime),
    ], bareRoot: "record")

  /// `ok bool`, `ok? string` where it may be null, or the diagnostics as `code lower..<upper`.
  static func checked(_ text: String, expecting expectation: ExpressionCompiler.Expectation = .any) -> String {
    let compilation = ExpressionCompiler.compile(text, scope: scope, expecting: expectation)
    if let expression = compilation.expression {
      return (expression.isNullable ? "ok? " : "ok ") + expression.type.name
    }
    return compilation.diagnostics.map { "\($0.code.rawValue) \($0.range)" }.joined(separator: ", ")
  }
}
