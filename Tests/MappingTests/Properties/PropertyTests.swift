import Foundation
import Testing

/// No mapping that compiles can put null as text, change a type silently, or drop a record without a ledger line: over mappings and records
/// that a seed makes. `WAYBILL_PROPERTY_SEED` and `WAYBILL_PROPERTY_MAPPINGS` ask for others and for more (`scripts/soak properties`).
@Suite struct PropertyTests {
  private static func setting(_ name: String, _ usual: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
  }

  @Test func `any mapping that compiles keeps its promises on any input`() async throws {
    let seed = UInt64(Self.setting("WAYBILL_PROPERTY_SEED", 1))
    let count = Self.setting("WAYBILL_PROPERTY_MAPPINGS", 200)
    let folder = NSTemporaryDirectory() + "waybill-properties-\(getpid())-\(seed)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var tally = PropertyCheck.Tally()
    var failures = 0
    for number in 0..<count where failures < 3 {
      let one = seed &* 1_000_003 &+ UInt64(number)
      var generator = MappingGenerator(seed: one)
      let plan = generator.plan()
      var records = RecordGenerator(seed: ~one)
      let lines = (1...24).map { records.line($0) }
      guard let run = try PropertyRun(plan, folder: folder) else { continue }
      var check = PropertyCheck(run, lines)
      try await check.check()
      tally.add(check.tally)
      if let violation = check.violations.first {
        failures += 1
        let small = try await PropertyShrinking(folder: folder, property: violation.property).smallest(run.plan, lines)
        Issue.record("seed \(one): \(small)")
      }
    }
    guard failures == 0 else { return }
    // What was looked at is what was meant to be.
    #expect(tally.mappings > count * 9 / 10)
    #expect(tally.written > tally.records / 10)
    #expect(tally.predicted > tally.records)
    #expect(tally.warned > tally.records / 50)
  }
}

extension PropertyCheck.Tally {
  mutating func add(_ other: PropertyCheck.Tally) {
    mappings += other.mappings
    records += other.records
    written += other.written
    predicted += other.predicted
    warned += other.warned
  }
}
