import CAllocationCounter
import Core
import Files
import GHL
import Glibc
import Mapping
import Records
import Sandbox
import Transform

/// Figures of the transform that a stopwatch cannot give, and the data to measure with. Used by scripts/bench.
///
///     TransformBenchmark generate COUNT FILE        synthetic contacts as NDJSON
///     TransformBenchmark members COUNT SEED FILE    those of them that belong to 7 businesses, in the order of an extraction
///     TransformBenchmark speed MAPPING FILE         CPU seconds and MB/s of one worker, reading and encoding included
///     TransformBenchmark allocations MAPPING FILE   heap allocations per record once everything has its working size
@main struct TransformBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    switch (arguments.first, arguments.count) {
    case ("generate", 3):
      try generate(count: Int(arguments[2]) ?? 0, path: arguments[3])
    case ("members", 4):
      try writeMembers(count: Int(arguments[2]) ?? 0, seed: UInt64(arguments[3]) ?? 1, path: arguments[4])
    case ("speed", 3):
      try measureSpeed(mapping: arguments[2], path: arguments[3])
    case ("allocations", 3):
      try exit(countAllocations(mapping: arguments[2], path: arguments[3]) ? 0 : 1)
    default:
      print("usage: TransformBenchmark generate COUNT FILE | members COUNT SEED FILE")
      print("       TransformBenchmark speed MAPPING FILE | allocations MAPPING FILE")
      exit(64)
    }
  }

  private static func generate(count: Int, path: String) throws {
    let data = SyntheticData(contacts: count, businesses: businesses, seed: 1)
    try write(0..<count, of: data, path: path)
  }

  private static func writeMembers(count: Int, seed: UInt64, path: String) throws {
    let data = SyntheticData(contacts: count, businesses: businesses, seed: seed)
    try write((0..<businesses).flatMap { Array(data.members(ofBusiness: $0)) }, of: data, path: path)
  }

  private static let businesses = 7

  private static func write(_ indices: some Sequence<Int>, of data: SyntheticData, path: String) throws {
    let file = try OutputFile(path: path)
    var bytes: [UInt8] = []
    func flush() throws {
      try bytes.withUnsafeBufferPointer { buffer in
        if let base = buffer.baseAddress { try file.write(Text(start: base, count: buffer.count)) }
      }
      bytes.removeAll(keepingCapacity: true)
    }
    for index in indices {
      data.writeContact(at: index, into: &bytes)
      bytes.append(0x0A)
      if bytes.count > 1 << 20 { try flush() }
    }
    try flush()
    try file.commit()
  }

  /// Runs one batch again and again: the first rounds bring arenas and logs to their working size, the others are counted.
  private static func countAllocations(mapping: String, path: String) throws -> Bool {
    let program = try program(mapping)
    let lane = TransformLane(program, encoding: .csv(program))
    var source = NDJSONSource(try FileInput(path: path))
    guard try source.fill(lane.batch) else { exit(66) }
    for _ in 0..<3 { lane.process() }
    let rounds = 20
    let before = waybill_allocation_count()
    for _ in 0..<rounds { lane.process() }
    let made = waybill_allocation_count() - before
    let records = lane.counts.read * rounds
    print("records: \(records) in \(rounds) batches, \(lane.counts.codes.values.reduce(0, +) * rounds) problems noted")
    print(
      "allocations: \(made), that is \(Double(made) / Double(rounds)) per batch and \(Double(made) / Double(records)) per record")
    // A batch has a table of problem codes; records have nothing of their own.
    let isFlat = made <= UInt64(rounds * 8)
    print(isFlat ? "per-record allocations: 0" : "per-record allocations: NOT 0")
    return isFlat
  }

  private static func measureSpeed(mapping: String, path: String) throws {
    let program = try program(mapping)
    let lane = TransformLane(program, encoding: .csv(program))
    var best = Double.infinity
    var bytes = 0
    for _ in 0..<3 {
      var source = NDJSONSource(try FileInput(path: path))
      bytes = 0
      let start = cpuSeconds()
      while try source.fill(lane.batch) {
        lane.process()
        bytes += lane.batch.count
      }
      best = min(best, cpuSeconds() - start)
    }
    print("one worker: \(best) CPU s, \(Int(Double(bytes) / 1e6 / best)) MB/s (best of 3)")
  }

  private static func program(_ mapping: String) throws -> Program {
    let compilation = MappingCompiler.compile(path: mapping, catalog: GHLCatalog())
    guard let model = compilation.model else {
      for diagnostic in compilation.diagnostics.sorted { print(compilation.diagnostics.text(of: diagnostic)) }
      exit(65)
    }
    return try Program(model)
  }

  private static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
