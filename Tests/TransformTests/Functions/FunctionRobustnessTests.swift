import Core
import Files
import Records
import Testing

@testable import Transform

/// Whatever a text holds, a function gives a value or a problem: never a crash, never bytes that are not text.
@Suite struct FunctionRobustnessTests {
  /// Pieces that functions look at, and characters of every width.
  private static let pieces = [
    " ", "  ", "\\t", "\\n", "\u{A0}", "a", "Z", "é", "e\u{301}", "\u{301}", "ß", "İ", "Σ", "李", "각", "\u{1100}\u{1161}", "👍🏽",
    "👨‍👩‍👧", "🇩🇪", "\u{200D}",
    "\u{FEFF}", "\u{F73}", "ﬁ", "Ａ", "１", "٣", "0", "9", "-", "–", "+", ".", ",", ":", "/", "//", "://", "http", "https://",
    "www.", ".com", "@", "%", "%4", "%41", "?", "#",
    "[", "]", "[::1]", "\\\\", "(", ")", "\\\"", "“", "”", "'", "&amp;", "<b>", "</", "Dr.", "van", "Jr.", "PhD", "y", "en", "US",
    "_", "-US", "SW1A", "1AA", "2024-03-10", "T12:30", "Z", "e5",
    "1e999999999", "{", "}", "\\u0000", "\\u0001", "\u{10FFFF}",
  ]

  private static func texts(_ count: Int) -> [String] {
    var seed: UInt64 = 42
    func next(_ limit: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % limit
    }
    return (0..<count).map { _ in (0...next(7)).map { _ in pieces[next(pieces.count)] }.joined() } + [
      String(repeating: "a", count: 70_000), String(repeating: "é\u{301}", count: 5_000), String(repeating: "9", count: 5_000),
      String(repeating: " ", count: 5_000) + "x", String(repeating: "Dr. ", count: 5_000), String(repeating: "👍🏽", count: 5_000),
    ]
  }

  @Test(arguments: FunctionLibrary.standard.functions.map(\.name))
  func everyTextGivesAValueOrAProblem(name: String) throws {
    let function = try #require(FunctionLibrary.standard.find(name))
    let lookups = FunctionLibrary.exampleLookups
    let shapes = Dictionary(uniqueKeysWithValues: lookups.enumerated().map { (Name($1.name), $1.shape(index: $0)) })
    let texts = Self.texts(250)
    for example in Set(function.examples.map(\.step)).sorted() {
      let argument = try StepText.read(example).argument
      let request = BindRequest(input: .any, arguments: function.arguments(from: argument).arguments, lookups: shapes)
      guard case .bound(let call, _, _) = function.bind(request) else {
        Issue.record("\(example) does not bind")
        continue
      }
      for region in [nil, "GB", "US"] {
        let settings = MappingSettings(region: region, blankIsNull: region == nil)
        let fields = [
          TestMapping.field("v", TestMapping.source("v"), [call]), TestMapping.field("l", TestMapping.source("l"), [call]),
        ]
        let program = try Program(TestMapping.model(fields, lookups: lookups, settings: settings))
        let lane = TransformLane(program, encoding: .ndjson(program))
        let lines = texts.map { "{\"id\":\"c\",\"v\":\"\($0)\",\"l\":[\"\($0)\",null,\"x\"]}" }.joined(separator: "\n")
        var source = NDJSONSource(MemoryInput(Array(lines.utf8)))
        var count = 0
        while try source.fill(lane.batch) {
          lane.process()
          count += lane.counts.read
          #expect(lane.counts.read == lane.counts.written + lane.counts.rejected)
          for line in lane.output.withPending({ Array($0.buffer) }).split(separator: UInt8(ascii: "\n")) {
            #expect(String(validating: line, as: UTF8.self) != nil && (try? JSONReader.read(Array(line))) != nil, "\(example)")
          }
        }
        #expect(count >= texts.count - 1, "\(example)")
        // Only country decides, and only for one.
        if name != "postal_code", name != "phone" { break }
      }
    }
  }
}
