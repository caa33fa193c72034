import Core
import Report
import State

extension SampleSection {
  /// On the page, of all mappings of a run together.
  static let size = 25
  private static let mostFields = 80

  mutating func add(_ run: RunMaterial) {
    var samples: [(origin: Origin, records: [Record])] = []
    for mapping in run.summary?.mappings ?? [] {
      guard let sample = Self.read(run.folder.sample(of: mapping.name), run: run.id, mapping: mapping.name) else {
        missing.append(.init(run: run.id, text: "\(mapping.name): no sample is recorded."))
        continue
      }
      samples.append(sample)
    }
    origins += samples.map(\.origin)
    for (sample, count) in zip(samples, Self.shares(samples.map(\.records.count))) {
      records += sample.records.prefix(count)
    }
  }

  /// How many records of each sample are on the page: evenly, and what small samples leave goes to the others.
  static func shares(_ counts: [Int]) -> [Int] {
    var shares = counts.map { _ in 0 }
    var left = min(size, counts.reduce(0, +))
    while left > 0 {
      for index in counts.indices where left > 0 && shares[index] < counts[index] {
        shares[index] += 1
        left -= 1
      }
    }
    return shares
  }

  private static func read(_ path: String, run: String, mapping: String) -> (Origin, [Record])? {
    var origin: Origin?
    var records: [Record] = []
    PageFiles.lines(path) { line in
      if origin == nil {
        guard let seed = line["seed"]?.stringValue else { return false }
        origin = Origin(
          run: run, mapping: mapping, seed: seed, of: line["of"]?.intValue ?? 0, chosen: line["records"]?.intValue ?? 0)
      } else {
        records.append(record(line, run: run, mapping: mapping))
      }
      return true
    }
    return origin.map { ($0, records) }
  }

  private static func record(_ line: JSONValue, run: String, mapping: String) -> Record {
    let outcomes = (line["outcomes"]?.arrayValue ?? []).map { outcome in
      Outcome(destination: outcome["destination"]?.stringValue ?? "", outcome: outcome["outcome"]?.stringValue ?? "")
    }
    let fields = (line["fields"]?.arrayValue ?? []).map { field in
      Field(
        field: field["field"]?.stringValue ?? "",
        sources: (field["sources"]?.arrayValue ?? []).map { source in
          Value(path: source["path"]?.stringValue ?? "", value: source["value"]?.stringValue)
        }, target: field["target"]?.stringValue)
    }
    var record = Record(
      run: run, mapping: mapping, key: line["record"]?.stringValue, line: line["line"]?.intValue,
      element: line["element"]?.intValue, outcomes: outcomes, isUnread: line["unread"]?.boolValue ?? false,
      fields: PageList(fields, limit: mostFields))
    if let problem = line["problem"], let code = problem["code"]?.stringValue {
      record.problem = Problem(code: code, field: problem["field"]?.stringValue, message: problem["message"]?.stringValue)
    }
    return record
  }
}
