import Core
import Glibc

/// What an `http` destination with a durable journal costs, beside a bare loop of the HTTP client it is built on.
///
///     swift run -c release LoadBenchmark bare URL RECORDS CONCURRENCY        POST each record, in a loop of async-http-client
///     swift run -c release LoadBenchmark journal FOLDER RECORDS BATCH        write intents and results, without any request
///     swift run -c release LoadBenchmark load URL FOLDER RECORDS CONCURRENCY BATCH
///
/// Each prints one line of JSON: seconds, records per second, CPU seconds, and the peak of the process's memory. `scripts/bench
/// load` runs them one after another against nginx, and prints the ratios.
@main struct LoadBenchmark {
  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    func number(_ index: Int) -> Int? { arguments.indices.contains(index) ? Int(arguments[index]) : nil }
    switch (arguments.first, arguments.count) {
    case ("bare", 4):
      guard let records = number(2), let concurrency = number(3) else { usage() }
      try await Measurement.print("bare", records) { try await BareLoop.run(arguments[1], records, concurrency) }
    case ("journal", 4):
      guard let records = number(2), let batch = number(3) else { usage() }
      try await Measurement.print("journal", records) { try await JournalLoop.run(arguments[1], records, batch) }
    case ("load", 6):
      guard let records = number(3), let concurrency = number(4), let batch = number(5) else { usage() }
      let load = try LoadLoop(url: arguments[1], folder: arguments[2], records: records, concurrency: concurrency, batch: batch)
      try await Measurement.print("load", records) { try await load.run() }
    default: usage()
    }
  }

  private static func usage() -> Never {
    print(
      "LoadBenchmark bare URL RECORDS CONCURRENCY | journal FOLDER RECORDS BATCH | load URL FOLDER RECORDS CONCURRENCY BATCH")
    exit(64)
  }
}

/// How long something takes.
enum Measurement {
  static func print(_ name: String, _ records: Int, _ work: () async throws -> Void) async throws {
    let (start, cpu) = (ContinuousClock.now, cpuSeconds())
    try await work()
    let parts = (ContinuousClock.now - start).components
    let seconds = Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    let line = JSONValue.object([
      .init("what", .string(name)), .init("records", .number(records)), .init("seconds", .number(rounded(seconds))),
      .init("per_second", .number(Int(Double(records) / seconds))),
      .init("cpu_seconds", .number(rounded(cpuSeconds() - cpu))), .init("peak_kib", .number(usage.ru_maxrss)),
    ])
    Swift.print(line.text)
  }

  private static func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }

  private static func cpuSeconds() -> Double {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}
