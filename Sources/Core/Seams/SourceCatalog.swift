/// Describes a source to the mapping compiler: entities, their fields and types, custom fields, and what it costs to read
/// each field.
///
///     let catalog: any SourceCatalog = SourceCatalogs.ghl()
///     let field = catalog.shape(of: "contact")?.field(named: "email")     // a text that may be null, masked
///     catalog.origin(of: "phone", in: "contact")                          // .requestPerRecord
///
/// **What a caller may rely on.**
/// - Each of `entities` has a shape. For an unknown entity, every answer is nil, empty, or the cheapest. Names are compared by
///   their bytes.
/// - The answers stay the same, cost no I/O, and can be asked for from any task.
/// - A key is a field of its entity. Columns are exactly the fields of their entity, in the order of the file.
///
/// **What an implementer must do.** Collect what it needs (headers, definitions) before it is created, and be a value. Declare
/// a type only if records certainly have it; `.any` costs nothing but a check. Run `SourceCatalogConformance` of `TestSupport`
/// over it, and let `SourceCatalogs` choose it.
package protocol SourceCatalog: Sendable {
  /// Its name in messages: `csv`.
  var name: String { get }
  /// Each once, in the order in which messages list them.
  var entities: [String] { get }
  /// Nil for an unknown entity.
  func shape(of entity: String) -> ObjectShape?
  /// The field that identifies a record of `entity`: `id`. Nil if the source does not say.
  func keyField(of entity: String) -> String?
  /// The columns of the input, if they are known and complete; otherwise nil.
  func columns(of entity: String) -> [String]?
  /// Whether the shape of `entity` is only what some of its records show, since nothing describes it.
  func isInferred(_ entity: String) -> Bool
  /// Definitions for `custom.KEY`; nil if there are none, so that nothing can be checked.
  func customFields(of entity: String) -> [CustomFieldDefinition]?
  /// The least costly way to get `field` (a top-level member; `custom` for custom fields) of `entity`. `.list` for a field that
  /// the source does not have: asking for it costs nothing.
  func origin(of field: String, in entity: String) -> FieldOrigin
}

extension SourceCatalog {
  package func columns(of entity: String) -> [String]? { nil }
  package func isInferred(_ entity: String) -> Bool { false }
}

/// What it takes to read a field.
package enum FieldOrigin: Sendable, Hashable {
  /// It comes with the list of records, which is read anyway.
  case list
  /// It needs a request of its own for each record.
  case requestPerRecord
}

package struct CustomFieldDefinition: Sendable, Hashable {
  package enum DataType: Sendable, Hashable, CaseIterable {
    case text, largeText, phone, email, singleOptions, radio, numerical, monetary, date, multipleOptions, checkbox, fileUpload
    case textboxList
    /// A type that is unknown to this version: read as `any`.
    case unknown

    package var valueType: ValueType {
      switch self {
      case .text, .largeText, .phone, .email, .singleOptions, .radio: .string
      case .numerical, .monetary: .oneOf([.number, .string])
      case .date: .oneOf([.string, .integer])
      case .multipleOptions, .checkbox: .list(.string)
      case .fileUpload, .textboxList: .object(ObjectShape([], others: .any))
      case .unknown: .any
      }
    }
  }

  @ByBytes package var id: String
  /// What `custom.KEY` names.
  @ByBytes package var key: String
  package var name: String
  package var dataType: DataType
  package var options: [String]

  package init(id: String, key: String, name: String, dataType: DataType, options: [String] = []) {
    self.id = id
    self.key = key
    self.name = name
    self.dataType = dataType
    self.options = options
  }
}
