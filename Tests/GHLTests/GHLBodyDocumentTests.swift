import Core
import TestSupport
import Testing

@testable import GHL

/// The bodies of every route that are sent by hand, compared with the official documents.
@Suite struct GHLBodyDocumentTests {
  typealias Generation = GHLVersions.Generation

  private static func samples(_ generation: Generation) -> [(route: GHLRoute, sample: GHLRouteSample)] {
    GHLRoute.all.filter { $0.generations.contains(generation) }.flatMap { route in
      GHLRouteSample.all.filter { $0.title.isExactly(GHLRouteTests.title(route)) }.map { (route, $0) }
    }
  }

  @Test func `each route has one sample`() {
    #expect(GHLRouteSample.all.map(\.title).sorted() == GHLRoute.all.map(GHLRouteTests.title).sorted())
  }

  @Test(arguments: Generation.allCases)
  func `a sample has everything that a route takes which writes`(generation: Generation) throws {
    for (route, sample) in Self.samples(generation) {
      let text = sample.body(isV3: generation == .v3)
      guard let shape = route.body(in: generation) else {
        #expect(text == nil, "\(sample.title)")
        continue
      }
      let body = try JSONReader.read(try #require(text, "\(sample.title)"))
      #expect(route.faults(in: body, generation) == [], "\(sample.title)")
      // A search has several ways of paging, which exclude each other.
      guard !route.isRead else { continue }
      #expect(Set(body.objectValue?.map(\.name) ?? []) == Set(shape.members.map(\.name)), "\(sample.title)")
    }
  }

  @Test(arguments: Generation.allCases)
  func `each member that is missing, null or of another type is named`(generation: Generation) throws {
    for (route, sample) in Self.samples(generation) {
      guard let shape = route.body(in: generation), let text = sample.body(isV3: generation == .v3) else { continue }
      let members = try #require(try JSONReader.read(text).objectValue)
      for member in shape.members {
        func faults(_ value: JSONValue?) -> [String] {
          let others = members.filter { $0.name != member.name }
          return route.faults(in: .object(others + (value.map { [.init(member.name, $0)] } ?? [])), generation)
        }
        let place = "\(sample.title) \(member.name)"
        #expect(faults(nil) == (member.isRequired ? ["'\(member.name)' is missing"] : []), "\(place)")
        #expect(faults(.null) == (member.isNullable ? [] : ["'\(member.name)' cannot be null"]), "\(place)")
        // Only lists are lists.
        var wrong = JSONValue.array([.bool(true)])
        if case .list = member.form { wrong = .bool(true) }
        #expect(faults(wrong).count == 1 && faults(wrong).first?.hasPrefix("'\(member.name)' must be ") == true, "\(place)")
      }
    }
  }

  @Test(arguments: Generation.allCases)
  func `the official documents accept every body`(generation: Generation) throws {
    let names = GHLRouteTests.whole + GHLRouteTests.partial
    guard let documents = GHLRouteTests.documents(names, generation) else { return }
    var checked = 0
    for (route, sample) in Self.samples(generation) {
      guard let text = sample.body(isV3: generation == .v3) else { continue }
      let document = try #require(documents.first { $0.operations.contains { $0.title == sample.title } }, "\(sample.title)")
      let schema = try #require(document.operations.first { $0.title == sample.title }?.body, "\(sample.title)")
      let body = try JSONReader.read(text)
      #expect(document.fault(body, in: schema) == nil, "\(sample.title)")
      checked += 1
      // The comparison notices what GHL refuses; a body that is declared without members accepts anything.
      guard !route.isRead, let members = body.objectValue, !members.isEmpty else { continue }
      let wrong = JSONValue.object(members + [.init("waybill", .bool(true))])
      #expect(document.fault(wrong, in: schema) == "body.waybill is unknown", "\(sample.title)")
    }
    #expect(checked == GHLRoute.all.count { $0.generations.contains(generation) && $0.body(in: generation) != nil })
  }
}
