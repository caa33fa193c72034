import Core
import Files
import Records
import Values

@testable import Profiles

/// The same pseudo-random numbers in every run.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

/// Profiles records without a file, by one or more workers.
enum Profiled {
  static let today = CivilDate(year: 2026, month: 7, day: 1).daysSinceEpoch

  /// What one worker sees of the records that it is given, with their positions.
  static func profiler(
    _ records: [(position: Int, text: String)], mask: ProfileMask = .standard(), customFields: CustomFieldNames = .init([]),
    limit: Int = ProfileDocument.mostFields
  ) -> SideProfiler {
    let profiler = SideProfiler(mask: mask, customFields: customFields, today: today)
    var walker = RecordWalker()
    walker.learnFields(limit: limit)
    walker.learnCustomFields(in: "customFields")
    profiler.expectCustomFields(in: "customFields")
    for record in records {
      let bytes = Array(record.text.utf8)
      (bytes + [UInt8](repeating: 0, count: RecordWalker.padding)).withUnsafeBufferPointer { padded in
        guard walker.indexRecord(UnsafeBufferPointer(rebasing: padded[..<bytes.count])) == nil,
          walker.walk(0..<bytes.count, into: UnsafeMutableBufferPointer(start: nil, count: 0)) == nil
        else { return }
        profiler.add(&walker, position: record.position)
      }
    }
    profiler.finish(walker)
    return profiler
  }

  static func side(_ records: [String], mask: ProfileMask = .standard(), customFields: CustomFieldNames = .init([]))
    -> ProfileDocument.Side
  {
    profiler(records.enumerated().map { ($0, $1) }, mask: mask, customFields: customFields).side()
  }

  static func text(_ side: ProfileDocument.Side) -> String {
    ProfileDocument(input: "records", records: side.records, notProfiled: 0, today: "2026-07-01", source: side).json.prettyText
  }

  /// Through a source, as commands do.
  static func run(_ text: String, format: SourceFormat, threads: Int) async throws -> ProfileRunner.Result {
    var options = ProfileRunner.Options(today: today)
    options.threads = threads
    options.customFieldList = "customFields"
    let bytes = Array(text.utf8)
    return try await ProfileRunner(options).run([{ format.open(MemoryInput(bytes), "records", RecordReading()) }])
  }
}
