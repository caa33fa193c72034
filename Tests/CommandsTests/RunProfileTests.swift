import Core
import Foundation
import Profiles
import Testing

@testable import Commands

/// The profiles that a run keeps.
@Suite struct RunProfileTests {
  static let canary = "Zz9canary"

  /// The profile of the mapping `m` after a run that may reject records.
  private static func profile(_ rest: String, _ input: String, csv: Bool = false) async throws -> ProfileDocument? {
    try await withFolder { folder in
      try SmallProject.write(in: folder, rest, input: input, more: "gates: {rejected: {max_percent: 100}}\n")
      if csv {
        let pipeline =
          "pipeline: small\nsource: {csv: {contact: in.csv}}\nmappings: [m.yaml]\ndestinations: {files: {csv: {path: out.csv}}}\n"
        try pipeline.write(toFile: folder + "/waybill.yaml", atomically: true, encoding: .utf8)
        try input.write(toFile: folder + "/in.csv", atomically: true, encoding: .utf8)
      }
      let run = await waybill("run", "--project", folder, "--quiet")
      #expect([.done, .recordsFailed].contains(run.code), "\(run.error)")
      let runs = folder + "/.waybill/runs"
      let id = try #require(try FileManager.default.contentsOfDirectory(atPath: runs).first)
      let path = "\(runs)/\(id)/profiles/m.json"
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
      let bytes = try #require(FileManager.default.contents(atPath: path))
      #expect(!String(decoding: bytes, as: UTF8.self).contains(canary))
      return ProfileDocument.read(Array(bytes))
    }
  }

  @Test func `source and target are profiled in one pass, masked by pii`() async throws {
    let document = try #require(
      try await Self.profile(
        "fields:\n  id: id\n  name: {from: kind, pii: mask}\n  tags: tags\n",
        """
        {"id":"1","kind":"\(Self.canary)","email":"\(Self.canary)","tags":["a","b"],"free":"x"}
        {"id":"2","kind":null,"free":"x"}
        {broken

        """))
    #expect(document.mapping == "m" && document.notProfiled == 1)
    let (source, target) = (try #require(document.source), try #require(document.target))
    #expect(source.records == 2 && target.records == 2)
    #expect(
      source.fields.map { "\($0.name) \($0.isMasked) \($0.filled)" } == [
        "id false 2", "kind true 1", "email true 1", "tags false 1", "tags[] false 1", "free false 2",
      ])
    #expect(
      target.fields.map { "\($0.name) \($0.isMasked) \($0.filled)" } == [
        "id false 2", "name true 1", "tags false 1", "tags[] false 1",
      ])
    #expect(target.field(named: "tags[]")?.values == 2)
  }

  @Test func `a record that is rejected after its evaluation is not part of the target`() async throws {
    let document = try #require(
      try await Self.profile(
        "fields: {id: id, code: code}\nunique: [code]\n",
        (1...50).map { #"{"id":"\#($0)","code":"c\#($0 % 20)"}"# }.joined(separator: "\n") + "\n"))
    #expect(document.source?.records == 50 && document.target?.records == 20)
    #expect(document.target?.field(named: "code")?.distinct?.estimate == 20)
  }

  @Test func `all columns of a table are profiled, also those that nothing reads`() async throws {
    let document = try #require(
      try await Self.profile("fields: {id: id}\n", "id,other,name\n1,x,\(Self.canary)\n2,,\n", csv: true))
    #expect(document.source?.fields.map { "\($0.name) \($0.filled)" } == ["id 2", "other 1", "name 1"])
    #expect(document.target?.fields.map(\.name) == ["id"])
  }
}
