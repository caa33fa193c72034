import Core
import Testing
import Values

@testable import Report
@testable import Transform

/// Steps on values: normal, empty, of a wrong type, beyond ASCII, lists.
@Suite struct FunctionValueTests {
  private static let wrong = ProblemCode.wrongType.slug

  private func outcome(_ step: String, _ before: String?, _ input: String, _ settings: MappingSettings = .init()) throws -> String
  {
    let result = try evaluate(step, after: before, on: input, settings: settings)
    return result.error?.slug ?? result.output ?? ""
  }

  @Test(arguments: [
    ("{slice: {from: 0, to: 1}}", #"["Ada", null, "Öz"]"#, #"["A",null,"Ö"]"#), ("{slice: {to: -1}}", #""Ada""#, #""Ad""#),
    ("{slice: {from: 1}}", "7", wrong),
    ("{slice: {from: -2147483648, to: 2147483647}}", #""Ada""#, #""Ada""#), ("{slice: {from: 1}}", "true", wrong),
    ("normalize", #""e\u0301""#, "\"\u{E9}\""), ("normalize", "12", wrong),
    ("{normalize: NFKC}", #"["\u2460", null]"#, #"["1",null]"#),
    (#"{pad_left: {width: 4, with: "0"}}"#, "[7, null, 12.5]", #"["0007",null,"12.5"]"#), ("{pad_left: 2}", "true", wrong),
    (#"{pad_left: {width: 2, with: "0"}}"#, #""123""#, #""123""#),
    ("{prefix: x}", "true", wrong), ("{prefix: x}", "12345678901234567890.50", #""x12345678901234567890.50""#),
    ("{suffix: é}", #""x""#, #""xé""#), ("{suffix: x}", "false", wrong),
    ("language", #"["de-AT", "English"]"#, #"["de","en"]"#), ("language", "1", wrong), ("language", #""?""#, "language-unknown"),
    ("url", "1", wrong), ("url", #"["a.example", "b.example/x"]"#, #"["https://a.example","https://b.example/x"]"#),
    ("url", #"["a.example", "b"]"#, "url-invalid"),
    ("postal_code", "94103", wrong), ("postal_code", #"["1010", "é"]"#, "postal-code-invalid"),
    ("{name: given}", #"["Ada Lovelace", "Byron, Anne"]"#, #"["Ada","Anne"]"#), ("{name: middle}", #""Ada Lovelace""#, "null"),
    ("{name: given}", "7", wrong),
    ("round", "12.5", "12"), ("round", "13.5", "14"), ("{round: 1}", "[0.25, null, 0.35]", "[0.2,null,0.4]"),
    ("round", #""12.5""#, wrong), ("round", "true", wrong), ("{round: 2}", "7", "7"),
    ("{round: -1}", "15", "20"), ("{round: -1}", "-9223372036854775808", "number-invalid"),
    ("{round: -64}", "9223372036854775807", "0"), ("{round: 2}", "1e400", "1e400"),
    ("{at: 0}", #"["a"]"#, #""a""#), ("{at: -1}", #"["a", "b"]"#, #""b""#), ("{at: -3}", #"["a", "b"]"#, "null"),
    ("{at: 0}", "[]", "null"), ("{at: 0}", "[null]", "null"), ("{at: 9223372036854775807}", "[1]", "null"),
    ("{at: -9223372036854775808}", "[1]", "null"), ("{at: 0}", #""a""#, wrong), ("{at: 1}", "[1, [2, 3]]", "[2,3]"),
    ("compact", "[]", "[]"), ("compact", #"[null, "", " ", "\u3000", 0, false, "x"]"#, #"[0,false,"x"]"#),
    ("compact", #""a""#, wrong), ("compact", "[1, 2]", "[1,2]"),
    ("sha256", "true", wrong), ("sha256", "42", #""73475cb40a568e8da8a045ced110137e159f890ac4da883b6b17dc651b3a8049""#),
    ("sha256", #"["abc", null]"#, #"["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",null]"#),
    ("{uuid5: dns}", "false", wrong), ("mask", "false", wrong), ("mask", "12.5", #""99.9""#),
    ("mask", #"["Ada", null]"#, #"["Xxx",null]"#),
  ])
  func stepsGiveTheirValues(step: String, input: String, expected: String) throws {
    #expect(try outcome(step, nil, input) == expected)
  }

  @Test(arguments: [
    ("{epoch: s}", "datetime", #""1969-12-31T23:59:59.5Z""#, "-1"),
    ("{epoch: ms}", "datetime", #""1969-12-31T23:59:59.5Z""#, "-500"),
    ("{epoch: milliseconds}", "date", #""2000-01-01""#, "946684800000"),
    ("{epoch: seconds}", "datetime", #""2000-01-01T01:00:00+01:00""#, "946684800"),
    ("{epoch: ms}", "datetime", #""0001-01-01T00:00:00Z""#, "-62135596800000"),
    ("{epoch: ms}", "datetime", #""9999-12-31T23:59:59.999Z""#, "253402300799999"),
    ("{epoch: ms}", "datetime", #"["2000-01-01T00:00:00Z", null]"#, "[946684800000,null]"),
    ("{epoch: ms}", "{datetime: {formats: [epoch_ms]}}", "1625203106704", "1625203106704"),
    (#"{format: "d.M.yyyy"}"#, "date", #"["2024-03-05", null]"#, #"["5.3.2024",null]"#),
    (#"{format: "HH:mm"}"#, "date", #""2024-03-05""#, "date-invalid"),
    (
      #"{format: {pattern: "yyyy-MM-dd HH:mm", zone: Europe/Berlin}}"#, "datetime", #""2024-07-01T22:30:00Z""#,
      #""2024-07-02 00:30""#
    ), (#"{format: {pattern: yyyy, zone: location}}"#, "datetime", #""2024-07-01T22:30:00Z""#, "date-invalid"),
    ("{prefix: \"on \"}", "date", #""2024-03-05""#, #""on 2024-03-05""#), ("{round: 2}", "decimal", #""2.675""#, "2.68"),
    ("round", "int", #""7""#, "7"), ("{round: 1}", "decimal", #""99999999999999999999.95""#, "100000000000000000000.0"),
    ("sha256", "date", #""2024-03-05""#, #""079f2f2712b3052d46db5b00e1494ffdc888e8d55ab4569d37b21e764ce41f5f""#),
    ("compact", #"{split: ","}"#, #""a,, b,""#, #"["a"," b"]"#),
  ])
  func stepsBehindAnotherGiveTheirValues(step: String, before: String, input: String, expected: String) throws {
    #expect(try outcome(step, before, input) == expected)
  }

  @Test(arguments: [
    ("\"EN-us\"", "{epoch: s}"), ("\"2024-01-01\"", "{epoch: s}"), ("1", "{epoch: s}"), ("\"2024-01-01\"", #"{format: "yyyy"}"#),
    ("1", #"{format: "yyyy"}"#), ("true", #"{format: "yyyy"}"#),
  ])
  func textIsNoDateUntilItIsRead(input: String, step: String) throws { #expect(try outcome(step, nil, input) == Self.wrong) }

  @Test func blanksStayWhereTheyAreNotNull() throws {
    let settings = MappingSettings(blankIsNull: false)
    #expect(try outcome("compact", nil, #"[null, "", " ", "x"]"#, settings) == #"[""," ","x"]"#)
    #expect(try outcome(#"{pad_left: {width: 2, with: "0"}}"#, nil, #""""#, settings) == #""00""#)
    #expect(try outcome("{name: given}", nil, #"" ""#, settings) == "null")
    #expect(
      try outcome("sha256", nil, #""""#, settings) == #""e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855""#)
    #expect(try outcome("{slice: {from: 0, to: 3}}", nil, #""""#, settings) == #""""#)
    #expect(try outcome("url", nil, #""""#, settings) == "url-invalid")
    #expect(try outcome("postal_code", nil, #"" ""#, settings) == "postal-code-invalid")
    #expect(try outcome("language", nil, #""""#, settings) == "language-unknown")
    #expect(try outcome("mask", nil, #""""#, settings) == #""""#)
  }

  @Test(
    "the record's country decides the form of a postal code, else the settings' region, else the location's",
    arguments: [
      ("GB", "sw1a1aa", "\"SW1A 1AA\""), ("united kingdom", "sw1a1aa", "\"SW1A 1AA\""), ("Deutschland", "d-10115", "\"10115\""),
      ("", "941031234", "\"94103-1234\""), ("Narnia", "sw1a1aa", "\"SW1A1AA\""),
      ("GB", "94103", "null"), ("AQ", "ab-1", "\"AB-1\""),
    ])
  func postalCodeRegion(country: String, code: String, expected: String) async throws {
    let settings = MappingSettings(region: "US", regionFrom: SourcePath(steps: [.member("c")]))
    let fields = [
      TestMapping.field("id", TestMapping.source("id")),
      TestMapping.field("p", TestMapping.source("p"), [.postalCode], onError: .nullify),
    ]
    let record = #"{"id":"c","p":"\#(code)","c":"\#(country)"}"#
    let result = try await TestMapping.run(TestMapping.model(fields, settings: settings), record)
    #expect(result.output == "{\"id\":\"c\",\"p\":\(expected)}\n")
    let located = try await TestMapping.run(
      TestMapping.model(fields), #"{"id":"c","p":"1012ab"}"#, context: .init(locationRegion: "NL"))
    #expect(located.output == "{\"id\":\"c\",\"p\":\"1012 AB\"}\n")
  }

  @Test func theLocationsClockIsShownWhereItIsKnown() async throws {
    let fields = [
      TestMapping.field("id", TestMapping.source("id")),
      TestMapping.field(
        "t", TestMapping.source("t"),
        [.datetime(formats: [.iso], zone: nil, gap: .reject, overlap: nil), .format(pattern: "HH:mm", zone: .location)]),
    ]
    let result = try await TestMapping.run(
      TestMapping.model(fields), #"{"id":"c","t":"2024-07-01T12:00:00Z"}"#, context: .init(locationZone: "Asia/Kathmandu"))
    #expect(result.output == "{\"id\":\"c\",\"t\":\"17:45\"}\n")
  }

  @Test func refusalsSayWhy() async throws {
    let cases: [(String, String, String)] = [
      ("url", "\"mailto:x\"", "'a': not a web page's URL: it must begin with http:// or https://"),
      ("url", "\"https://a.example/%\"", "'a': a percent sign without two hexadecimal digits"),
      ("postal_code", "\"é\"", "'a': postal codes are letters A to Z, digits, spaces and hyphens"),
      ("language", "\"x\"", "'a': no language has this code or name"),
      ("{round: -1}", "9223372036854775807", "'a': outside 64 bits"),
    ]
    for (step, value, message) in cases {
      let program = try Program(TestMapping.model([TestMapping.field("a", TestMapping.source("a"), [call(step)])]))
      let lane = TransformLane(program, encoding: .ndjson(program))
      let bytes = Array("{\"id\":\"c\",\"a\":\(value)}".utf8)
      lane.batch.base.update(from: bytes, count: bytes.count)
      lane.batch.count = bytes.count
      lane.batch.items = [.init(start: 0, end: bytes.count, line: 1, offset: 0)]
      lane.process()
      #expect(lane.log.problems.map { ProblemText.message(of: $0, in: lane.log, of: program) } == [message])
    }
  }
}
