import Core
import TestSupport
import Testing

@testable import Records

@Suite struct HeaderCatalogTests {
  @Test(arguments: [["contact": ["id", "e-mail"]], ["contact": []], [:]] as [[Name: [String]]])
  func `a catalog of headers honors the contract of the seam`(headers: [Name: [String]]) {
    #expect(SourceCatalogConformance(HeaderCatalog(entities: ["contact", "tasks"], headers: headers)).violations == [])
  }

  @Test func `every column is a text that may be null, and a file whose header is unknown may have any field`() {
    let catalog = HeaderCatalog(entities: ["contact", "task"], headers: ["contact": ["id", "email"]])
    let shape = catalog.shape(of: "contact")
    #expect(shape?.fields.map(\.name) == ["id", "email"] && shape?.others == nil)
    #expect(shape?.fields.allSatisfy { $0.type == .string && $0.isNullable } == true)
    #expect(catalog.shape(of: "task") == ObjectShape([], others: .any))
    #expect(catalog.keyField(of: "contact") == "id" && catalog.keyField(of: "task") == nil)
  }
}
