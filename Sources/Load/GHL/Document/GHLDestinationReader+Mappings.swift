import Core
import Mapping
import Settings

/// `mappings`: what each mapping writes.
extension GHLDestinationReader {
  mutating func readParts(_ node: YAMLNode, allowsDelete: Bool) -> [GHLPartDocument] {
    let what = "\(what).mappings"
    guard let entries = node.entries(what, &diagnostics) else { return [] }
    if entries.isEmpty { reportEmpty(node, what, hint: "name a mapping and what it writes: contacts: {to: contacts}") }
    return entries.compactMap { readPart($0, "\(what).\(VisibleText.escaped($0.key))", allowsDelete) }
  }

  /// Nil if a reported error makes it impossible to say which requests it has.
  private mutating func readPart(_ entry: YAMLEntry, _ what: String, _ allowsDelete: Bool) -> GHLPartDocument? {
    let node = entry.value
    guard node.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(node, what, GHLKeywords.part, at: entry.keyPlace)
    let target = words(node, "to", what).flatMap(GHLPartDocument.Target.init)
    var part = GHLPartDocument(
      mapping: entry.key, target: target ?? .contacts, place: entry.keyPlace, targetPlace: node.entry("to")?.keyPlace)
    part.write = words(node, "write", what).flatMap(GHLPartDocument.Write.init) ?? part.write
    part.match = node["match"].flatMap { readMatch($0, "\(what).match") } ?? part.match
    part.existing = words(node, "existing", what).flatMap(ConflictDocument.Then.init)
    part.replacesTags = words(node, "tags", what) != nil
    part.action = words(node, "do", what).flatMap(GHLPartDocument.TagAction.init) ?? part.action
    part.contact = node["contact"].flatMap { readContact($0, "\(what).contact") }
    part.deletion = readDeletion(node, what, allowsDelete)
    if let readBack = node.entry("read_back") { part.readBack = readShare(readBack.value, "\(what).read_back", .resend) }
    part.verify = node["verify"].flatMap { readShare($0, "\(what).verify", .report) }
    part.before = node.entry("before").flatMap { readBefore($0, "\(what).before", allowsDelete) }
    part.normalizes = node["normalizes"].map { readNormalizes($0, "\(what).normalizes") } ?? []
    guard let target else { return nil }
    checkEffect(of: node, target, isDeletion: node["delete"] != nil, what)
    checkEffect(in: part, node, what)
    return hasContact(part, entry, what) ? part : nil
  }

  /// The word of a key; nil if it is not there, or wrong.
  private mutating func words(_ node: YAMLNode, _ name: String, _ what: String) -> String? {
    node[name].flatMap { word($0, "\(what).\(name)", oneOf: GHLKeywords.part.words(of: name)) }
  }

  /// Nil if an element is wrong: without it, the list would mean something else.
  private mutating func readMatch(_ node: YAMLNode, _ what: String) -> [GHLPartDocument.Identifier]? {
    guard let elements = node.elements(what, &diagnostics) else { return nil }
    let names = GHLPartDocument.Identifier.allCases.map(\.rawValue)
    let found = elements.compactMap { word($0, "an element of \(what)", oneOf: names) }
    guard found.count == elements.count else { return nil }
    return GHLPartDocument.Identifier.allCases.filter { found.contains(exactly: $0.rawValue) }
  }

  // MARK: Contacts

  private mutating func readContact(_ node: YAMLNode, _ what: String) -> GHLPartDocument.Contact? {
    guard node.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(node, what, GHLKeywords.contact)
    let mapping = node["mapping"].flatMap { text($0, "\(what).mapping") }
    let field = node["field"].flatMap { text($0, "\(what).field") }
    guard let mapping, let field, let mappingPlace = node["mapping"]?.place, let fieldPlace = node["field"]?.place else {
      return nil
    }
    return .init(mapping: Name(mapping), field: Name(field), mappingPlace: mappingPlace, fieldPlace: fieldPlace)
  }

  /// Reports a missing `contact` where the routes need one.
  private mutating func hasContact(_ part: GHLPartDocument, _ entry: YAMLEntry, _ what: String) -> Bool {
    guard part.target.needsContact, part.contact == nil else { return true }
    let isMisspelt = entry.value.misspells("contact", among: GHLKeywords.part.names)
    if entry.value["contact"] == nil, !isMisspelt {
      report(
        .requiredNotMapped, at: entry.keyPlace, "\(what) requires 'contact': nothing says which contact a record belongs to",
        hint: "add contact: {mapping: contacts, field: contactId}")
    }
    return false
  }

  // MARK: Deletion

  private mutating func readDeletion(_ node: YAMLNode, _ what: String, _ allowsDelete: Bool) -> GHLPartDocument.Deletion? {
    let percent = node["max_percent"].flatMap { readPercent($0, "\(what).max_percent") }
    guard let entry = node.entry("delete") else { return nil }
    let mapping = text(entry.value, "\(what).delete")
    if !allowsDelete {
      report(
        .badArgument, at: entry.keyPlace, "\(what).delete deletes records, which \(self.what) does not allow",
        hint: "add allow: [delete] to \(self.what)")
    }
    return mapping.map { .init(mapping: Name($0), maxPercent: percent ?? 1, place: entry.value.place) }
  }

  /// The limit is counted in hundredths of a percent. Rounding it up would allow more deletions than the pipeline does.
  private mutating func readPercent(_ node: YAMLNode, _ what: String) -> Double? {
    guard let percent = number(node, what, in: GHLKeywords.maxPercent) else { return nil }
    guard (percent * 100).rounded() / 100 == percent else {
      report(
        .badArgument, at: node.place, "\(what) has more than two decimal places", hint: "round it down, for example to 0.25")
      return nil
    }
    return percent
  }

  // MARK: Reading again

  /// `5%`, or `{share: 5%, then: resend}`.
  private mutating func readShare(_ node: YAMLNode, _ what: String, _ standard: VerifyDocument.Then) -> VerifyDocument? {
    guard node.isMapping else { return readShare(node, what).map { VerifyDocument(share: $0, then: standard) } }
    checkKeys(node, what, HTTPKeywords.verify)
    let share = node["share"].flatMap { readShare($0, "\(what).share") }
    let words = HTTPKeywords.verify.words(of: "then")
    let then = node["then"].flatMap { word($0, "\(what).then", oneOf: words) }.flatMap(VerifyDocument.Then.init)
    return share.map { VerifyDocument(share: $0, then: then ?? standard) }
  }

  private mutating func readBefore(_ entry: YAMLEntry, _ what: String, _ allowsDelete: Bool) -> BeforeDocument? {
    guard let before = readBefore(entry.value, what) else { return nil }
    if !allowsDelete {
      diagnostics.add(
        .init(
          .warning, .badArgument, at: entry.keyPlace,
          "\(what): without allow: [delete], `waybill undo` cannot remove the records that a run has created",
          hint: "add allow: [delete] to \(self.what), if undo may delete them"))
    }
    return before
  }

  // MARK: Keys without effect

  /// Reports keys of contacts that have no effect together with others.
  private mutating func checkEffect(in part: GHLPartDocument, _ node: YAMLNode, _ what: String) {
    func warn(_ entry: YAMLEntry, _ why: String, _ hint: String) {
      diagnostics.add(
        .init(
          .warning, .badArgument, at: entry.keyPlace, "\(what).\(entry.key) has no effect: \(why)", hint: "remove it, or \(hint)")
      )
    }
    if part.match.isEmpty, let existing = node.entry("existing") {
      warn(existing, "with match: [], existing contacts are never taken over", "list email or phone under `match`")
    }
    guard part.write == .upsert, part.target == .contacts, node["delete"] == nil, let write = node.entry("write") else { return }
    if !part.match.contains(.phone) {
      warn(write, "contacts are upserted only if `match` names phone", "list phone under `match`")
    } else if let existing = part.existing, existing != .update {
      warn(write, "an upsert would change contacts that `existing` leaves as they are", "write existing: update")
    }
  }

  /// Reports each key that does not apply to what the mapping writes.
  private mutating func checkEffect(of node: YAMLNode, _ target: GHLPartDocument.Target, isDeletion: Bool, _ what: String) {
    for entry in node.entries ?? [] {
      let hasEffect =
        switch entry.key {
        case "write", "match", "existing", "tags": target == .contacts && !isDeletion
        case "do": target == .tags
        case "contact": target.needsContact
        case "delete": target.hasRecords
        case "max_percent": isDeletion
        case "read_back", "verify", "before", "normalizes": !isDeletion
        default: true
        }
      guard !hasEffect else { continue }
      let reason =
        if entry.key == "max_percent" {
          "the mapping has no 'delete'"
        } else if isDeletion, target.hasRecords {
          "the mapping only deletes records"
        } else {
          "the mapping writes \(target.rawValue)"
        }
      report(.badArgument, at: entry.keyPlace, "\(what).\(entry.key) has no effect: \(reason)", hint: "remove it")
    }
  }
}
