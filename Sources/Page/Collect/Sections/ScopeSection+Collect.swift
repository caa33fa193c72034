import Control
import Core
import Extract
import Report
import State

extension ScopeSection {
  mutating func add(_ run: RunMaterial) {
    let (record, summary, manifest) = (run.record, run.summary, run.snapshot?.manifest)
    var scope = Run(
      run: run.id, pipeline: record.pipeline, status: record.status.rawValue, exitCode: record.exitCode.map { Int($0) },
      started: record.started, finished: record.finished, location: record.location, isDryRun: run.isDryRun)
    scope.locationName = manifest?.locationName
    scope.timezone = manifest?.timezone
    scope.country = manifest?.country
    scope.snapshot = record.snapshot
    scope.windowStart = manifest?.started
    scope.windowEnd = manifest?.finished
    scope.snapshotIsComplete = manifest?.isComplete
    scope.input = summary?.json["input"]?.stringValue
    scope.shard = run.request?.shard
    scope.narrowed = run.narrowing?.text
    scope.replayOf = record.replayOf
    var destinations: [String] = []
    for destination in summary?.mappings.flatMap(\.destinations) ?? [] where !destinations.contains(exactly: destination.name) {
      destinations.append(destination.name)
    }
    scope.destinations = destinations
    let digests = run.state?.compiled?.digests ?? [:]
    scope.mappings = (summary?.mappings ?? []).map { mapping in
      let file = run.fields[Name(mapping.name)]?.file
      return Mapping(name: mapping.name, file: file, digest: file.flatMap { Self.digest(of: $0, in: digests) })
    }
    scope.messages = summary?.texts("messages") ?? []
    scope.notes = summary?.texts("notes") ?? []
    runs.append(scope)
    if summary == nil {
      missing.append(.init(run: run.id, text: "The run has no summary: it has not ended, or its process was killed."))
    }
    if record.snapshot != nil, manifest == nil {
      missing.append(
        .init(run: run.id, text: "The snapshot no longer exists, so its location and its counts cannot be shown."))
    }
    if scope.mappings.contains(where: { $0.digest == nil }) {
      missing.append(
        .init(run: run.id, text: "The digests of some mapping files are not recorded: an earlier version made the run."))
    }
  }

  /// Digests are listed by the paths below the folder that all files have in common; a mapping has the path that its pipeline states.
  private static func digest(of file: String, in digests: [Name: String]) -> String? {
    if let digest = digests[Name(file)] { return digest }
    let parts = file.split(separator: "/").filter { $0 != "." && $0 != ".." }
    for start in parts.indices {
      let end = parts[start...].joined(separator: "/")
      let found = digests.filter { $0.key.text.isExactly(end) || $0.key.text.hasSuffix("/" + end) }
      if found.count == 1 { return found.first?.value }
    }
    return nil
  }
}

extension RunMaterial {
  /// It was a dry run that has not been applied.
  var isDryRun: Bool {
    if request?.isDryRun == true { return !(state?.isApplied ?? false) }
    return request == nil && summary?.json["forecast"] != nil
  }

  var narrowing: Narrowing? {
    let recorded = record.narrowed.flatMap { try? JSONReader.read(Array($0.utf8)) } ?? summary?.json["narrowed"]
    return recorded.flatMap { Narrowing($0) }
  }
}
