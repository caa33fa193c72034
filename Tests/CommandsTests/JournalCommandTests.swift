import Core
import Files
import Foundation
import State
import TestSupport
import Testing

@testable import Commands

/// `waybill journal`.
@Suite struct JournalCommandTests {
  static func scope(_ mapping: String, to destination: String = "app") -> JournalScope {
    JournalScope(pipeline: "nightly", destination: destination, mapping: mapping, location: "Lq7c")
  }

  /// A journal: two contacts and one that is gone, a task with a call without a result, and an address.
  static func seed(_ folder: String) throws {
    let state = StateFolder(path: "\(folder)/.waybill")
    let (journal, leases) = (try state.openJournal(), try state.openStateStore())
    guard case .acquired(let lease) = try leases.acquire("l", owner: "test", for: .seconds(60)) else {
      throw OperationFailure(.stateHeld, "the lease is held")
    }
    func request(_ mapping: String, _ keys: [Name]) -> IntentRequest {
      IntentRequest(
        scope: scope(mapping), run: "r", target: "POST /\(mapping)", idempotencyKey: "i", body: [1],
        records: keys.enumerated().map { IntentRecord(ordinal: UInt64($0), key: $1, digest: [0xAB], fields: [1]) })
    }
    let ids = try journal.intend(
      [request("contacts", ["c1", "c2", "c3"]), request("tasks", ["t1", "t2"])], under: lease)
    try journal.resolve([
      IntentResults(
        ids[0],
        [
          IntentResult(0, .accepted(remoteID: "17", entityTag: "x")), IntentResult(1, .accepted(remoteID: "18")),
          IntentResult(2, .refused),
        ]), IntentResults(ids[1], [IntentResult(0, .accepted(remoteID: "1"))]),
    ])
    try journal.describe(scope("contacts"), address: "https://api.example/v1/contacts")
    try leases.save([Checkpoint(scope("contacts").baseURL, Array("https://api.example/v1".utf8))], under: lease)
    try leases.release(lease)
  }

  private static func journal(_ folder: String) throws -> any Journal {
    try StateFolder(path: "\(folder)/.waybill").openJournal()
  }

  private static func run(_ arguments: String..., in folder: String) async -> Ended {
    await waybill(["journal"] + arguments + ["--project", folder])
  }

  @Test func `list shows what was loaded to where`() async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      for arguments in [["journal"], ["journal", "list"]] {
        let ended = await waybill(arguments + ["--project", folder])
        #expect(ended.code == .done)
        #expect(ended.error.contains("1 call without a result") && ended.error.contains("`waybill journal resolve`"))
        #expect(
          ended.output == """
            PIPELINE  DESTINATION  MAPPING   LOCATION  RECORDS  OPEN  ADDRESS
            nightly   app          contacts  Lq7c            2     0  https://api.example/v1/contacts
            nightly   app          tasks     Lq7c            1     1

            """, "\(ended.output)")
      }
      let json = try JSONReader.read(await Self.run("list", "--json", in: folder).output)
      #expect(json.arrayValue?.map { $0["records"] } == [.number(2), .number(1)])
      #expect(json.arrayValue?.map { $0["open_calls"] } == [.number(0), .number(1)])
      #expect(json.arrayValue?.map { $0["address"] } == [.string("https://api.example/v1/contacts"), .null])
      #expect(json.arrayValue?.first?["mapping"] == .string("contacts"))
    }
  }

  @Test func `list of a project without runs is empty, and creates nothing`() async throws {
    try await withFolder { folder in
      let ended = await Self.run("list", in: folder)
      #expect(ended.code == .done && ended.output == "" && ended.error.contains("Nothing has been loaded"))
      #expect(await Self.run("list", "--json", in: folder).output == "[]\n")
      let export = await Self.run("export", in: folder)
      #expect(export.code == .inputMissing && export.output == "" && export.error.contains("there is no journal in"))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names == [])
    }
  }

  @Test func `an export is a private file, and calls without a result are counted and left out`() async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      let path = "\(folder)/out/journal.ndjson"
      let ended = await Self.run("export", "--output", path, in: folder)
      #expect(ended.code == .done && ended.output == "")
      #expect(ended.error.contains("4 records of 2 mappings exported to \(path)"), "\(ended.error)")
      #expect(
        ended.error.contains(
          "waybill: warning: 1 call without a result is not exported (tasks to app: 1): load once more to resolve them, then export again"
        ), "\(ended.error)")
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(
        text.hasPrefix(
          """
          {"format":"waybill-journal","version":2}
          {"pipeline":"nightly","destination":"app","mapping":"contacts","location":"Lq7c","base_url":"https://api.example/v1"}

          """)
          && text.hasSuffix("\n{\"records\":4,\"open_calls\":1}\n"))
      #expect(!text.contains("t2"))
      // The same on standard output.
      #expect(await Self.run("export", in: folder).output == text)
      #expect(await Self.run("export", "--output", "-", in: folder).output == text)
      #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out") == ["journal.ndjson"])
    }
  }

  @Test func `an export that cannot be written leaves the old file`() async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      let ended = await Self.run("export", "--output", folder, in: folder)
      #expect(ended.code == .cannotWrite, "\(ended.error)")
    }
  }

  @Test func `an export may be of one destination or mapping`() async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      let ended = await Self.run("export", "--destination", "app", "--mapping", "contacts", in: folder)
      #expect(ended.code == .done && ended.output.contains("{\"records\":3}") && !ended.output.contains("tasks"))
      #expect(!ended.error.contains("warning"), "\(ended.error)")
      for (option, name, hint) in [
        ("--destination", "ap", "did you mean 'app'?"), ("--mapping", "contact", "did you mean 'contacts'?"),
        ("--mapping", "zzz", "`waybill journal list` shows what there is"),
        ("--pipeline", "nightli", "did you mean 'nightly'?"), ("--location", "lq7c", "did you mean 'Lq7c'?"),
      ] {
        let refused = await Self.run("export", option, name, in: folder)
        #expect(refused.code == .usage && refused.output == "", "\(refused.error)")
        #expect(refused.error.contains("\(option) \(name): the journal has no such"), "\(refused.error)")
        #expect(refused.error.contains(hint), "\(refused.error)")
      }
    }
  }

  @Test func `a journal moves to another machine, and a dry run creates nothing there`() async throws {
    try await withFolder { folder in
      let (here, there) = ("\(folder)/here", "\(folder)/there")
      for name in [here, there] { try FileManager.default.createDirectory(atPath: name, withIntermediateDirectories: false) }
      try Self.seed(here)
      let path = "\(folder)/j.ndjson"
      #expect(await Self.run("export", "--output", path, in: here).code == .done)
      let dry = await Self.run("import", "--input", path, "--dry-run", in: there)
      #expect(dry.code == .done && dry.error.contains("warning: the exported journal had 1 call without a result"))
      #expect(
        dry.output
          == "\(path): 4 records; 4 would be added, 0 would be replaced, 0 the same, 0 older than the local copy\n",
        "\(dry.output)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: there) == [])
      #expect(
        dry.error.contains("the file does not give the base URL of its records (tasks to app)"), "\(dry.error)")
      let ended = await Self.run("import", "--input", path, in: there)
      #expect(ended.code == .done && ended.error == dry.error)
      let address = try StateFolder(path: "\(there)/.waybill").openStateStore().checkpoint(Self.scope("contacts").baseURL)
      #expect(address == Array("https://api.example/v1".utf8))
      #expect(
        ended.output == "\(path): 4 records; 4 added, 0 replaced, 0 the same, 0 older than the local copy\n", "\(ended.output)")
      for mapping in ["contacts", "tasks"] {
        let (left, right) = (Shared([JournalRecord]()), Shared([JournalRecord]()))
        try Self.journal(here).forEachRecord(in: Self.scope(mapping)) { records in left.change { $0 += records } }
        try Self.journal(there).forEachRecord(in: Self.scope(mapping)) { records in right.change { $0 += records } }
        #expect(left.value == right.value && !left.value.isEmpty)
      }
      let again = await Self.run("import", "--input", path, "--json", in: there)
      #expect(
        try JSONReader.read(again.output)
          == JSONReader.read(
            #"{"input":"\#(path)","dry_run":false,"records":4,"added":0,"replaced":0,"same":4,"older":0,"conflicting":0,"open_calls_there":1,"open_calls_here":0,"without_base_url":1}"#
          ))
    }
  }

  @Test func `an import says what it leaves, and which records conflict`() async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      let line = #"{"pipeline":"nightly","destination":"app","mapping":"contacts","location":"Lq7c","key":"#
      let text = """
        {"format":"waybill-journal","version":1}
        \(line)"c1","present":true,"remote_id":"99","epoch":1}
        \(line)"c2","present":true,"remote_id":"98","epoch":7}
        \(line)"c3","present":true,"epoch":0}
        {"records":3}

        """
      let path = "\(folder)/j.ndjson"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let before = try Self.journal(folder).accepted(["c1", "c2", "c3"], in: Self.scope("contacts"))
      let dry = await Self.run("import", "--input", path, "--dry-run", in: folder)
      #expect(
        dry.output
          == "\(path): 3 records; 0 would be added, 1 would be replaced, 0 the same, 1 older than the local copy, 1 in conflict\n",
        "\(dry.output)")
      #expect(try Self.journal(folder).accepted(["c1", "c2", "c3"], in: Self.scope("contacts")) == before)
      let ended = await Self.run("import", "--input", path, in: folder)
      #expect(ended.code == .done)
      #expect(ended.output == "\(path): 3 records; 0 added, 1 replaced, 0 the same, 1 older than the local copy, 1 in conflict\n")
      #expect(ended.error.contains("this journal stays as it is: 'c1' of contacts at app"), "\(ended.error)")
      let after = try Self.journal(folder).accepted(["c1", "c2", "c3"], in: Self.scope("contacts"))
      #expect(after["c1"]?.remoteID == "17" && after["c2"]?.remoteID == "98" && after["c3"] == .absent(epoch: 1))
    }
  }

  @Test func `a journal of another system is not imported`() async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      let path = "\(folder)/j.ndjson"
      let scope = #"{"pipeline":"nightly","destination":"app","mapping":"contacts","location":"Lq7c""#
      try """
      {"format":"waybill-journal","version":2}
      \(scope),"base_url":"https://staging.example/v1"}
      \(scope),"key":"c1","present":true,"remote_id":"99","epoch":9}
      {"records":1}

      """.write(toFile: path, atomically: true, encoding: .utf8)
      for arguments in [["--dry-run"], []] {
        let ended = await waybill(["journal", "import", "--input", path] + arguments + ["--project", folder])
        #expect(ended.code == .configuration && ended.output == "", "\(ended.error)")
        #expect(
          ended.error.contains(
            "is for https://staging.example/v1, but the one in this state is for https://api.example/v1; nothing was imported"),
          "\(ended.error)")
      }
      #expect(try Self.journal(folder).accepted("c1", in: Self.scope("contacts"))?.remoteID == "17")
    }
  }

  @Test func `an import reports calls without a result`() async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      let path = "\(folder)/j.ndjson"
      let line = #"{"pipeline":"nightly","destination":"app","mapping":"tasks","location":"Lq7c","key":"#
      for (key, footer, isHere, isThere) in [
        ("t2", #""open_calls":3"#, true, true), ("t1", #""open_calls":0"#, false, false), ("t2", "", true, false),
      ] {
        let end = footer.isEmpty ? "" : ",\(footer)"
        try
          "{\"format\":\"waybill-journal\",\"version\":1}\n\(line)\"\(key)\",\"present\":true,\"epoch\":9}\n{\"records\":1\(end)}\n"
          .write(
            toFile: path, atomically: true, encoding: .utf8)
        let ended = await Self.run("import", "--input", path, "--dry-run", in: folder)
        #expect(ended.code == .done)
        let here = "warning: this journal has 1 call without a result for imported records (tasks to app: 1)"
        #expect(ended.error.contains(here) == isHere, "\(ended.error)")
        #expect(ended.error.contains("warning: the exported journal had 3 calls without a result") == isThere, "\(ended.error)")
      }
    }
  }

  @Test func `an import that cannot be read, or while a run is under way, changes nothing`() async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      #expect(await Self.run("import", "--input", "\(folder)/none.ndjson", in: folder).code == .inputMissing)
      let path = "\(folder)/j.ndjson"
      for (text, code) in [
        ("{\"id\":1}\n", Core.ExitCode.wrongFile), ("{\"format\":\"waybill-journal\",\"version\":1}\n", .inputMissing),
        ("{\"format\":\"waybill-journal\",\"version\":9}\n", .configuration),
      ] {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        let ended = await Self.run("import", "--input", path, in: folder)
        #expect(ended.code == code && ended.output == "", "\(ended.error)")
        #expect(ended.error.contains("j.ndjson"), "\(ended.error)")
      }
      try "{\"format\":\"waybill-journal\",\"version\":1}\n{\"records\":0}\n".write(
        toFile: path, atomically: true, encoding: .utf8)
      let lock = try StateLock(folder: "\(folder)/.waybill")
      for arguments in [["--input", path], ["--input", path, "--dry-run"]] {
        let ended = await waybill(["journal", "import"] + arguments + ["--project", folder])
        #expect(ended.code == .tryLater && ended.error.contains("is using this state"), "\(ended.error)")
      }
      withExtendedLifetime(lock) {}
    }
  }

  // MARK: Calls without a result

  @Test(arguments: ["stored", "absent"], [["--key", "t2"], ["--all"], ["--key", "t2", "--mapping", "tasks"]])
  func `a call gets the result that a person reports`(_ answer: String, _ selection: [String]) async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      let before = try Self.journal(folder).openIntents(Self.scope("tasks"))
      for isDry in [true, false] {
        let ended = await waybill(
          ["journal", "resolve", "--as", answer, "--project", folder] + selection + (isDry ? ["--dry-run"] : []))
        #expect(ended.code == .done, "\(ended.error)")
        let line = try #require(ended.output.split(separator: "\n").last).split(separator: " ", omittingEmptySubsequences: true)
        #expect(line.prefix(5) == ["app", "tasks", "t2", "POST", "/tasks"] && line.last?.hasSuffix("Z") == true)
        let next = answer == "stored" ? "sends it if it has changed since" : "sends it again"
        #expect(
          ended.error.contains("1 record \(isDry ? "would be " : "")recorded as \(answer); the next run \(next)"),
          "\(ended.error)")
        #expect(ended.error.contains("the destination's ID is not known for 1 record") == (answer == "stored"))
        #expect(try Self.journal(folder).openIntents(Self.scope("tasks")) == (isDry ? before : []))
      }
      let known = try Self.journal(folder).accepted("t2", in: Self.scope("tasks"))
      #expect(known == (answer == "stored" ? Accepted(digest: [0xAB], fields: [1], epoch: 1) : .absent(epoch: 1)))
      let again = await Self.run("resolve", "--all", "--as", answer, in: folder)
      #expect(again.code == .done && again.output == "" && again.error.contains("There are no calls without a result."))
    }
  }

  @Test(arguments: ["stored", "absent"])
  func `after a call that removes a record, absent means that it is gone`(_ answer: String) async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      let state = StateFolder(path: "\(folder)/.waybill")
      guard case .acquired(let lease) = try state.openStateStore().acquire("u", owner: "test", for: .seconds(60)) else {
        throw OperationFailure(.stateHeld, "the lease is held")
      }
      // As `waybill undo` leaves it when it is killed.
      let context = """
        {"method":"DELETE","target":"/contacts/17","headers":[],"under":[],"isBatch":false,\
        "undo":{"isDelete":true,"values":[],"managed":[]},"traits":{"isCreate":false,"hasIdempotencyKeys":false,"canFind":false,\
        "isRepeatable":false,"records":1,"isAtomic":true,"longestCall":[0,0],"longestJob":[0,0],"keyLifetime":[0,0]}}
        """
      _ = try Self.journal(folder).intend(
        [
          IntentRequest(
            scope: Self.scope("contacts"), run: "r", target: "DELETE /contacts/17", idempotencyKey: "",
            context: Array(context.utf8),
            body: [], records: [IntentRecord(ordinal: 0, key: "c1", digest: [], fields: [])])
        ], under: lease)
      #expect(await Self.run("resolve", "--key", "c1", "--as", answer, in: folder).code == .done)
      let known = try #require(try Self.journal(folder).accepted("c1", in: Self.scope("contacts")))
      #expect(known.isPresent == (answer == "stored") && (known.digest == [0xAB]) == (answer == "stored"), "\(known)")
    }
  }

  @Test func `a record that is stored may get its ID`() async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      let ended = await Self.run("resolve", "--key", "t2", "--as", "stored", "--remote-id", "77", "--json", in: folder)
      #expect(ended.code == .done && ended.error == "", "\(ended.error)")
      let json = try #require(try JSONReader.read(ended.output).arrayValue?.first)
      #expect(json["key"] == .string("t2") && json["as"] == .string("stored") && json["remote_id"] == .string("77"))
      #expect(json["call"] == .string("POST /tasks") && json["dry_run"] == .bool(false))
      #expect(try Self.journal(folder).accepted("t2", in: Self.scope("tasks"))?.remoteID == "77")
    }
  }

  @Test(arguments: [
    (["--as", "stored"], "select records with --key, or all of them with --all"),
    (["--as", "stored", "--all", "--key", "t2"], "--key and --all cannot be used together"),
    (["--key", "t2"], "missing expected argument '--as <answer>'"), (["--key", "t2", "--as", "lost"], "lost"),
    (["--key", "t2", "--as", "absent", "--remote-id", "1"], "--remote-id requires --as stored"),
    (["--key", "t2", "--key", "t1", "--as", "stored", "--remote-id", "1"], "--remote-id requires exactly one --key"),
    (["--all", "--as", "stored", "--remote-id", "1"], "--remote-id requires exactly one --key"),
    (["--key", "t2", "--as", "stored", "--remote-id", ""], "--remote-id is empty"),
    (["--key", "t22", "--as", "absent"], "--key t22: there is no call without a result for this record; did you mean 't2'?"),
    (["--key", "t1", "--as", "absent", "--key", "t2"], "--key t1: there is no call without a result for this record; did you"),
    (["--key", "k", "--key", "c1", "--as", "absent"], "--key k: as with 1 other key, there is no call without a result"),
    (["--key", "t2", "--as", "absent", "--mapping", "contacts"], "there is no call without a result for this record; --all"),
    (["--key", "t2", "--as", "absent", "--mapping", "task"], "the journal has no such mapping; did you mean 'tasks'?"),
    (["--key", "t2", "--as", "absent", "--pipeline", "x"], "--pipeline x: the journal has no such pipeline"),
  ])
  func `an answer for the wrong records is refused`(_ arguments: [String], _ message: String) async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      let ended = await waybill(["journal", "resolve", "--project", folder] + arguments)
      #expect(ended.code == .usage && ended.output == "", "\(ended.error)")
      #expect(ended.error.contains(message), "\(ended.error)")
      #expect(try Self.journal(folder).openIntents(Self.scope("tasks")).count == 1)
    }
  }

  @Test func `calls for one key in two places are distinguished, and lookups are not calls`() async throws {
    try await withFolder { folder in
      try Self.seed(folder)
      let state = StateFolder(path: "\(folder)/.waybill")
      let leases = try state.openStateStore()
      guard case .acquired(let lease) = try leases.acquire("l", owner: "test", for: .seconds(60)) else { return }
      func intend(_ mapping: String, _ key: Name, _ target: String) throws {
        _ = try state.openJournal().intend(
          IntentRequest(
            scope: Self.scope(mapping), run: "r", target: target, idempotencyKey: "", body: [],
            records: [IntentRecord(ordinal: 0, key: key, digest: [1])]), under: lease)
      }
      try intend("contacts", "t2", "PUT /contacts/17")
      try intend("contacts", "looked-up", IntentRequest.lookupTarget)
      try leases.release(lease)
      let both = await Self.run("resolve", "--key", "t2", "--as", "absent", in: folder)
      #expect(both.code == .usage)
      #expect(both.error.contains("contacts to app, pipeline nightly, location Lq7c; tasks to app"), "\(both.error)")
      #expect(await Self.run("resolve", "--key", "looked-up", "--as", "stored", in: folder).code == .usage)
      let one = await Self.run("resolve", "--key", "t2", "--as", "absent", "--mapping", "contacts", in: folder)
      #expect(one.code == .done && one.output.contains("PUT /contacts/17") && !one.output.contains("POST"), "\(one.error)")
      #expect(try Self.journal(folder).openIntents(Self.scope("tasks")).count == 1)
    }
  }

  @Test func `calls are not resolved without a journal, or while a run is under way`() async throws {
    try await withFolder { folder in
      let none = await Self.run("resolve", "--all", "--as", "absent", in: folder)
      #expect(none.code == .inputMissing && none.error.contains("there is no journal in"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
      try Self.seed(folder)
      let lock = try StateLock(folder: "\(folder)/.waybill")
      let held = await Self.run("resolve", "--all", "--as", "absent", in: folder)
      #expect(held.code == .tryLater && held.error.contains("is using this state"), "\(held.error)")
      withExtendedLifetime(lock) {}
      #expect(try Self.journal(folder).openIntents(Self.scope("tasks")).count == 1)
    }
  }

  @Test func `a journal of an older version is not read before it is upgraded`() async throws {
    try await withFolder { folder in
      try FileManager.default.createDirectory(
        atPath: "\(folder)/.waybill", withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
      try FileManager.default.copyItem(
        atPath: "\(checkout)/fixtures/state/v3/state.sqlite", toPath: "\(folder)/.waybill/state.sqlite")
      for command in ["list", "export"] {
        let ended = await Self.run(command, in: folder)
        #expect(ended.code == .configuration && ended.output == "")
        #expect(
          ended.error.contains("an older version of Waybill wrote it; the next `waybill run` upgrades it"), "\(ended.error)")
      }
    }
  }
}
