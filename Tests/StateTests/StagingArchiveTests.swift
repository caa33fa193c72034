import Control
import Core
import State
import TestSupport
import Testing

@Suite struct StagingArchiveTests {
  let folder = TemporaryFolder()

  @Test func `files that were not published are removed with the run, in every format`() throws {
    for kind in KeptExtension.allCases { try folder.write("app/people.\(kind.rawValue)", "") }
    for name in ["fates.gz", "changes.gz", "changes", "success.csv", "rejects.csv"].map({ "people.\($0)" }) + ["notes.txt"] {
      try folder.write("app/\(name)", "")
    }
    #expect(folder.names(in: "app").contains("people.sqlite"))
    for name in ["people.ndjson.gz", "people.items", "people.keys.gz", "people.form.json"] {
      try folder.write("staging/\(name)", "")
    }
    StagingArchive(folder: RunFolder(path: folder.path)).remove()
    #expect(folder.names(in: "app") == ["notes.txt", "people.rejects.csv", "people.success.csv"])
    #expect(!folder.names(in: "").contains("staging"))
  }

  @Test func `what a run did is known after its staged records are removed, and it cannot be resumed`() throws {
    let run = RunFolder(path: folder.path)
    #expect(try run.knownState() == nil)
    let log = try FactLog(path: run.facts)
    for fact in [RunFact.judged([]), .applied] { try log.append(fact, at: "t") }
    #expect(try run.knownState()?.isApplied == true)
    StagingArchive(folder: run).remove()
    #expect(folder.names(in: "") == ["facts.past.ndjson"])
    #expect(try run.knownState()?.isApplied == true && run.mark() == nil)
  }

  @Test func `the mappings that were undone are those of which something was put back at the destination`() throws {
    let run = RunFolder(path: folder.path)
    #expect(try run.undoneMappings(at: "app").isEmpty)
    let lines = [
      ("app", "a", "restored"), ("app", "b", "left"), ("crm", "c", "removed"), ("app", "d", "unchanged"), ("app", "e", "pending"),
      ("app", "f", "failed"),
    ]
    try folder.write(
      "undo.ndjson",
      lines.map {
        #"{"time":"2026-11-30T14:00:00Z","destination":"\#($0)","mapping":"\#($1)","key":"k","outcome":"\#($2)"}"# + "\n"
      }.joined())
    #expect(try Set(run.undoneMappings(at: "app").keys) == ["a", "d", "f"])
  }

  @Test func `what is kept is compressed, and the form of the records stays as it is`() throws {
    for name in ["people.ndjson", "people.items", "people.keys", "people.form.json"] { try folder.write("staging/\(name)", "x") }
    for name in ["people.fates", "people.changes"] { try folder.write("app/\(name)", "x") }
    try StagingArchive(folder: RunFolder(path: folder.path)).compress()
    #expect(
      folder.names(in: "staging") == ["people.form.json", "people.items.gz", "people.keys.gz", "people.ndjson.gz"])
    #expect(folder.names(in: "app") == ["people.changes.gz", "people.fates.gz"])
  }
}
