import Core
import TestSupport
import Testing

/// The catalogs of this target's tests honor the contract of the seam; otherwise the tests would prove nothing about real ones.
@Suite struct CatalogConformanceTests {
  static let catalogs: [any SourceCatalog] = [
    TestCatalog(), TestCatalog(definitions: nil), TestCatalog(header: ["id", "email"]), TestCatalog(header: []), PropertySource(),
  ]

  @Test(arguments: catalogs.indices) func `the catalogs of the tests honor the contract`(index: Int) {
    #expect(SourceCatalogConformance(Self.catalogs[index]).violations == [])
  }

  /// One that breaks the contract in one place.
  struct Faulty: SourceCatalog {
    enum Fault: CaseIterable {
      case none, namesAnEntityTwice, lacksAShape, answersForAll, hasKeyElsewhere, hasOtherColumns, comparesCanonically
    }

    let fault: Fault
    let name = "faulty"
    var entities: [String] { fault == .namesAnEntityTwice ? ["e", "e"] : ["e", "é"] }

    func shape(of entity: String) -> ObjectShape? {
      if fault == .lacksAShape, entity == "é" { return nil }
      let isKnown = fault == .comparesCanonically ? entities.contains(entity) : entities.contains(exactly: entity)
      return isKnown ? ObjectShape([FieldShape("id", .string)]) : nil
    }

    private func isKnown(_ entity: String) -> Bool { fault == .answersForAll || entities.contains(exactly: entity) }

    func keyField(of entity: String) -> String? { isKnown(entity) ? (fault == .hasKeyElsewhere ? "key" : "id") : nil }
    func columns(of entity: String) -> [String]? { isKnown(entity) ? (fault == .hasOtherColumns ? ["ID"] : ["id"]) : nil }
    func customFields(of entity: String) -> [CustomFieldDefinition]? { nil }
    func origin(of field: String, in entity: String) -> FieldOrigin { .list }
  }

  @Test(arguments: Faulty.Fault.allCases) func `the suite finds a catalog that breaks the contract`(fault: Faulty.Fault) {
    #expect(SourceCatalogConformance(Faulty(fault: fault)).violations.isEmpty == (fault == .none))
  }
}
