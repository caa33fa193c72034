import Core
import Files
import State
import TestSupport
import Testing

/// A journal that is moved to another machine.
@Suite struct JournalFileTests {
  private static func scope(_ mapping: String, _ pipeline: String = "p") -> JournalScope {
    JournalScope(pipeline: pipeline, destination: "d", mapping: mapping, location: "l")
  }

  /// A journal in memory, and a lease of it.
  private struct Side {
    let journal: MemoryJournal
    let states: MemoryStateStore
    let lease: Lease

    init() throws {
      states = MemoryStateStore(now: { WallTime(millisecondsSince1970: 0) })
      journal = MemoryJournal(leases: states)
      guard case .acquired(let lease) = try states.acquire("l", owner: "a", for: .seconds(60)) else {
        throw OperationFailure(.stateHeld, "the lease is held")
      }
      self.lease = lease
    }

    func merge(_ records: [JournalRecord], _ scope: JournalScope) throws {
      try journal.merge(under: lease, isTrial: false) { _ = try $0(records, scope) }
    }

    func text() throws -> String {
      var text = ""
      _ = try JournalExport(journal, states, scopes: journal.scopes()).run { text += $0 }
      return text
    }

    func take(_ text: String, piece: Int = .max, isTrial: Bool = false) throws -> JournalImport.Summary {
      try JournalImport.run(
        MemoryInput(Array(text.utf8), pieceSize: piece), name: "j.ndjson", into: journal, states, under: lease,
        isTrial: isTrial)
    }

    func loads(_ scope: JournalScope, to address: String) throws {
      try states.save([Checkpoint(scope.baseURL, Array(address.utf8))], under: lease)
    }

    func address(_ scope: JournalScope) throws -> String? {
      try states.checkpoint(scope.baseURL).map { String(decoding: $0, as: UTF8.self) }
    }

    func records(_ scope: JournalScope) throws -> [JournalRecord] {
      var all: [JournalRecord] = []
      try journal.forEachRecord(in: scope) { all += $0 }
      return all
    }
  }

  private static let records = [
    JournalRecord("", .absent(epoch: 3)),
    JournalRecord("\u{0}\"\n", Accepted(remoteID: "", entityTag: "\"x\"", digest: [], epoch: 1)),
    JournalRecord("a", Accepted(remoteID: "17", entityTag: "W/\"é\"", digest: [0, 0xFF], fields: [7, 0], epoch: 2)),
    JournalRecord("e\u{301}", Accepted(epoch: 4)), JournalRecord("\u{E9}", Accepted(digest: [1])),
  ]

  private static let header = #"{"format":"waybill-journal","version":2}"#

  @Test func `the file is as documented`() throws {
    let side = try Side()
    try side.merge(Self.records, Self.scope("m"))
    try side.loads(Self.scope("m"), to: "https://api.example/v1?\"")
    #expect(
      try side.text() == """
        {"format":"waybill-journal","version":2}
        {"pipeline":"p","destination":"d","mapping":"m","location":"l","base_url":"https://api.example/v1?\\""}
        {"pipeline":"p","destination":"d","mapping":"m","location":"l","key":"","present":false,"epoch":3}
        {"pipeline":"p","destination":"d","mapping":"m","location":"l","key":"\\u0000\\"\\n","present":true,"remote_id":"","entity_tag":"\\"x\\"","digest":"","epoch":1}
        {"pipeline":"p","destination":"d","mapping":"m","location":"l","key":"a","present":true,"remote_id":"17","entity_tag":"W/\\"é\\"","digest":"00ff","fields":"0700","epoch":2}
        {"pipeline":"p","destination":"d","mapping":"m","location":"l","key":"e\u{301}","present":true,"epoch":4}
        {"pipeline":"p","destination":"d","mapping":"m","location":"l","key":"\u{E9}","present":true,"digest":"01","epoch":0}
        {"records":5}

        """)
    #expect(try Side().text() == Self.header + "\n{\"records\":0}\n")
  }

  @Test(arguments: [1, 7, .max]) func `everything comes back, byte for byte`(_ piece: Int) throws {
    let (from, to) = (try Side(), try Side())
    let many = (0..<700).map { JournalRecord(Name("\($0 + 1000)"), Accepted(remoteID: Name("\($0)"), epoch: 1)) }
    for scope in [Self.scope("m"), Self.scope("e\u{301}"), Self.scope("\u{E9}"), Self.scope("m", "\u{0}")] {
      try from.merge(Self.records, scope)
    }
    try from.merge(many, Self.scope("many"))
    let text = try from.text()
    #expect(try to.take(text, piece: piece).counts == [.added: 720])
    #expect(try to.text() == text)
    for scope in [Self.scope("m"), Self.scope("e\u{301}"), Self.scope("m", "\u{0}")] {
      #expect(try to.records(scope) == Self.records)
    }
    #expect(try to.records(Self.scope("many")) == many)
    #expect(try to.take(text).counts == [.same: 720])
  }

  @Test func `a newer record here is never replaced, and everything is counted`() throws {
    let (from, to) = (try Side(), try Side())
    func records(_ epoch: Int, _ tag: Name) -> [JournalRecord] {
      ["a", "b", "c", "d", "e", "f"].map { JournalRecord($0, Accepted(entityTag: tag, epoch: epoch)) }
    }
    try from.merge(records(2, "there"), Self.scope("m"))
    try to.merge([JournalRecord("b", Accepted(entityTag: "here", epoch: 1))], Self.scope("m"))
    try to.merge([JournalRecord("c", Accepted(entityTag: "there", epoch: 2))], Self.scope("m"))
    try to.merge([JournalRecord("d", Accepted(entityTag: "here", epoch: 2))], Self.scope("m"))
    try to.merge([JournalRecord("e", Accepted(entityTag: "here", epoch: 3))], Self.scope("m"))
    try to.merge([JournalRecord("f", .absent(epoch: 3))], Self.scope("m"))
    let before = try to.records(Self.scope("m"))
    let expected: [JournalMerge: Int] = [.added: 1, .replaced: 1, .same: 1, .conflicting: 1, .older: 2]
    let trial = try to.take(try from.text(), isTrial: true)
    #expect(trial.counts == expected && trial.records == 6)
    #expect(trial.conflicts == [JournalImport.Conflict(scope: Self.scope("m"), key: "d")])
    #expect(try to.records(Self.scope("m")) == before)
    #expect(try to.take(try from.text()) == trial)
    #expect(try to.records(Self.scope("m")).map(\.known.entityTag) == ["there", "there", "there", "here", "here", nil])
  }

  private static let line = #"{"pipeline":"p","destination":"d","mapping":"m","location":"l","key":"k","present":true,"epoch":1}"#

  private static let broken: [(String, OperationFailure.Code, String)] = [
    ("", .wrongFile, "j.ndjson is not an exported journal; `waybill journal export` writes one"),
    ("\n", .wrongFile, "is not an exported journal"), ("{}\n", .wrongFile, "is not an exported journal"),
    ("id,name\n1,Ada\n", .wrongFile, "is not an exported journal"), (line + "\n", .wrongFile, "is not an exported journal"),
    (#"{"format":"waybill-journal"}"# + "\n", .wrongFile, "is not an exported journal"),
    (#"{"format":"waybill-journal","version":0}"# + "\n", .wrongFile, "is not an exported journal"),
    (
      #"{"format":"waybill-journal","version":3}"# + "\n", .newerFormat,
      "a newer version of Waybill wrote it (format 3; this version reads up to 2): use that version"
    ),
    (header, .damaged, "the file is truncated"), (header + "\n", .damaged, "the file is truncated"),
    (header + "\n" + line + "\n", .damaged, "the file is truncated"),
    (header + "\n" + line + "\n{\"records\":1}", .damaged, "the file is truncated"),
    (header + "\n" + line.prefix(40), .damaged, "the file is truncated"),
    (header + "\n" + line + "\n{\"records\":1,\"open_calls\":-1}\n", .wrongFile, "j.ndjson, line 3: it has the unknown member"),
    (header + "\n" + line + "\n{\"records\":2}\n", .damaged, "its last line counts 2 records, but the file has 1"),
    (
      header + "\n{\"records\":0}\n" + line + "\n", .wrongFile,
      "j.ndjson, line 3: it comes after the last line, which counts the records"
    ),
    (header + "\n" + line + "\n\n{\"records\":1}\n", .wrongFile, "j.ndjson, line 3: it is not valid JSON"),
    (header + "\n" + line + line + "\n", .wrongFile, "j.ndjson, line 2: it is not valid JSON"),
    (header + "\n[]\n", .wrongFile, "line 2: it is not an object"),
    (header + "\n" + header + "\n", .wrongFile, "line 2: it has the unknown member 'format'"),
  ]

  private static let wrongMembers: [(String, String, String)] = [
    (#""key":"k""#, #""key":7"#, "'key' is not a text"), (#","key":"k""#, "", "'key' is not a text"),
    (#""pipeline":"p""#, #""pipeline":null"#, "'pipeline' is not a text"),
    (#","location":"l""#, "", "'location' is not a text"), (#"true"#, "1", "'present' is not true or false"),
    (#""epoch":1"#, #""epoch":-1"#, "'epoch' is not a whole number from 0 to 9007199254740992"),
    (#""epoch":1"#, #""epoch":1.5"#, "'epoch' is not"), (#""epoch":1"#, #""epoch":9007199254740993"#, "'epoch' is not"),
    (#""epoch":1"#, #""epoch":"1""#, "'epoch' is not"), (#","epoch":1"#, "", "'epoch' is not"),
    (#""epoch":1"#, #""epoch":1,"digest":"0""#, "'digest' is not hexadecimal"),
    (#""epoch":1"#, #""epoch":1,"digest":7"#, "'digest' is not a text"),
    (#""epoch":1"#, #""epoch":1,"fields":"xy""#, "'fields' is not hexadecimal"),
    (#""epoch":1"#, #""epoch":1,"remote_id":null"#, "'remote_id' is not a text"),
    (#""epoch":1"#, #""epoch":1,"entity_tag":[]"#, "'entity_tag' is not a text"),
    (#""epoch":1"#, #""epoch":1,"base_url":"u""#, "it has the unknown member 'key'"),
    (#""key":"k","present":true,"epoch":1"#, #""base_url":7"#, "'base_url' is not a text"),
    (#""epoch":1"#, #""epoch":1,"extra":1"#, "it has the unknown member 'extra'"),
    (#""epoch":1"#, #""epoch":1,"epoch":2"#, "it is not valid JSON"),
    ("true", #"false,"remote_id":"1""#, "'present' is false, but it has members besides 'epoch'"),
    ("true", #"false,"digest":"""#, "'present' is false, but it has members besides 'epoch'"),
  ]

  @Test func `a file that is broken anywhere changes nothing, and the message says where`() throws {
    let good = "\(Self.header)\n\(Self.line.replacing("\"k\"", with: "\"first\""))\n"
    let lines = Self.wrongMembers.map { old, new, reason in
      (good + Self.line.replacing(old, with: new) + "\n{\"records\":2}\n", OperationFailure.Code.wrongFile, "line 3: \(reason)")
    }
    for (text, code, message) in Self.broken + lines {
      let side = try Side()
      let failure = #expect(throws: OperationFailure.self, "\(text)") { try side.take(text) }
      #expect(failure?.code == code && failure?.description.contains(message) == true, "\(failure?.description ?? text)")
      #expect(try side.journal.scopes().isEmpty)
    }
  }

  // MARK: Base URLs

  @Test func `base URLs move with the records, and a trial saves none`() throws {
    let (from, to) = (try Side(), try Side())
    for mapping in ["m", "n"] { try from.merge(Self.records, Self.scope(mapping)) }
    try from.loads(Self.scope("m"), to: "https://api.example")
    #expect(try to.take(from.text(), isTrial: true).withoutAddress == [Self.scope("n")])
    #expect(try to.address(Self.scope("m")) == nil)
    #expect(try to.take(from.text()).withoutAddress == [Self.scope("n")])
    #expect(try to.address(Self.scope("m")) == "https://api.example" && to.address(Self.scope("n")) == nil)
    #expect(try to.text() == from.text())
    #expect(try to.take(from.text()).counts == [.same: 10])
  }

  @Test func `IDs of another system are refused`() throws {
    let (from, to) = (try Side(), try Side())
    try from.merge(Self.records, Self.scope("m"))
    try from.loads(Self.scope("m"), to: "https://api.example")
    try to.merge([JournalRecord("k", Accepted(epoch: 1))], Self.scope("m"))
    try to.loads(Self.scope("m"), to: "https://staging.example")
    for isTrial in [true, false] {
      let failure = #expect(throws: OperationFailure.self) { try to.take(from.text(), isTrial: isTrial) }
      #expect(failure?.code == .configuration)
      #expect(
        failure?.description.hasPrefix(
          "j.ndjson: the journal of 'd m' in the pipeline 'p' is for https://api.example, but the one in this state is for https://staging.example; nothing was imported. "
        ) == true, "\(failure?.description ?? "")")
    }
    #expect(try to.records(Self.scope("m")).count == 1)
    #expect(try to.address(Self.scope("m")) == "https://staging.example")
  }

  @Test func `a file of version 1 has no base URLs, and says so`() throws {
    let side = try Side()
    let old = Self.header.replacing("2", with: "1")
    #expect(try side.take("\(old)\n\(Self.line)\n{\"records\":1}\n").withoutAddress == [Self.scope("m")])
    let line = Self.line.replacing(#""key":"k","present":true,"epoch":1"#, with: #""base_url":"u""#)
    let failure = #expect(throws: OperationFailure.self) { try side.take("\(old)\n\(line)\n{\"records\":0}\n") }
    #expect(failure?.description.contains("line 2: it has the unknown member 'base_url'") == true)
    let both = "\(Self.header)\n\(line)\n\(line.replacing(#""u""#, with: #""v""#))\n{\"records\":0}\n"
    let other = #expect(throws: OperationFailure.self) { try side.take(both) }
    #expect(other?.description.contains("line 3: it has a different base URL for 'd m' than an earlier line: u") == true)
  }

  @Test func `a line that is too long is refused without being read`() throws {
    let text = Self.header + "\n" + String(repeating: "x", count: 3 << 20)
    let failure = #expect(throws: OperationFailure.self) { try Side().take(text) }
    #expect(failure?.description == "j.ndjson: line 2 has more than 1048576 bytes")
  }
}
