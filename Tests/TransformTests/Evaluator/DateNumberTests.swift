import Core
import Testing

@testable import Transform

/// Whole numbers given to `date` and `datetime`.
@Suite struct DateNumberTests {
  private func run(_ value: String, _ calls: [FunctionCall], _ accepts: CellKinds) async throws -> String {
    let field = TestMapping.field("d", TestMapping.source("d", accepts.union(.absent)), calls)
    let model = TestMapping.model([TestMapping.field("id", TestMapping.source("id")), field])
    let result = try await TestMapping.run(model, #"{"id":"c","d":\#(value)}"#)
    guard result.problems.isEmpty else { return result.problems.joined(separator: "; ") }
    return String(result.output.dropFirst(#"{"id":"c","d":"#.count).dropLast(2))
  }

  static let refused = "1 c error date-invalid d 20240310"

  @Test(
    "a whole number is read by the formats that the mapping names; without any it is milliseconds since 1970",
    arguments: [
      ("20240310", [.pattern("yyyyMMdd")], CellKinds.any, #""2024-03-10""#),
      ("20240310", [.iso, .pattern("yyyyMMdd")], .any, #""2024-03-10""#),
      ("20240310", [.iso], .any, refused), ("20240310", [.iso], .integer, refused),
      ("20240310", [.pattern("MM/dd/yyyy")], .any, refused),
      ("20240310", [], .any, #""1970-01-01""#), ("1710028800000", [], .any, #""2024-03-10""#),
      ("1710028800000", [.iso, .epochMilliseconds], .any, #""2024-03-10""#),
      ("1710028800", [.epochSeconds], .any, #""2024-03-10""#),
      ("20240310", [.pattern("yyyyMMdd"), .epochSeconds], .any, #""2024-03-10""#),
      // A source that declares text or a moment, as custom fields of the type DATE do.
      ("1710028800000", [.iso, .pattern("MM/dd/yyyy")], [.string, .integer], #""2024-03-10""#),
      ("1710028800000", [.iso], CellKinds.string.union(.numeric), #""2024-03-10""#),
    ] as [(String, [FunctionCall.DateFormat], CellKinds, String)])
  func numbers(value: String, formats: [FunctionCall.DateFormat], accepts: CellKinds, expected: String) async throws {
    #expect(try await run(value, [.date(formats: formats)], accepts) == expected)
  }

  @Test("datetime reads whole numbers the same way")
  func datetimes() async throws {
    func call(_ formats: [FunctionCall.DateFormat]) -> [FunctionCall] {
      [.datetime(formats: formats, zone: .named("UTC"), gap: .reject, overlap: nil)]
    }
    #expect(try await run("202403101230", call([.pattern("yyyyMMddHHmm")]), .any) == #""2024-03-10T12:30:00+00:00""#)
    #expect(try await run("20240310", call([.iso]), .any) == Self.refused)
    #expect(try await run("1710073800000", call([]), .any) == #""2024-03-10T12:30:00Z""#)
  }

  @Test("a datetime's date is its own, whatever the formats")
  func dateOfMoment() async throws {
    let calls: [FunctionCall] = [
      .datetime(formats: [.pattern("dd.MM.yyyy HH:mm")], zone: .named("UTC"), gap: .reject, overlap: nil),
      .date(formats: [.pattern("MM/dd/yyyy")]),
    ]
    #expect(try await run(#""10.03.2024 12:30""#, calls, .any) == #""2024-03-10""#)
  }
}
