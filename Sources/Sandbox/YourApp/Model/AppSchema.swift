import Core
import Records
import Schema

/// The schema of one resource's records: the one that the mappings of this repository have as their target.
struct AppSchema: Sendable {
  let resource: AppResource
  /// The schema's file, for the OpenAPI document.
  let document: JSONValue
  private let validator: SchemaValidator

  static let all: [AppSchema] = AppResource.allCases.map(AppSchema.init)
  static func of(_ resource: AppResource) -> AppSchema { all[resource.index] }

  private init(_ resource: AppResource) {
    self.resource = resource
    let bytes =
      switch resource {
      case .contacts: PackageResources.your_app_contact_schema_json
      case .tasks: PackageResources.your_app_task_schema_json
      case .notes: PackageResources.your_app_note_schema_json
      case .appointments: PackageResources.your_app_appointment_schema_json
      }
    let text = String(decoding: bytes, as: UTF8.self)
    // They are part of the program, and its tests compile them.
    guard let document = try? JSONReader.read(text),
      let validator = SchemaCompiler.compile(file: resource.singular + ".schema.json", text: text).validator
    else { preconditionFailure("the schema of \(resource.rawValue) does not compile") }
    self.document = document
    self.validator = validator
  }

  /// The members that every record has.
  var required: Set<Name> { Set((document["required"]?.arrayValue ?? []).compactMap { $0.stringValue.map { Name($0) } }) }

  /// Reads one record. The pointers of errors begin at the record.
  func read(_ slice: JSONSlice, _ space: ValidationSpace) throws(AppProblem) -> AppRecordBody {
    guard slice.kind == .object else {
      var problem = AppProblem(.invalidRecord, "The record must be a JSON object.")
      problem.errors = [.init(pointer: "", code: "type", detail: "must be an object")]
      throw problem
    }
    let found = slice.members(named: [resource.key, AppResource.parentKey] + AppRecord.ownMembers)
    let fields: [UInt8]
    if found[2...].allSatisfy({ $0 == nil }) {
      fields = Self.inside(slice.line)
    } else {
      fields = AppRecordBody.fields(
        slice.members.filter { member in !AppRecord.ownMembers.contains { $0.isExactly(member.name) } })
    }
    let body = AppRecordBody(
      key: Name(found[0]?.stringValue ?? ""), parentKey: resource.isChild ? Name(found[1]?.stringValue ?? "") : nil,
      fields: fields)
    try check(body, space)
    return body
  }

  private func check(_ body: AppRecordBody, _ space: ValidationSpace) throws(AppProblem) {
    switch body.object.withUnsafeBufferPointer({ validator.failures(in: $0, space) }) {
    case .failure(let fault): throw AppProblem(.invalidJSON, "The record cannot be read: \(fault.code.slug).")
    case .success(let failures):
      guard failures.isEmpty else {
        var problem = AppProblem(.invalidRecord, "The record does not match the schema of \(resource.rawValue).")
        problem.errors = failures.map { failure in
          .init(
            pointer: failure.member.map { SchemaPointer.appending($0, to: failure.instance) } ?? failure.instance,
            code: Self.code(failure.code), detail: failure.message)
        }
        throw problem
      }
    }
  }

  /// The keyword that failed: `maxLength`.
  private static func code(_ code: ProblemCode) -> String {
    let slug = code.slug
    return slug.hasPrefix("schema-") ? String(slug.dropFirst("schema-".count)) : slug
  }

  /// An object's text without its braces and the space beside them.
  private static func inside(_ object: [UInt8]) -> [UInt8] {
    var inner = object.dropFirst().dropLast()
    while let byte = inner.first, byte == 0x20 || byte == 0x09 { inner.removeFirst() }
    while let byte = inner.last, byte == 0x20 || byte == 0x09 { inner.removeLast() }
    return Array(inner)
  }
}
