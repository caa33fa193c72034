import Core
import State

/// The journal alone: each transaction records the results of the last calls and the intents of the next ones, as a load with 64
/// calls at a time does.
enum JournalLoop {
  private static let calls = 64

  static func run(_ folder: String, _ records: Int, _ batch: Int) async throws {
    let state = StateFolder(path: folder)
    let (journal, states) = (try state.openJournal(), try state.openStateStore())
    guard case .acquired(let lease) = try states.acquire("benchmark", owner: "benchmark", for: .seconds(3_600)) else {
      throw OperationFailure(.stateHeld, "another benchmark uses \(folder)")
    }
    let scope = JournalScope(pipeline: "benchmark", destination: "app", mapping: "contacts", location: "files")
    let digest = [UInt8](repeating: 7, count: 32)
    var next = 0
    var results: [IntentResults] = []
    while next < records || !results.isEmpty {
      var intents: [IntentRequest] = []
      while intents.count < calls, next < records {
        let range = next..<min(records, next + batch)
        next = range.upperBound
        let body = range.flatMap { SampleRecord.json($0) }
        intents.append(
          IntentRequest(
            scope: scope, run: "run", target: "POST /contacts", idempotencyKey: "key\(range.lowerBound)",
            context: [UInt8](repeating: 32, count: 300), body: body,
            records: range.map {
              IntentRecord(ordinal: UInt64($0), key: Name("c\($0)"), digest: digest, fields: [UInt8](repeating: 1, count: 193))
            }))
      }
      let ids = try journal.apply(JournalChanges(intents: intents, results: results), under: lease)
      results = zip(ids, intents).map { id, intent in
        IntentResults(
          id, intent.records.map { IntentResult($0.ordinal, .accepted(remoteID: Name("r\($0.ordinal)"), entityTag: nil)) })
      }
    }
    try states.release(lease)
  }
}
