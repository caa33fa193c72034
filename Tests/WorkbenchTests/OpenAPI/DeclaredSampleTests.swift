import Core
import Extract
import Testing

@testable import Workbench

@Suite("Fields of GHL that stand in for a sample")
struct DeclaredSampleTests {
  @Test(arguments: EntityChoice.entities)
  func `Each is a field that the entity has`(entity: String) throws {
    let shape = try #require(SourceCatalogs.ghl().shape(of: entity))
    let names = try #require(DeclaredSample.names[entity])
    #expect(names.count > 5 && Set(names).count == names.count)
    for name in names { #expect(shape.field(named: name) != nil, "\(entity).\(name)") }
  }
}
