package import Core
import GHL
import Records

/// Files that declare no fields, and that are not exports of GHL: the names that their first records have, of any type. Other
/// fields may occur, since a record of such a file may lack what another one has.
///
/// A GHL entity whose file looks like an export keeps its shape, plus the fields that only the file has.
package struct InferredCatalog: SourceCatalog {
  package let name: String
  package let entities: [String]
  private let members: [Name: [String]]
  /// The entities whose records are not GHL's. Mappings ask about them once per field, and records can have many members.
  private let inferred: Set<Name>
  private let ghl: any SourceCatalog

  /// How many records are examined.
  static let examined = 100

  /// - Parameters:
  ///   - entities: those that come from files.
  ///   - members: by entity, the names of `members(of:)`; nil for one whose records are not known yet.
  ///   - unreadable: entities none of whose first records could be read: they may have any field, so that the data is blamed,
  ///     not the mapping.
  init(
    _ format: SourceFormat, entities: [String], members: [Name: [String]], unreadable: Set<Name> = [],
    customFields: [CustomFieldDefinition]?
  ) {
    self.members = members
    let ghl = SourceCatalogs.ghl(customFields: customFields)
    self.ghl = ghl
    inferred = Set(
      entities.map { Name($0) }.filter { entity in
        guard !unreadable.contains(entity), let shape = ghl.shape(of: entity.text) else { return true }
        let names = members[entity] ?? []
        return names.count { shape.field(named: $0) != nil } * 2 < names.count
      })
    // Exports that only add fields still count as the API's entities.
    (name, self.entities) = inferred.isEmpty ? (ghl.name, ghl.entities) : (format.name, entities)
  }

  /// Whether the records of `entity` are not GHL's: the name is not one of its entities, or most of their fields are unknown to it.
  package func isInferred(_ entity: String) -> Bool { inferred.contains(Name(entity)) }

  package func shape(of entity: String) -> ObjectShape? {
    guard isInferred(entity) else {
      guard var shape = ghl.shape(of: entity) else { return nil }
      shape.fields += added(to: shape, in: entity).map(Self.field)
      return shape
    }
    return ObjectShape((members[entity] ?? []).map(Self.field), others: .any)
  }

  private static func field(_ name: String) -> FieldShape { FieldShape(name, .any, privacy: DefaultPrivacy.policy(of: name)) }

  /// Whether an export of `entity` has fields that the entity does not have.
  package func addsFields(_ entity: String) -> Bool {
    ghl.shape(of: entity).map { !added(to: $0, in: entity).isEmpty } ?? false
  }

  private func added(to shape: ObjectShape, in entity: String) -> [String] {
    (members[entity] ?? []).filter { shape.field(named: $0) == nil }
  }

  package func keyField(of entity: String) -> String? {
    guard isInferred(entity) else { return ghl.keyField(of: entity) }
    return members[entity]?.contains(exactly: "id") == true ? "id" : nil
  }

  package func customFields(of entity: String) -> [CustomFieldDefinition]? {
    isInferred(entity) ? nil : ghl.customFields(of: entity)
  }

  package func origin(of field: String, in entity: String) -> FieldOrigin {
    isInferred(entity) ? .list : ghl.origin(of: field, in: entity)
  }

  /// The names of the members that the first records have, in the order in which they come; nil if there are records, and none
  /// of them can be read. Records that cannot be read are reported later.
  static func members(of source: any RecordSource) -> [String]? {
    var records: any RecordSource = LimitedSource(source, limit: examined)
    var names: [String] = []
    var seen: Set<Name> = []
    var (isEmpty, isReadable) = (true, false)
    let batch = RecordBatch()
    while (try? records.fill(batch)) == true {
      isEmpty = false
      for item in batch.items where item.fault == nil {
        guard let members = (try? JSONReader.read(Array(batch.bytes[item.start..<item.end])))?.objectValue else { continue }
        isReadable = true
        for member in members where seen.insert(Name(member.name)).inserted { names.append(member.name) }
      }
    }
    return isEmpty || isReadable ? names : nil
  }
}
