package import Core

/// One thing that is wrong with an instance.
package struct SchemaFailure: Sendable, Hashable {
  package var code: ProblemCode
  /// JSON pointer of the value: the object if a member is missing, the member if it is not allowed.
  package var instance: String
  /// The place in the schema: the keyword's JSON pointer in its file (`#/properties/email/format`), after the address of the
  /// schema if it has an `$id`.
  package var schema: String
  /// The requirement. Never contains a value of the instance.
  package var message: String
  /// The member that is missing.
  package var member: String?

  package init(code: ProblemCode, instance: String, schema: String, message: String, member: String? = nil) {
    self.code = code
    self.instance = instance
    self.schema = schema
    self.message = message
    self.member = member
  }
}

extension SchemaFailure {
  /// The names on the way to the value, or to the missing member, joined by dots; nil: the whole instance.
  package var field: String? {
    let path = JSONPointer.tokens(instance) + (member.map { [$0] } ?? [])
    return path.isEmpty ? nil : path.joined(separator: ".")
  }
}
