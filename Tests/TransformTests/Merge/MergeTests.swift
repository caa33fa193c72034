import Core
import Files
import Records
import Testing
import Values

@testable import Report
@testable import Transform

@Suite struct MergeTests {
  private static let names = ["id", "email", "phone", "tags", "at", "n"]

  private func model(
    keep: MergeRule.Keep = .newest, _ fields: [Name: MergeRule.Preference] = [:], others: MergeRule.Preference? = nil,
    by: [String] = ["email"], unique: [String] = [], target: TargetSchema? = nil
  ) -> MappingModel {
    var fields_: [FieldModel] = []
    for name in Self.names {
      let steps: [FunctionCall] =
        switch name {
        case "at": [.datetime(formats: [.iso], zone: nil, gap: .reject, overlap: nil)]
        case "n": [.int(.plain)]
        default: []
        }
      fields_.append(TestMapping.field(name, TestMapping.source(name), steps, node: target == nil ? nil : 1))
    }
    var model = TestMapping.model(fields_, target: nil)
    model.updatedAt = SourcePath(steps: [.member("updated")])
    model.merge = MergeRule(by: by, keep: keep, fields: fields, others: others, place: TestMapping.place(30))
    model.unique = unique.map { UniqueRule(fields: [$0], place: TestMapping.place(31)) }
    return model
  }

  private static let text = """
    {"id":"a","email":"x","phone":null,"tags":["1","2"],"at":"2024-01-01T00:00:00Z","updated":"2024-01-01T00:00:00Z"}
    {"id":"b","email":"y","n":"1"}
    {"id":"c","email":"x","phone":"5","tags":["3"],"at":"2023-01-01T00:00:00Z","updated":"2024-01-01T00:00:00.002Z"}
    {"id":"d","email":null,"n":"2"}
    {"id":"e","email":"x","n":"bad","updated":"2025-01-01T00:00:00Z"}
    {"id":"f","email":"x","phone":"77","at":"2025-01-01T00:00:00+01:00"}
    {"id":"g"}
    """

  @Test(
    "which record survives, at the place of the first of its group",
    arguments: [
      (MergeRule.Keep.newest, "c"), (.oldest, "a"), (.first, "a"), (.last, "f"),
    ])
  func keep(keep: MergeRule.Keep, survivor: String) async throws {
    let result = try await TestMapping.run(model(keep: keep), Self.text)
    let ids = result.output.split(separator: "\n").map { $0.dropFirst(7).prefix(1) }
    #expect(ids == [survivor[...], "b", "d", "g"])
    #expect(result.counts.read == 7 && result.counts.written == 4 && result.counts.merged == 2 && result.counts.rejected == 1)
    #expect(result.counts.unaccounted == 0)
    #expect(result.counts.codes == [.merged: 2, .numberInvalid: 1])
    #expect(result.counts.warnings == 0)
    let merged = result.problems.filter { $0.contains("merged") }
    #expect(merged.count == 2 && merged.allSatisfy { !$0.contains(" \(survivor) note") })
  }

  @Test(
    "a field takes the value of the record that its preference picks",
    arguments: [
      ([:], nil, #""phone":"5","tags":["3"],"at":"2023-01-01T00:00:00Z""#),
      (["phone": .first, "tags": .longest, "at": .earliest], nil, #""phone":null,"tags":["1","2"],"at":"2023-01-01T00:00:00Z""#),
      (["phone": .longest, "at": .latest, "tags": .last], nil, #""phone":"77","at":"2025-01-01T00:00:00+01:00""#),
      (
        ["phone": .oldest, "at": .newest], MergeRule.Preference.first,
        #""phone":null,"tags":["1","2"],"at":"2023-01-01T00:00:00Z""#
      ),
      ([:], .last, #""phone":"77","at":"2025-01-01T00:00:00+01:00""#),
    ] as [([Name: MergeRule.Preference], MergeRule.Preference?, String)])
  func preferences(fields: [Name: MergeRule.Preference], others: MergeRule.Preference?, expected: String) async throws {
    let result = try await TestMapping.run(model(fields, others: others), Self.text)
    let record = try #require(result.output.split(separator: "\n").first)
    #expect(record.contains(#""id":"c","email":"x","# + expected), "\(record)")
  }

  @Test("filled takes the survivor's value, or the next best one's")
  func filled() async throws {
    let text = """
      {"id":"a","email":"x","phone":"1","n":1,"updated":"2020-01-01T00:00:00Z"}
      {"id":"b","email":"x","phone":"2","updated":"2021-01-01T00:00:00Z"}
      {"id":"c","email":"x","phone":" ","updated":"2022-01-01T00:00:00Z"}
      """
    let newest = try await TestMapping.run(model(["phone": .filled, "n": .filled, "tags": .filled]), text)
    #expect(newest.output == #"{"id":"c","email":"x","phone":"2","n":1}"# + "\n")
    let oldest = try await TestMapping.run(model(keep: .oldest, others: .filled), text)
    #expect(oldest.output == #"{"id":"a","email":"x","phone":"1","n":1}"# + "\n")
  }

  @Test("an unreadable time is reported and counts as missing")
  func times() async throws {
    let text =
      #"{"id":"a","email":"x","updated":"yesterday"}\#n{"id":"b","email":"x","updated":1700000000000}\#n{"id":"c","email":"x"}"#
    let newest = try await TestMapping.run(model(), text)
    #expect(newest.problems == ["1 a warning date-invalid - -", "1 a note merged - -", "3 c note merged - -"])
    #expect(newest.output.hasPrefix(#"{"id":"b""#))
    let oldest = try await TestMapping.run(model(keep: .oldest), text)
    #expect(oldest.output.hasPrefix(#"{"id":"b""#))
    let none = try await TestMapping.run(model(), #"{"id":"a","email":"x"}\#n{"id":"b","email":"x"}"#)
    #expect(none.output.hasPrefix(#"{"id":"b""#))
  }

  @Test("the ledger names the survivor, and each item has its outcome")
  func ledger() async throws {
    let program = try Program(model())
    var options = TransformRunner.Options(threads: 1)
    options.recordsItems = true
    var source = NDJSONSource(MemoryInput(Array(Self.text.utf8)))
    var outcomes: [String] = []
    var messages: [String] = []
    _ = try await TransformRunner(program, encoding: .staged(program), options: options).run(&source) { lane in
      for (index, item) in lane.items.items.enumerated() {
        outcomes.append("\(lane.items.name(of: index) ?? "-") \(item.outcome.rawValue) \(item.mark.line)")
      }
      let encoder = ProblemLines(program, context: .init())
      for problem in lane.log.problems where problem.code == .merged {
        let line = encoder.line(of: problem, in: lane.log)
        messages.append(line.message)
        #expect(line.severity == .note && line.at?.byte == nil && line.rule?.line == 30)
      }
      #expect(lane.output.withPending(\.string).hasPrefix(#"{"key":"c","line":3,"record":{"id":"c""#))
    }
    #expect(
      outcomes == ["c written 3", "a merged 1", "b written 2", "d written 4", "e rejected 5", "f merged 6", "g written 7"])
    #expect(messages.first == "merged into the record 'c' on line 3, which has the same 'email'")
  }

  @Test("unique is judged on what the merge leaves")
  func uniqueAfterMerge() async throws {
    let text = """
      {"id":"a","email":"x","phone":"1"}
      {"id":"b","email":"y","phone":"2"}
      {"id":"c","email":"x","phone":"2"}
      {"id":"d","email":"z","phone":"1"}
      """
    let result = try await TestMapping.run(model(keep: .last, unique: ["phone"]), text)
    #expect(result.problems == ["1 a note merged - -", "2 b error not-unique phone 2"])
    #expect(result.counts.written == 2 && result.counts.merged == 1 && result.counts.rejected == 1)
  }

  @Test("the result is the same for any number of threads, batch size and memory", arguments: [1, 2, 5], [400, 1 << 20])
  func sameBytes(threads: Int, batchSize: Int) async throws {
    let text = (0..<1500).map { index in
      index % 41 == 5
        ? "{"
        : #"{"id":"c\#(index)","email":"e\#(index * 7 % 400)","phone":"\#(index % 13)","n":"\#(index % 37 == 0 ? "x" : "1")","tags":["\#(index)"],"updated":\#(1_700_000_000_000 + index * 31 % 997)}"#
    }.joined(separator: "\n")
    let model = model(["phone": .longest, "tags": .oldest], unique: ["id"])
    let expected = try await TestMapping.run(model, text, encoding: { .staged($0) })
    #expect(expected.counts.merged > 900 && expected.counts.unaccounted == 0)
    let program = try Program(model)
    var options = TransformRunner.Options(threads: threads)
    options.setMemory = 8192
    var source = NDJSONSource(MemoryInput(Array(text.utf8)), batchSize: batchSize)
    var output = ""
    var count = 0
    let counts = try await TransformRunner(program, encoding: .staged(program), options: options).run(&source) { lane in
      output += lane.output.withPending(\.string)
      count += lane.log.count
    }
    #expect(output == expected.output)
    #expect(counts == expected.counts)
    #expect(count == expected.problems.count)
  }

  @Test("one group of everything is merged in bounded memory")
  func oneGroup() async throws {
    let text = (0..<20_000).map { #"{"id":"c\#($0)","email":"x","phone":"\#($0 % 9 == 0 ? "" : "p")"}"# }.joined(separator: "\n")
    let result = try await TestMapping.run(model(keep: .first, others: .filled), text)
    #expect(result.output == #"{"id":"c0","email":"x","phone":"p"}"# + "\n")
    #expect(result.counts.merged == 19_999 && result.counts.unaccounted == 0)
  }

  @Test("the sorter sorts, however little memory it has", arguments: [0, 1, 15, 16, 17, 1000, 5000], [16, 200, 1 << 20])
  func sorter(count: Int, limit: Int) throws {
    var sorter = EntrySorter<MergeDecision>(limit: limit, folder: SpillFolder.standard)
    var expected: [Int] = []
    for index in 0..<count {
      let offset = index * 7919 % 5003
      expected.append(offset)
      try sorter.append(MergeDecision(offset: offset, survivor: index, members: 0, count: 0))
    }
    var sorted = try sorter.finish()
    var found: [Int] = []
    while let entry = try sorted.next() { found.append(entry.offset) }
    #expect(found == expected.sorted())
  }
}
