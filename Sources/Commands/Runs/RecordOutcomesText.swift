import Report

/// A record's outcome at each destination, as a table.
enum RecordOutcomesText {
  /// Empty if there are none.
  static func text(of outcomes: [RecordOutcomes.Outcome], fitting width: Int?) -> String {
    var table = TextTable([
      .init("RECORD"), .init("MAPPING"), .init("LINE", isNumber: true), .init("DESTINATION"), .init("OUTCOME"),
      .sentence("REASON"),
    ])
    for outcome in outcomes {
      table.add([
        outcome.record, outcome.mapping, Wording.count(outcome.line), outcome.destination, outcome.outcome, outcome.reason ?? "",
      ])
    }
    return table.text(fitting: width)
  }
}
