import Core
import Files
import Foundation
import Mapping
import Schema
import Transform

/// The mapping of one resource: its schema, and the fields that fill it.
struct ResourceMapping {
  /// Where the records come from.
  enum Source {
    case entity(EntityChoice)
    case sample(SampleProfile)
  }

  let resource: APIResource
  let key: ResourceKey
  /// By the field that has the parent's key: what fills it.
  let parents: [(field: String, pair: MappingProposal.KnownPair?, isAdded: Bool)]

  /// The API's schema of a record in a request, as a file of its own.
  ///
  /// - Throws: `OpenAPIFile.Fault` if it cannot be compiled.
  func schema(_ document: APIDocument) throws -> (json: JSONValue, changes: [(change: StandaloneSchema.Change, count: Int)]) {
    // A schema that is nothing but a reference is what it refers to.
    let written = resource.recordSchema
    let isReference = written.members.allSatisfy { ["$ref", "description", "summary"].contains($0.name) }
    let pointer = (isReference ? document.resolve(written) : nil)?.pointer ?? written.pointer
    let compilation = try Self.compilation(document, pointer)
    guard let standalone = compilation.standalone else {
      throw OpenAPIFile.Fault(
        diagnostics: compilation.diagnostics.filter { $0.severity == .error }, sources: compilation.sources)
    }
    var schema = RequestSchema.writing(standalone.json)
    for parent in parents where parent.isAdded { schema = Self.adding(parent.field, to: schema) }
    return (schema, standalone.changes)
  }

  private static func compilation(_ document: APIDocument, _ pointer: String) throws -> SchemaCompilation {
    var options = SchemaOptions(yaml: YAMLSchemaReader.read)
    (options.makesStandalone, options.direction) = (true, .request)
    let fragment = "#" + encoded(pointer)
    guard document.isBundled else { return SchemaCompiler.load(path: document.file.path + fragment, options: options) }
    let folder = try TemporaryFolderPath.make()
    defer { FileRemoval.tree(folder) }
    let path = "\(folder)/\(FilePath.name(of: document.file.path)).json"
    do {
      try Data(document.root.value.text.utf8).write(to: URL(filePath: path))
    } catch {
      throw OperationFailure(.cannotWrite, "a temporary file cannot be written: \(path)")
    }
    return SchemaCompiler.load(path: path + fragment, name: document.file.path + fragment, options: options)
  }

  /// A pointer as a fragment (RFC 6901, section 6).
  private static func encoded(_ pointer: String) -> String {
    pointer.split(separator: "/", omittingEmptySubsequences: false).map { APIRequests.encoded(String($0)) }.joined(separator: "/")
      .replacing("%7E", with: "~")
  }

  /// A member that only the path needs.
  private static func adding(_ name: String, to schema: JSONValue) -> JSONValue {
    guard case .object(var members) = schema else { return schema }
    let added = JSONValue.object([
      .init("type", .string("string")), .init("minLength", .number(1)),
      .init("description", .string("Not in the API's own schema: it identifies the parent in whose path the record is created.")),
    ])
    if let index = members.firstIndex(where: { $0.name == "properties" }) {
      members[index].value = .object((members[index].value.objectValue ?? []) + [.init(name, added)])
    } else {
      members.append(.init("properties", .object([.init(name, added)])))
    }
    if let index = members.firstIndex(where: { $0.name == "required" }) {
      members[index].value = .array((members[index].value.arrayValue ?? []) + [.string(name)])
    } else {
      members.append(.init("required", .array([.string(name)])))
    }
    return .object(members)
  }

  // MARK: The mapping

  func options(schema: String, path: String, sampleName: String, header: String?) -> MappingProposal.Options {
    var options = MappingProposal.Options(name: resource.name, sampleName: sampleName)
    options.header = header
    options.schema = (schema, path)
    options.fillsConstants = true
    options.known = parents.compactMap(\.pair)
    if let chosen = key.chosen {
      options.targetKey = chosen.name
      options.targetKeyReview = chosen.reason
      options.fillsKeyFromSource = Self.isFilledFromKey(chosen)
      if !key.others.isEmpty {
        options.remarks.append("The key could also be: \(key.others.prefix(6).map(\.name).joined(separator: ", ")).")
      }
    } else {
      options.hasNoTargetKey = true
      options.remarks += [
        "No member of the API's schema identifies your records. Add `key: MEMBER` to `target` below: a member that you set",
        "and that is different in each record. Without one, new records cannot be told from existing ones.",
      ]
    }
    for parent in parents where parent.isAdded {
      options.remarks.append(
        "\(parent.field) was added to the schema, because the path of `create` needs it; the API's own schema does not have it.")
    }
    return options
  }

  /// E-mail addresses come from the source's own, every other key from the source's key.
  static func isFilledFromKey(_ key: ResourceKey.Candidate) -> Bool {
    NameMatch.meaning(key.name.split(exactly: ".").suffix(1)) != "email"
  }

  /// A mapping that the program ships, if it fits the schema exactly.
  func shipped(_ mappings: [ShippedMapping], _ entity: String, schema: JSONValue) throws -> ShippedMapping? {
    guard let chosen = key.chosen else { return nil }
    let declared = Set((schema["properties"]?.objectValue ?? []).map(\.name))
    for mapping in mappings where mapping.entity == entity {
      var files = mapping.files.filter { $0.path != mapping.schemaPath }
      files.append((mapping.schemaPath, schema.prettyText))
      guard let model = try ProposalCheck(files: files, entity: entity).finished(mapping.text) else { continue }
      guard model.targetKey == [chosen.name], model.fields.allSatisfy({ $0.target.first.map(declared.contains) == true }) else {
        continue
      }
      return mapping
    }
    return nil
  }
}

/// A mapping of an entity of GHL that the program ships, with the files that it names.
package struct ShippedMapping: Sendable {
  package var entity: String
  /// Inside `mappings/`.
  package var name: String
  package var text: String
  /// Inside `mappings/`.
  package var schemaPath: String
  /// Inside `mappings/`: path and text, without the schema.
  package var files: [(path: String, text: String)]

  package init(entity: String, name: String, text: String, schemaPath: String, files: [(path: String, text: String)]) {
    self.entity = entity
    self.name = name
    self.text = text
    self.schemaPath = schemaPath
    self.files = files
  }
}
