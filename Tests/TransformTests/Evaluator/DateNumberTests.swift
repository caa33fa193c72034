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
    "a number is read by the formats that the mapping names; without any it is refused, unless the source says what it counts",
    arguments: [
      ("20240310", [.pattern("yyyyMMdd")], CellKinds.any, #""2024-03-10""#),
      ("20240310", [.iso, .pattern("yyyyMMdd")], .any, #""2024-03-10""#),
      ("20240310", [.iso], .any, refused), ("20240310", [.iso], .integer, refused),
      ("20240310", [.pattern("MM/dd/yyyy")], .any, refused),
      ("20240310", [], .any, refused), ("1710028800000", [], .any, "1 c error date-invalid d 1710028800000"),
      ("45361", [.excel1900], .any, #""2024-03-10""#), ("45361.75", [.iso, .excel1900], .any, #""2024-03-10""#),
      ("4.5361e4", [.excel1900], .any, #""2024-03-10""#), ("43899", [.excel1904], .any, #""2024-03-10""#),
      ("1.7100288E12", [.epochMilliseconds], .any, #""2024-03-10""#), ("1710028800.0", [.epochSeconds], .any, #""2024-03-10""#),
      ("20240310.0", [.pattern("yyyyMMdd")], .any, #""2024-03-10""#), (#""45361""#, [.excel1900], .any, #""2024-03-10""#),
      ("1710028800000", [.iso, .epochMilliseconds], .any, #""2024-03-10""#),
      ("1710028800", [.epochSeconds], .any, #""2024-03-10""#),
      ("20240310", [.pattern("yyyyMMdd"), .epochSeconds], .any, #""2024-03-10""#),
      ("1710028800000", [.iso], CellKinds.string.union(.numeric), "1 c error date-invalid d 1710028800000"),
    ] as [(String, [FunctionCall.DateFormat], CellKinds, String)])
  func numbers(value: String, formats: [FunctionCall.DateFormat], accepts: CellKinds, expected: String) async throws {
    #expect(try await run(value, [.date(formats: formats)], accepts) == expected)
  }

  @Test("a source that declares milliseconds needs no format for them", arguments: ["1710028800000", "1.7100288E12"])
  func declared(value: String) async throws {
    for formats in [[], [.iso], [.iso, .pattern("MM/dd/yyyy")]] as [[FunctionCall.DateFormat]] {
      let calls: [FunctionCall] = [.date(formats: formats, countsMilliseconds: true)]
      #expect(try await run(value, calls, [.string, .numeric]) == #""2024-03-10""#)
    }
    #expect(try await run("45361", [.date(formats: [.excel1900], countsMilliseconds: true)], .any) == #""2024-03-10""#)
  }

  @Test(
    "a count that would be of the first months of 1970 is seconds or days, and refused unless the mapping says milliseconds",
    arguments: ["1710028800", "45361", "1710028800.5", "-1710028800", "0"])
  func tooSmall(value: String) async throws {
    for formats in [[], [.iso]] as [[FunctionCall.DateFormat]] {
      let calls: [FunctionCall] = [.date(formats: formats, countsMilliseconds: true)]
      #expect(try await run(value, calls, .any) == "1 c error date-invalid d \(value)")
    }
    let named = try await run(value, [.date(formats: [.epochMilliseconds], countsMilliseconds: true)], .any)
    #expect(named.hasPrefix(value.hasPrefix("-") ? #""1969-12"# : #""1970-01"#))
  }

  @Test("datetime reads numbers the same way")
  func datetimes() async throws {
    func call(_ formats: [FunctionCall.DateFormat]) -> [FunctionCall] {
      [.datetime(formats: formats, zone: .named("UTC"), gap: .reject, overlap: nil)]
    }
    #expect(try await run("202403101230", call([.pattern("yyyyMMddHHmm")]), .any) == #""2024-03-10T12:30:00+00:00""#)
    #expect(try await run("20240310", call([.iso]), .any) == Self.refused)
    #expect(try await run("1710073800000", call([.epochMilliseconds]), .any) == #""2024-03-10T12:30:00Z""#)
    #expect(try await run("1710073800.25", call([.epochSeconds]), .any) == #""2024-03-10T12:30:00.25Z""#)
    #expect(try await run("45361.5208333333", call([.excel1900]), .any) == #""2024-03-10T12:30:00+00:00""#)
    #expect(try await run("1710073800000", call([]), .any) == "1 c error date-invalid d 1710073800000")
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
