package import Core

/// The contract of `SourceCatalog` as checks, for every implementation.
///
///     #expect(SourceCatalogConformance(GHLCatalog()).violations == [])
package struct SourceCatalogConformance {
  private let catalog: any SourceCatalog

  package init(_ catalog: any SourceCatalog) { self.catalog = catalog }

  /// How the catalog violates the contract, as sentences.
  package var violations: [String] {
    var found: [String] = []
    let name = catalog.name
    func check(_ holds: Bool, _ what: String) {
      if !holds { found.append("\(name): \(what)") }
    }
    check(!name.isEmpty, "it has no name")
    check(!catalog.entities.isEmpty, "it has no entities")
    check(Set(names: catalog.entities).count == catalog.entities.count, "an entity occurs twice")
    for entity in catalog.entities {
      guard let shape = catalog.shape(of: entity) else {
        check(false, "\(entity) has no shape")
        continue
      }
      let fields = shape.fields.map(\.name)
      check(catalog.shape(of: entity) == shape, "\(entity) has another shape the second time")
      check(Set(names: fields).count == fields.count, "\(entity) has two fields of one name")
      if let key = catalog.keyField(of: entity) {
        check(shape.field(named: key) != nil, "the key '\(key)' of \(entity) is not a field")
      }
      if let columns = catalog.columns(of: entity) {
        check(columns.map { Name($0) } == fields.map { Name($0) }, "the columns of \(entity) are not its fields")
        check(shape.others == nil, "\(entity) has columns and other fields")
      }
      let definitions = catalog.customFields(of: entity) ?? []
      check(Set(names: definitions.map(\.id)).count == definitions.count, "\(entity) has two custom fields of one ID")
      for field in fields {
        check(catalog.origin(of: field, in: entity) == catalog.origin(of: field, in: entity), "\(entity).\(field) varies")
      }
    }
    // Names are bytes: one that only looks like an entity is none.
    for unknown in ["", "no such entity"] + catalog.entities.map({ $0 + "\u{301}" }) {
      check(catalog.shape(of: unknown) == nil, "'\(unknown)' has a shape")
      check(catalog.keyField(of: unknown) == nil, "'\(unknown)' has a key")
      check(catalog.columns(of: unknown) == nil, "'\(unknown)' has columns")
      check(catalog.customFields(of: unknown)?.isEmpty ?? true, "'\(unknown)' has custom fields")
      check(catalog.origin(of: "id", in: unknown) == .list, "'\(unknown)' has a cost")
    }
    return found
  }
}
