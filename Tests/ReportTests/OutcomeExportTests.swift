import Control
import Core
import Foundation
import TestSupport
import Testing

@testable import Report

@Suite struct OutcomeExportTests {
  private let folder = TemporaryFolder()

  private static let success = "record,outcome,line,id\nc1,written,1,c1\nc3,filtered,3,\"a\nb\"\n,merged,4,\n"
  private static let errors =
    "record,outcome,line,code,field,message,problems,id\nc2,rejected,2,x,y,z,z,c2\nc5,pending,5,,,,,c5\n"
  private static let outcomes = ["written", "rejected", "filtered", "merged", "pending"].enumerated().map { index, outcome in
    #"{"mapping":"m","record":"c\#(index + 1)","destination":"app","outcome":"\#(outcome)","line":\#(index + 1)}"# + "\n"
  }.joined()
  private static let others = #"{"mapping":"m","destination":"crm","outcome":"written","line":1}"# + "\n"

  private func export(
    _ success: String = success, _ errors: String = errors, _ outcomes: String = outcomes, read: Int = 5
  ) throws -> OutcomeExport.Result {
    for (name, text) in [("s.csv", success), ("r.csv", errors), ("o.ndjson", outcomes + Self.others)] {
      try folder.write(name, text)
    }
    let part = OutcomeExport.Part(
      part: RunPart(mapping: "m", destination: "app"), read: read, success: "\(folder.path)/s.csv",
      errors: "\(folder.path)/r.csv", successCopy: "\(folder.path)/out/s.csv", errorsCopy: "\(folder.path)/out/r.csv")
    return try #require(try OutcomeExport.write([part], outcomes: "\(folder.path)/o.ndjson").first)
  }

  @Test func `the files are copied with a byte order mark, and each item is in one of them`() throws {
    let result = try export()
    #expect(result.success == 3 && result.errors == 2 && result.counts[.merged] == 1)
    for (name, text) in [("s.csv", Self.success), ("r.csv", Self.errors)] {
      let path = "\(folder.path)/out/\(name)"
      #expect(try Data(contentsOf: URL(filePath: path)) == Data(("\u{FEFF}" + text).utf8))
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
      #expect(try OutcomeExport.content(of: path) == .rejects)
    }
  }

  @Test func `nothing is written if the files do not have what was read, each item once`() throws {
    let cases: [(success: String, errors: String, outcomes: String, read: Int)] = [
      (Self.success + "c6,written,6,c6\n", Self.errors, Self.outcomes, 5),
      (Self.success, Self.errors + "c5,pending,5,,,,,c5\n", Self.outcomes, 5),
      (Self.success.replacing("c1,written,1,c1\n", with: ""), Self.errors, Self.outcomes, 5),
      (Self.success.replacing("c1,written,1", with: "c1,written,7"), Self.errors, Self.outcomes, 5),
      (Self.success.replacing("c1,written", with: "c1,created"), Self.errors, Self.outcomes, 5),
      (Self.success, Self.errors, Self.outcomes, 6), (Self.success, "", Self.outcomes, 5),
      ("id\n1\n", Self.errors, Self.outcomes, 5),
      (Self.success, Self.errors, String(Self.outcomes.split(separator: "\n")[0]) + "\n", 1),
    ]
    for (index, one) in cases.enumerated() {
      #expect(throws: OperationFailure.self, "case \(index)") {
        try export(one.success, one.errors, one.outcomes, read: one.read)
      }
      #expect((try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/out")) ?? [] == [], "case \(index)")
    }
  }
}
