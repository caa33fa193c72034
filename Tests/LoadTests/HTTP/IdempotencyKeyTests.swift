import Core
import TestSupport
import Testing

@testable import Load

@Suite struct IdempotencyKeyTests {
  private static func member(_ key: String, _ digest: [UInt8], epoch: Int? = nil) -> PartLoad.Member {
    let record = OutgoingRecord(
      ordinal: 0, source: "", line: 0, key: Name(key), digest: digest, fields: [], json: [], values: [:])
    let known = epoch.map { epoch in
      var known = Accepted()
      known.epoch = epoch
      return known
    }
    return PartLoad.Member(record: record, ticket: 0, known: known)
  }

  /// A destination recognizes a call that another version of Waybill has sent only if both make the same key.
  @Test func `keys are the same in every version`() throws {
    let bench = try HTTPBench(FakeAPI())
    let plan = try PartPlan(HTTPBench.people(0..<1).part(), destination: "app", bench.document)
    let create = try #require(plan.resource.create)
    // Computed with another program: SHA-256 of each part with its length (8 bytes, little-endian) before it.
    #expect(
      plan.idempotencyKey(create, [Self.member("ada", [1, 2])])
        == "59c42b55ce88d420b7d785073c186f4aed5de3875beb2e10bc51c03f72fde3ad")
    #expect(
      plan.idempotencyKey(create, [Self.member("e\u{301}", [], epoch: 12), Self.member("", [255])])
        == "2d81af0d28dc295857ae62bc393080b410fef8b6da7ef0a38de6d3727daf929d")
    #expect(
      PartPlan.idempotencyKey(after: "A", epoch: 3) == "0931c615d3469f0739da63eb26110099d80b4cfb39f4929eac01782db99d6677")
  }
}
