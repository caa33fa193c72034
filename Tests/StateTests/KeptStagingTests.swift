import Control
import Core
import State
import TestSupport
import Testing

/// What earlier runs staged for a part, as a dry run finds it.
@Suite struct KeptStagingTests {
  private let folder = TemporaryFolder()
  private let runs = MemoryRunStore()
  private let part = RunPart(mapping: "people", destination: "app")
  private let stamp = FileStamp(size: 7, modified: 8)
  private var state: StateFolder { StateFolder(path: folder.path) }

  /// A run that loaded the part.
  private func add(
    _ id: String, _ change: (inout RunFact.Loaded) -> Void = { _ in }, location: String? = nil, pipeline: String = "tests",
    isLoaded: Bool = true, staged name: String? = "people.ndjson"
  ) throws {
    try runs.begin(RunRecord(id: id, pipeline: pipeline, started: "2026-11-29T00:00:00Z"))
    var loaded = RunFact.Loaded(part, counts: OutcomeCounts(), files: ["out/people.csv"], stamps: [stamp])
    change(&loaded)
    try folder.write("runs/\(id)/run.json", "{}")
    if let name { try folder.write("runs/\(id)/staging/\(name)", "") }
    let log = try FactLog(path: RunFolder(path: state.run(id)).facts)
    if let location {
      try log.append(.snapshot(.init(snapshot: "s", location: location, isWhole: true, isNarrowed: false)), at: "")
    }
    if isLoaded { try log.append(.loaded([loaded]), at: "") }
  }

  private func found() throws -> [String] {
    try runs.begin(RunRecord(id: "last", pipeline: "tests", started: "2026-11-30T00:00:00Z"))
    let kept = try KeptStaging(state: state, runs: runs).records(
      of: part, pipeline: "tests", location: "loc1", before: "last", columns: [LoadColumn(path: ["id"])])
    #expect(kept.allSatisfy { $0.columns == [LoadColumn(path: ["id"])] })
    return kept.map { kept in
      let run = kept.path.split(separator: "/").dropLast(2).last ?? ""
      return "\(run)\(kept.published == [stamp] ? "" : " unstamped")"
    }
  }

  @Test func `the newest three runs that loaded the part count`() throws {
    for id in ["r1", "r2", "r3", "r4"] { try add(id) }
    #expect(try found() == ["r4", "r3", "r2"])
  }

  @Test func `a run counts only if it loaded this part of this pipeline and still has its records`() throws {
    try add("r1")
    try add("kept", { $0.isKept = true })
    try add("other", { $0.part = RunPart(mapping: "people", destination: "crm") })
    try add("foreign", pipeline: "another")
    try add("stopped", isLoaded: false)
    try add("removed", staged: nil)
    try add("elsewhere", location: "loc2")
    try add("here", location: "loc1")
    try add("partly", { $0.isWhole = false })
    try add("compressed", staged: "people.ndjson.gz")
    #expect(try found() == ["compressed", "partly", "here"])
  }

  @Test func `a run of an earlier version has no stamps, and a damaged one says nothing`() throws {
    try add("old", { $0.stamps = nil })
    try add("damaged")
    try folder.write("runs/damaged/facts.ndjson", "{}\n")
    #expect(try found() == ["old unstamped"])
  }
}
