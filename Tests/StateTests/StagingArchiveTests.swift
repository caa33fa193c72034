import Core
import State
import TestSupport
import Testing

@Suite struct StagingArchiveTests {
  let folder = TemporaryFolder()

  @Test func `files that were not published are removed with the run, in every format`() throws {
    for kind in KeptExtension.allCases { try folder.write("app/people.\(kind.rawValue)", "") }
    for name in ["people.fates.gz", "people.success.csv", "people.rejects.csv", "notes.txt"] {
      try folder.write("app/\(name)", "")
    }
    #expect(folder.names(in: "app").contains("people.sqlite"))
    try folder.write("staging/people.ndjson.gz", "")
    StagingArchive(folder: RunFolder(path: folder.path)).remove()
    #expect(folder.names(in: "app") == ["notes.txt", "people.rejects.csv", "people.success.csv"])
  }
}
