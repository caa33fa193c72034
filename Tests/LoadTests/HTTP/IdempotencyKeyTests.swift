import Core
import TestSupport
import Testing

@testable import Load

@Suite struct IdempotencyKeyTests {
  /// A destination recognizes a call that another version of Waybill has sent only if both make the same key.
  @Test func `keys are the same in every version`() throws {
    let bench = try HTTPBench(FakeAPI())
    let plan = try PartPlan(HTTPBench.people(0..<1).part(), destination: "app", bench.document)
    let create = try #require(plan.resource.create)
    // Computed with another program: SHA-256 of all parts, each preceded by its length (8 bytes, little-endian).
    #expect(
      plan.idempotencyKey(create, [(key: "ada", digest: [1, 2], epoch: 0)])
        == "59c42b55ce88d420b7d785073c186f4aed5de3875beb2e10bc51c03f72fde3ad")
    #expect(
      plan.idempotencyKey(create, [(key: "e\u{301}", digest: [], epoch: 12), (key: "", digest: [255], epoch: 0)])
        == "2d81af0d28dc295857ae62bc393080b410fef8b6da7ef0a38de6d3727daf929d")
    #expect(
      PartPlan.idempotencyKey(after: "A", epoch: 3) == "0931c615d3469f0739da63eb26110099d80b4cfb39f4929eac01782db99d6677")
  }
}
