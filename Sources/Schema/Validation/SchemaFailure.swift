package import Core

/// One thing that is wrong with an instance.
package struct SchemaFailure: Sendable, Hashable {
  package var code: ProblemCode
  /// JSON pointer of the value: of the object where a member is missing, of the member where it must not be.
  package var instance: String
  /// Where the schema asks for it: the keyword's JSON pointer in its file (`#/properties/email/format`), behind the address
  /// of the schema where it has an `$id`.
  package var schema: String
  /// What was asked for. Never holds a value of the instance.
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
