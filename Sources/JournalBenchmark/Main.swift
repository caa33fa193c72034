import Core
import FoundationEssentials
import Glibc
import State

/// What the load journal costs: CPU time per record, and records per second with the syncs of the disk.
///
///     swift run -c release JournalBenchmark [FOLDER] [RECORDS]
///
/// FOLDER (default: a folder in /tmp) decides which disk syncs; RECORDS is the number of records per case (default: 100,000).
/// The last case is only the syncs: as many transactions as the first case has, each with one small row.
@main struct JournalBenchmark {
  static let scope = JournalScope(pipeline: "nightly", destination: "app", mapping: "contacts", location: "files")

  static func main() throws {
    let arguments = CommandLine.arguments
    let root = arguments.count > 1 ? arguments[1] : "/tmp"
    let count = arguments.count > 2 ? Int(arguments[2]) ?? 100_000 : 100_000
    let folder = "\(root)/waybill-journal-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, keys) in [("new keys, in order", ordered(count)), ("new keys, at random", ordered(count).shuffled())] {
      let bench = try Bench(folder: "\(folder)/\(keys[0].text)")
      try measure("64 calls of 1 record and 64 results, \(name)", keys.count) {
        try bench.load(keys, calls: 64, records: 1, bodyBytes: 400)
      }
      try measure("64 calls of 1 record and 64 results, known keys", keys.count) {
        try bench.load(keys, calls: 64, records: 1, bodyBytes: 400)
      }
      let batches = try Bench(folder: "\(folder)/b-\(keys[0].text)")
      try measure("10 calls of 100 records and their results, \(name)", keys.count) {
        try batches.load(keys, calls: 10, records: 100, bodyBytes: 40_000)
      }
      try measure("10 calls of 100 records and their results, known keys", keys.count) {
        try batches.load(keys, calls: 10, records: 100, bodyBytes: 40_000)
      }
      try measure("look up 500 keys at once", keys.count) { try batches.lookUp(keys, 500) }
      try measure("look up single keys", min(keys.count, 20_000)) { try batches.lookUp(Array(keys.prefix(20_000)), 1) }
      print("size: \(try batches.bytes() / keys.count) bytes per record")
    }
    let bench = try Bench(folder: "\(folder)/syncs")
    try measure("only syncs, one for 64 records", count) {
      for number in 0..<count / 64 { try bench.leases.save([Checkpoint("c", [UInt8(truncatingIfNeeded: number)])]) }
    }
  }

  private static func ordered(_ count: Int) -> [Name] { (0..<count).map { Name("contact-\(100_000_000 + $0)") } }

  private static func measure(_ name: String, _ count: Int, _ body: () throws -> Void) throws {
    let (cpu, start) = (cpuSeconds(), ContinuousClock.now)
    try body()
    let (seconds, wall) = (cpuSeconds() - cpu, start.duration(to: .now) / .seconds(1))
    let micros = Int(seconds / Double(count) * 10_000_000)
    print("\(micros / 10).\(micros % 10) µs CPU per record, \(Int(Double(count) / wall)) records/s: \(name)")
  }

  private static func cpuSeconds() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    let (user, system) = (usage.ru_utime, usage.ru_stime)
    return Double(user.tv_sec + system.tv_sec) + Double(user.tv_usec + system.tv_usec) / 1_000_000
  }
}

private struct Bench {
  let folder: String
  let journal: any Journal
  let leases: any StateStore
  let lease: Lease

  init(folder: String) throws {
    self.folder = folder
    let state = StateFolder(path: folder)
    journal = try state.openJournal()
    leases = try state.openStateStore()
    guard case .acquired(let lease) = try leases.acquire("load", owner: "benchmark", for: .seconds(3600)) else {
      throw OperationFailure(.stateHeld, "the lease is held")
    }
    self.lease = lease
  }

  /// Each transaction has the results of the previous one's calls, as in a load.
  func load(_ keys: [Name], calls: Int, records: Int, bodyBytes: Int) throws {
    let body = [UInt8](repeating: 0x20, count: bodyBytes)
    let (digest, fields) = ([UInt8](repeating: 7, count: 32), [UInt8](repeating: 9, count: 12 * 16))
    var results: [IntentResults] = []
    for start in stride(from: 0, to: keys.count, by: calls * records) {
      let group = keys[start..<min(start + calls * records, keys.count)]
      var requests: [IntentRequest] = []
      for first in stride(from: group.startIndex, to: group.endIndex, by: records) {
        let batch = group[first..<min(first + records, group.endIndex)]
        requests.append(
          IntentRequest(
            scope: JournalBenchmark.scope, run: "20261129T190000000Z-000001", target: "POST /contacts",
            idempotencyKey: "0123456789abcdef0123456789abcdef", context: [UInt8](repeating: 1, count: 40), body: body,
            records: batch.indices.map {
              IntentRecord(ordinal: UInt64($0), key: keys[$0], digest: digest, fields: fields)
            }))
      }
      let ids = try journal.apply(JournalChanges(intents: requests, results: results), under: lease)
      results = zip(ids, requests).map { id, request in
        IntentResults(
          id,
          request.records.map { IntentResult($0.ordinal, .accepted(remoteID: $0.key, entityTag: "\"1f2e3d4c\"")) })
      }
    }
    try journal.resolve(results)
  }

  func lookUp(_ keys: [Name], _ count: Int) throws {
    for start in stride(from: 0, to: keys.count, by: count) {
      let known = try journal.accepted(Array(keys[start..<min(start + count, keys.count)]), in: JournalBenchmark.scope)
      if known.isEmpty { throw OperationFailure(.fault, "nothing is known") }
    }
  }

  func bytes() throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder)/state.sqlite")
    return (attributes[.size] as? Int64).map { Int($0) } ?? attributes[.size] as? Int ?? 0
  }
}
