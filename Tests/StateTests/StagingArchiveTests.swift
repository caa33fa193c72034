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

  @Test func `what is kept is compressed, and the form of the records stays as it is`() throws {
    for name in ["people.ndjson", "people.items", "people.keys", "people.form.json"] { try folder.write("staging/\(name)", "x") }
    for name in ["people.fates", "people.changes"] { try folder.write("app/\(name)", "x") }
    try StagingArchive(folder: RunFolder(path: folder.path)).compress()
    #expect(
      folder.names(in: "staging") == ["people.form.json", "people.items.gz", "people.keys.gz", "people.ndjson.gz"])
    #expect(folder.names(in: "app") == ["people.changes.gz", "people.fates.gz"])
  }
}
