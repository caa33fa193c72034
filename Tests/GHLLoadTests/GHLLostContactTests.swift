import Core
import GHL
import TestSupport
import Testing

@testable import Load

/// A contact that somebody has deleted, and that has not changed at the source: the refusal of a write for one of its children has the
/// next run look for the contact, and create it with all of its children.
@Suite struct GHLLostContactTests {
  enum Kind: String, CaseIterable, Sendable {
    case tasks, notes, tags, removals, links

    func record(_ key: String, of contact: String, _ text: String) -> String {
      switch self {
      case .tasks: return GHLBench.task(key, of: contact, title: text)
      case .notes: return GHLBench.note(key, of: contact, text)
      case .tags, .removals: return #"{"key":"\#(key)","contact":"\#(contact)","tags":["\#(text)"]}"#
      case .links: return #"{"key":"\#(key)","contact":"\#(contact)","business":"\#(text)"}"#
      }
    }

    var columns: [String] {
      switch self {
      case .tasks: ["contact", "title", "dueDate", "completed"]
      case .notes: ["contact", "body"]
      case .tags, .removals: ["contact", "tags"]
      case .links: ["contact", "business"]
      }
    }

    /// The values of two children.
    func texts(_ bench: GHLBench) throws -> [String] {
      guard self == .links else { return ["one", "two"] }
      let list = try bench.ask("GET", "/businesses/?locationId=\(bench.document.location)&limit=100&skip=0")["businesses"]
      return (list?.arrayValue ?? []).prefix(2).compactMap { $0["id"]?.stringValue }
    }

    var hasRecords: Bool { self == .tasks || self == .notes }
  }

  /// Two contacts; the first of them has a child.
  private static func bench(_ kind: Kind, faults: [String] = []) async throws -> (bench: GHLBench, texts: [String]) {
    var bench = try GHLBench(faults: faults)
    switch kind {
    case .tasks: bench.add(.tasks)
    case .notes: bench.add(.notes)
    case .tags: bench.add(.tags)
    case .removals: bench.add(.tags, as: "removals") { $0.action = .remove }
    case .links: bench.add(.business, as: "links")
    }
    try await bench.load(GHLBench.contacts(1...2))
    let texts = try kind.texts(bench)
    if kind == .removals {
      for key in ["c1", "c2"] { try bench.ask("POST", "/contacts/\(try bench.id(key))/tags", #"{"tags":["one","two"]}"#) }
    }
    let words = try await bench.load(staged(kind, [kind.record("k1", of: "c1", texts[0])])).words
    #expect(words == [kind.hasRecords ? "created" : "updated"])
    return (bench, texts)
  }

  private static func staged(_ kind: Kind, _ records: [String]) -> StagedRecords {
    GHLBench.whole(records, kind.rawValue, kind.columns)
  }

  /// What the two contacts have.
  private static func values(_ kind: Kind, _ bench: GHLBench) throws -> [[String]] {
    try ["c1", "c2"].map { key in
      switch kind {
      case .tasks: try bench.children("tasks", of: key).compactMap { $0["title"]?.stringValue }.sorted()
      case .notes: try bench.children("notes", of: key).compactMap { $0["body"]?.stringValue }.sorted()
      case .tags, .removals: [try bench.tags(of: key)]
      case .links: [try bench.contact(try bench.id(key))?["businessId"]?.stringValue ?? "-"]
      }
    }
  }

  private static func isKnown(_ bench: GHLBench, _ key: String = "c1") throws -> Bool {
    try bench.stores.journal.accepted(Name(key), in: bench.scope("contacts"))?.isPresent ?? false
  }

  @Test(arguments: Kind.allCases, [[], ["not-found-404"]])
  func `after a refusal, the next run creates the contact and its children`(_ kind: Kind, _ faults: [String]) async throws {
    let (bench, texts) = try await Self.bench(kind, faults: faults)
    try bench.ask("DELETE", "/contacts/\(try bench.id("c1"))")
    let contacts = try GHLBench.staged(GHLBench.contacts(1...2), "contacts", nil)
    // Of a link, the later one counts, so there is one record for each contact.
    let children =
      kind == .links
      ? [kind.record("k1", of: "c1", texts[1]), kind.record("k3", of: "c2", texts[0])]
      : [kind.record("k1", of: "c1", texts[0]), kind.record("k2", of: "c1", texts[1]), kind.record("k3", of: "c2", texts[0])]
    let staged = Self.staged(kind, children)
    // A dry run changes nothing in the journal.
    _ = try await staged.forecast(by: bench.destination())
    #expect(try await bench.load(contacts).words == ["unchanged", "unchanged"] && Self.isKnown(bench))

    let first = try await bench.load(staged)
    #expect(first.words.contains("failed") && first.codes.contains("gone"), "\(first.words) \(first.codes)")
    #expect(first.words.last == (kind.hasRecords ? "created" : "updated"))
    #expect(try !Self.isKnown(bench) && Self.isKnown(bench, "c2"))

    let destination = bench.destination()
    let predicted = try await [contacts.forecast(by: destination).sink.words, staged.forecast(by: destination).sink.words]
    let again = try await [bench.load(contacts), bench.load(staged)]
    #expect(again[0].words == ["created", "unchanged"])
    let word = kind.hasRecords ? "created" : "updated"
    // A new contact has no tags to be removed, but where tags were removed before, that is sent again.
    let second = kind == .removals ? "unchanged" : word
    #expect(again[1].words == (kind == .links ? [word] : [word, second]) + ["unchanged"] && again[1].codes == [])
    // A dry run cannot look at the tags of a contact that is not there yet.
    #expect(predicted[0] == again[0].words && (kind == .removals || predicted[1] == again[1].words))
    let values = try Self.values(kind, bench)
    switch kind {
    case .tasks, .notes: #expect(values == [["one", "two"], ["one"]])
    case .tags: #expect(values == [["one two"], ["one"]])
    case .removals: #expect(values == [[""], ["two"]])
    case .links: #expect(values == [[texts[1]], [texts[0]]])
    }
    #expect(try bench.contacts().count == 2)
    let writes = bench.writes.count
    #expect(try await bench.load(contacts).words == ["unchanged", "unchanged"])
    #expect(Set(try await bench.load(staged).words) == ["unchanged"] && bench.writes.count == writes)
  }

  @Test(arguments: [Kind.tasks, .notes], KillPoint.allCases)
  func `a process that dies in between does not hide the contact's absence`(_ kind: Kind, _ point: KillPoint) async throws {
    for number in 1...2 {
      let (bench, texts) = try await Self.bench(kind)
      try bench.ask("DELETE", "/contacts/\(try bench.id("c1"))")
      let contacts = try GHLBench.staged(GHLBench.contacts(1...2), "contacts", nil)
      let staged = Self.staged(kind, [kind.record("k1", of: "c1", texts[0]), kind.record("k2", of: "c1", texts[1])])
      _ = try? await bench.load(staged, by: DyingProcess(at: point, of: number))
      // The first of them finds out, unless the one that died has; the next one creates everything.
      for _ in 1...2 {
        try await bench.load(contacts)
        try await bench.load(staged)
      }
      #expect(try await bench.load(contacts).words == ["unchanged", "unchanged"])
      #expect(try await bench.load(staged).words == ["unchanged", "unchanged"], "\(point) \(number)")
      #expect(try Self.values(kind, bench)[0] == ["one", "two"], "\(point) \(number)")
    }
  }

  @Test(arguments: [Kind.tasks, .notes], [(400, "User u1 not found"), (404, "Contact not found"), (400, "Bad Request")])
  func `a refusal while the contact is there says nothing about the contact`(_ kind: Kind, _ refusal: (Int, String)) async throws
  {
    let (bench, texts) = try await Self.bench(kind)
    bench.api.once(.respond(refusal.0, #"{"statusCode":\#(refusal.0),"message":"\#(refusal.1)"}"#)) { $0.method == "POST" }
    let staged = Self.staged(kind, [kind.record("k2", of: "c1", texts[1])])
    let result = try await bench.load(staged)
    #expect(result.words == ["failed"] && result.codes == ["destination-refused"])
    #expect(try Self.isKnown(bench) && bench.children(kind.rawValue, of: "c1").count == 1)
  }

  @Test(arguments: [Kind.tasks, .notes]) func `a page of a proxy says nothing about the contact`(_ kind: Kind) async throws {
    let (bench, texts) = try await Self.bench(kind)
    let id = try bench.id("c1")
    // Neither as the response to the write, nor to the read of the contact.
    bench.api.setScript { sent in
      if sent.method == "POST" { return .respond(400, #"{"statusCode":400,"message":"Contact not found"}"#) }
      return sent.target == "/contacts/\(id)" ? .respond(404, "<html>not here</html>", type: "text/html") : nil
    }
    let staged = Self.staged(kind, [kind.record("k2", of: "c1", texts[1])])
    let result = try await bench.load(staged)
    #expect(result.words == ["failed"] && result.codes == ["destination-refused"])
    #expect(try Self.isKnown(bench))
    // It is not known whether the record is at fault, so it is sent again.
    bench.api.once(.respond(404, "<html>not here</html>", type: "text/html")) { $0.method == "POST" }
    #expect(try await bench.load(staged).words == ["created"])
  }

  @Test func `children of a contact that is known to be gone are not sent any more`() async throws {
    let (bench, _) = try await Self.bench(.notes)
    try bench.ask("DELETE", "/contacts/\(try bench.id("c1"))")
    let before = bench.writes.count
    let records = (2...5).map { GHLBench.note("k\($0)", of: "c1", "Note \($0)") }
    let result = try await bench.load(Self.staged(.notes, records))
    #expect(result.words == ["failed", "pending", "pending", "pending"] && bench.writes.count == before + 1)
    #expect(result.codes == ["gone", "parent-not-loaded", "parent-not-loaded", "parent-not-loaded"])
    // As long as the contact is not loaded, they wait.
    #expect(Set(try await bench.load(Self.staged(.notes, records)).words) == ["pending"] && bench.writes.count == before + 1)
  }

  @Test func `another mapping's contact with the same key stays as that mapping knows it`() async throws {
    var (bench, _) = try await Self.bench(.notes)
    bench.add(.contacts, as: "others")
    // It is equal, and still another one.
    #expect(try await bench.load(GHLBench.contacts(1...1), into: "others").words == ["created"])
    try bench.ask("DELETE", "/contacts/\(try bench.id("c1"))")
    #expect(try await bench.load([GHLBench.note("k2", of: "c1")], into: "notes").words == ["failed"])
    #expect(try !Self.isKnown(bench))
    #expect(try bench.stores.journal.accepted("c1", in: bench.scope("others"))?.isPresent == true)
  }
}
