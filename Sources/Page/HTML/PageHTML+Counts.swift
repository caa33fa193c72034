import Graphics

/// Counts of the source and of the destinations.
extension PageWriter {
  mutating func sourceCounts() {
    let counts = page.sourceCounts
    let isEmpty = counts.entities.isEmpty && counts.businesses.rows.isEmpty && counts.leftOut.isEmpty
    section("source_counts", counts, isEmpty: isEmpty) { writer in
      writer.table("Records by entity, as reported and as read", counts.entities) {
        $0
          .run { $0.run }
          .text("Entity") { $0.entity }
          .count("Reported") { $0.reported }
          .count("Expected") { $0.expected }
          .count("Read") { $0.read }
          .number("Read of expected") { .percent($0.coveragePercent) }
          .optionalCount("Refused") { $0.refused }
          .optionalCount("Gone") { $0.gone }
          .optionalCount("Lists broken off") { $0.brokenLists }
          .optionalCode("File") { $0.file }
          .optionalCount("Bytes") { $0.bytes }
      }
      writer.table("Records by business", counts.businesses) {
        $0
          .run { $0.run }
          .text("Business") { $0.business ?? "without a business" }
          .text("Mapping") { $0.mapping }
          .text("Destination") { $0.destination }
          .count("Read") { $0.read }
          .count("Arrived") { $0.arrived }
          .optionalCount("Left out on purpose") { $0.leftOut }
          .optionalNumber("Last run") { row in row.before.map { .count($0) } ?? .faint(row.isNew ? "new" : "–") }
          .optionalNumber("Change") { .change($0.change) }
          .optionalNumber("Change in %") { row in row.changePercent.map { .number(NumberText.change($0) + "%") } ?? .faint("–") }
          .optionalCount("Arrived in the last run") { $0.beforeArrived }
      }
      writer.table("Left out before the mapping", counts.leftOut) {
        $0
          .run { $0.run }
          .code("Reason") { $0.reason }
          .count("Records") { $0.count }
          .text("What it means") { $0.text }
      }
    }
  }

  mutating func targetCounts() {
    let counts = page.targetCounts
    section("target_counts", counts, isEmpty: counts.rows.isEmpty) { writer in
      writer.table("Records at the destinations, as loaded and as read back", counts.rows) {
        $0
          .run { $0.run }
          .text("Mapping") { $0.mapping }
          .text("Destination") { $0.destination }
          .count("Accepted in this run") { $0.accepted }
          .count("Should be there", or: "not reconciled") { $0.loaded }
          .count("Found there", or: "not reconciled") { $0.stored }
          .cell("Result") { row in
            guard let difference = row.difference else { return .faint("not reconciled") }
            return difference == 0 ? .status("equal", .good) : .status(NumberText.change(difference), .bad)
          }
          .optionalText("Read by") { $0.readBy }
          .optional("Read back") { $0.reconciled.map { .time($0) } ?? .faint("–") }
      }
      let verified = counts.rows.filter { $0.verified != nil }
      writer.table("Unchanged records that the load has read back", verified) {
        $0
          .run { $0.run }
          .text("Mapping") { $0.mapping }
          .text("Destination") { $0.destination }
          .count("Records") { $0.verified?.records }
          .count("Differed") { $0.verified?.drifted }
          .count("Missing") { $0.verified?.missing }
          .count("Sent again") { $0.verified?.resent }
          .count("Could not be read") { $0.verified?.notRead }
      }
    }
  }
}
