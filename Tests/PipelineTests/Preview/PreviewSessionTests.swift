import Core
import Foundation
import TestSupport
import Testing
import Transform

@testable import Pipeline
@testable import Workbench

@Suite struct PreviewSessionTests {
  static func mapping(_ name: String) -> String {
    """
    mapping: 1
    name: people
    source: {entity: contact, key: id}
    target: {entity: person, key: id}
    fields:
      id: id
      name: \(name)
      phone: {from: phone, do: [{phone: {region: US}}], on_error: nullify}
    """
  }

  static let plain = "{from: firstName, do: [trim], required: true}"
  static let records = """
    {"id":"c1","firstName":" Ada ","phone":"(415) 555-2671"}
    {"id":"c2","firstName":"zoë","phone":"call me"}
    {"id":"c3","phone":"+14155552671"}
    {"id":"c4","firstName":"ada"}
    not JSON

    """

  /// A session over the records, and a way to save the mapping.
  static func withSession(
    _ change: (inout PreviewSession.Options) -> Void = { _ in },
    _ body: (PreviewSession, _ save: (String) throws -> Void) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "waybill-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try records.write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
    func save(_ name: String) throws {
      try mapping(name).write(toFile: folder + "/m.yaml", atomically: true, encoding: .utf8)
    }
    try save(plain)
    var options = PreviewSession.Options(.init(mapping: folder + "/m.yaml", input: folder + "/in.ndjson"))
    change(&options)
    let session = PreviewSession(options)
    // Read once: what becomes of the file then is of no interest.
    _ = await session.refresh()
    try FileManager.default.removeItem(atPath: folder + "/in.ndjson")
    try #"{"id":"other"}"#.write(toFile: folder + "/in.ndjson", atomically: true, encoding: .utf8)
    try await body(session, save)
  }

  @Test(arguments: [1, 2])
  func `a refresh tells which targets changed, those first, and what they were`(threads: Int) async throws {
    try await Self.withSession({ ($0.threads, $0.limit) = (threads, 2) }) { session, save in
      let same = await session.refresh()
      #expect(same.number == 2)
      #expect(same.changed == 0)
      #expect(same.counts.read == 5)
      #expect(same.counts.written == 3)
      #expect(same.counts.rejected == 2)
      #expect(same.items.map(\.item.key) == ["c1", "c2"])
      try save("{from: firstName, do: [trim, title], required: true}")
      let next = await session.refresh()
      #expect(next.changed == 2)
      #expect(next.items.map(\.item.key) == ["c2", "c4"])
      #expect(next.items.map(\.was) == [["name": "\"zoë\""], ["name": "\"ada\""]])
      #expect(next.items.map(\.isChanged) == [true, true])
      try save("{from: firstName, do: [trim, title], default: x}")
      let last = await session.refresh()
      #expect(last.changed == 1)
      #expect(last.items.map(\.item.key) == ["c3", "c1"])
      #expect(last.items.map(\.isChanged) == [true, false])
    }
  }

  @Test func `an error keeps the last result, and changes are relative to it`() async throws {
    try await Self.withSession { session, save in
      let first = await session.refresh()
      try save("{from: firstNam, do: [trim]}")
      let broken = await session.refresh()
      #expect(broken.failure?.exitCode == .wrongFile)
      #expect(broken.diagnostics.all.contains { $0.code == .unknownSourceField })
      #expect(broken.items == first.items)
      #expect(broken.counts == first.counts)
      try save("{from: firstName, do: [trim, lower], required: true}")
      let fixed = await session.refresh()
      #expect(fixed.failure == nil)
      #expect(fixed.diagnostics.hasErrors == false)
      #expect(fixed.changed == 1)
    }
  }

  @Test func `only records with a problem are shown where a code is asked for`() async throws {
    try await Self.withSession({ $0.code = "phone-invalid" }) { session, _ in
      let result = await session.refresh()
      #expect(result.items.map(\.item.key) == ["c2"])
      #expect(result.counts.read == 5)
    }
  }

  @Test func `only some lines, and no more than so many, are kept`() async throws {
    try await Self.withSession({ $0.lines = [2, 4] }) { session, _ in
      let result = await session.refresh()
      #expect(result.items.map(\.item.line) == [2, 4])
      #expect(result.counts.read == 2)
    }
    try await Self.withSession({ $0.maximumRecords = 3 }) { session, _ in
      let result = await session.refresh()
      #expect(result.counts.read == 3)
      #expect(result.isCut)
    }
  }

  @Test(arguments: [1, 2])
  func `CSV rows that cannot be read are shown with the reason, at every refresh`(threads: Int) async throws {
    let folder = TemporaryFolder()
    try folder.write("m.yaml", Self.mapping(Self.plain))
    try folder.write("in.csv", "id,firstName,phone\nc1,Ada,\nc2,Bob\nc3,Eve,,x,y\nc4,\"open,\n")
    var options = PreviewSession.Options(.init(mapping: "\(folder.path)/m.yaml", input: "\(folder.path)/in.csv"))
    options.threads = threads
    let session = PreviewSession(options)
    for _ in 0..<2 {
      let result = await session.refresh()
      #expect(result.counts.read == 4)
      #expect(result.counts.rejected == 3)
      let messages = result.items.flatMap { $0.item.problems.map { "\($0.code): \($0.message)" } }
      #expect(
        messages.prefix(2) == [
          "ragged-row: the row has 2 cells, the header has 3", "ragged-row: the row has 5 cells, the header has 3",
        ])
      #expect(messages.count == 3 && messages[2].hasPrefix("invalid-csv: "))
    }
  }
}
