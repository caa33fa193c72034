package import Core
import GHL
import HTTP
package import Transform

/// Checks that need a `ghl` destination together with the mappings that go there.
extension GHLDestinationDocument {
  /// The location that a pipeline reads.
  package struct Source: Sendable {
    package var location: String
    /// As the pipeline writes it; nil: GHL's own.
    package var address: String?
    /// Nil if they are not known.
    package var customFields: [CustomFieldDefinition]?

    package init(location: String, address: String?, customFields: [CustomFieldDefinition]?) {
      (self.location, self.address, self.customFields) = (location, address, customFields)
    }
  }

  /// - Parameters:
  ///   - models: of all mappings of the pipeline that could be compiled.
  ///   - isWhole: all of them could be, so that a name that is not among them does not exist.
  ///   - source: nil: the pipeline does not read GHL.
  package func check(_ models: [MappingModel], isWhole: Bool, source: Source?, _ diagnostics: inout Diagnostics) {
    let own = source.flatMap { isSame($0) ? $0 : nil }
    for part in parts {
      checkParent(of: part, models, isWhole, &diagnostics)
      checkDeletion(of: part, &diagnostics)
      guard let model = models.first(where: { $0.name.isExactly(part.mapping) }) else { continue }
      let fields = TargetFields(model)
      checkKey(of: part, fields, &diagnostics)
      checkContactField(of: part, fields, &diagnostics)
      guard part.deletion == nil else { continue }
      checkRequired(by: part, fields, &diagnostics)
      checkIgnored(of: part, fields, &diagnostics)
      checkTags(of: part, fields, &diagnostics)
      checkCompared(by: part, fields, &diagnostics)
      if let known = own?.customFields { checkCustomFields(of: part, fields, known, &diagnostics) }
      if own != nil { checkLoop(of: part, model, &diagnostics) }
    }
  }

  private func isSame(_ source: Source) -> Bool {
    source.location.isExactly(location)
      && (try? ServerAddress(source.address ?? GHLConfiguration.defaultBaseURL).text).map(address.text.isExactly) ?? false
  }

  // MARK: Other mappings

  private func checkParent(
    of part: GHLPartDocument, _ models: [MappingModel], _ isWhole: Bool, _ diagnostics: inout Diagnostics
  ) {
    guard let contact = part.contact else { return }
    func add(_ code: DiagnosticCode, _ message: String, _ hint: String) {
      diagnostics.add(.init(.error, code, at: contact.mappingPlace, message, hint: hint))
    }
    let names = parts.filter { $0.target == .contacts && $0.deletion == nil }.map(\.mapping)
    if let model = models.first(where: { $0.name.isExactly(contact.mapping.text) }), model.targetKey.count > 1 {
      add(
        .badArgument,
        "'\(contact.mapping)' has a key of several fields, \(TargetFields(model).keyText), which one field cannot match",
        "use a mapping whose key is one field")
    }
    if names.contains(exactly: contact.mapping.text) { return }
    let hint =
      NearestName.hint(contact.mapping.text, in: names)
      ?? (names.isEmpty ? "add a mapping `to: contacts`" : "the mappings of contacts are: \(names.joined(separator: ", "))")
    if self.part(of: contact.mapping.text) != nil {
      add(.unknownWord, "the mapping '\(contact.mapping)' does not write contacts to this destination", hint)
    } else if models.contains(where: { $0.name.isExactly(contact.mapping.text) }) {
      add(
        .unknownWord, "the mapping '\(contact.mapping)' does not go to this destination, so its contacts have no ID here",
        "add it to `mappings` of this destination")
    } else if isWhole || NearestName.find(contact.mapping.text, in: names) != nil {
      add(.unknownWord, "there is no mapping '\(contact.mapping)'", hint)
    }
  }

  private func checkDeletion(of part: GHLPartDocument, _ diagnostics: inout Diagnostics) {
    guard let deletion = part.deletion else { return }
    let others = parts.filter { $0.deletion?.mapping == deletion.mapping }
    if let first = others.first, !first.mapping.isExactly(part.mapping) {
      diagnostics.add(
        .init(
          .error, .badArgument, at: deletion.place,
          "'\(part.mapping)' and '\(first.mapping)' both delete records of '\(deletion.mapping)', each with a `max_percent` of its own",
          hint: "use one mapping for all records to delete"))
    }
    let loaded = parts.filter { $0.deletion == nil && $0.target == part.target }.map(\.mapping)
    if loaded.contains(exactly: deletion.mapping.text) { return checkContacts(of: part, deletion, &diagnostics) }
    let hint =
      NearestName.hint(deletion.mapping.text, in: loaded)
      ?? (loaded.isEmpty ? "add a mapping `to: \(part.target.rawValue)`" : "choose one of: \(loaded.joined(separator: ", "))")
    diagnostics.add(
      .init(
        .error, .badArgument, at: deletion.place,
        "'\(part.mapping)' deletes \(part.target.rawValue) of '\(deletion.mapping)', which this destination does not load as \(part.target.rawValue)",
        hint: hint))
  }

  /// The keys of other contacts lead to other contacts.
  private func checkContacts(
    of part: GHLPartDocument, _ deletion: GHLPartDocument.Deletion, _ diagnostics: inout Diagnostics
  ) {
    guard let own = part.contact, let loaded = self.part(of: deletion.mapping.text)?.contact, own.mapping != loaded.mapping,
      // Others have been reported.
      [own, loaded].allSatisfy({ contact in
        self.part(of: contact.mapping.text).map { $0.target == .contacts && $0.deletion == nil } ?? false
      })
    else { return }
    diagnostics.add(
      .init(
        .error, .badArgument, at: own.mappingPlace,
        "'\(part.mapping)' deletes \(part.target.rawValue) of '\(deletion.mapping)', which belong to contacts of '\(loaded.mapping)', not of '\(own.mapping)'",
        hint: "name the mapping '\(loaded.mapping)' here as well"))
  }

  /// A mapping that reads the records that it writes.
  private func checkLoop(of part: GHLPartDocument, _ model: MappingModel, _ diagnostics: inout Diagnostics) {
    let entities: [GHLPartDocument.Target: String] = [.contacts: "contact", .tasks: "task", .notes: "note"]
    guard entities[part.target].isExactly(model.entity) else { return }
    // The next run would read the copies as well: their number doubles with each run.
    let copies = part.target == .contacts && part.match.isEmpty
    let effect = copies ? "each run would copy the copies of earlier runs as well" : "it would overwrite what it reads"
    diagnostics.add(
      .init(
        .error, .badArgument, at: part.targetPlace,
        "'\(part.mapping)' reads from the location that it writes to: \(effect)", hint: "write to another location"))
  }

  // MARK: Fields

  private func checkKey(of part: GHLPartDocument, _ fields: TargetFields, _ diagnostics: inout Diagnostics) {
    func add(_ code: DiagnosticCode, _ message: String, _ hint: String) {
      let name = fields.key.first?.split(exactly: ".").first ?? ""
      let field = fields.model.fields.first { $0.target.first.isExactly(name) }
      diagnostics.add(.init(.error, code, at: field?.place ?? part.place, message, hint: hint))
    }
    if fields.key.count > 1 {
      add(
        .wrongKind,
        "the key of '\(part.mapping)' has several fields, \(fields.keyText), but a `ghl` destination needs a single one",
        "use one field as target.key")
    } else if let key = fields.key.first?.split(exactly: ".").first, GHLFields.names(of: part.target).contains(exactly: key) {
      add(
        .badArgument,
        "the key of '\(part.mapping)' is '\(key)', which can change in GHL: with another value, it would be a different record",
        "map the key to a field of its own, such as 'key': it is never sent")
    }
  }

  private func checkContactField(of part: GHLPartDocument, _ fields: TargetFields, _ diagnostics: inout Diagnostics) {
    guard let contact = part.contact, !fields.names.contains(exactly: contact.field.text) else { return }
    let message =
      "the mapping '\(part.mapping)' does not write '\(contact.field)', the field that `contact` names for the contact's key"
    let hint = NearestName.hint(contact.field.text, in: fields.names) ?? "map it: \(contact.field): …"
    diagnostics.add(.init(.error, .unknownTargetField, at: contact.fieldPlace, message, hint: hint))
  }

  private func checkRequired(by part: GHLPartDocument, _ fields: TargetFields, _ diagnostics: inout Diagnostics) {
    let missing = GHLFields.required(part.target).filter { name in !fields.paths.contains { $0.first.isExactly(name) } }
    guard !missing.isEmpty else { return }
    let names = missing.map { "'\($0)'" }.joined(separator: ", ")
    diagnostics.add(
      .init(
        .error, .requiredNotMapped, at: part.place,
        "the mapping '\(part.mapping)' does not write \(names), which GHL requires for \(part.target.title)",
        hint: "add \(missing.count == 1 ? "it" : "them") to the mapping"))
  }

  /// The top-level names of the fields that are meant for GHL, each once, with the place of the first such field in the mapping.
  private func sent(by part: GHLPartDocument, _ fields: TargetFields) -> [(name: String, place: SourcePlace)] {
    let ours = [fields.key.first?.split(exactly: ".").first, part.contact?.field.text.split(exactly: ".").first]
    var names: [(name: String, place: SourcePlace)] = []
    for field in fields.model.fields {
      guard let name = field.target.first, !names.contains(where: { $0.name.isExactly(name) }) else { continue }
      if !ours.contains(where: { $0.isExactly(name) }) { names.append((name, field.place)) }
    }
    return names
  }

  private func checkIgnored(of part: GHLPartDocument, _ fields: TargetFields, _ diagnostics: inout Diagnostics) {
    let known = GHLFields.names(of: part.target)
    let onlyNew = GHLFields.onlyNew(part.target)
    for (name, place) in sent(by: part, fields) {
      func warn(_ message: String, _ hint: String) {
        diagnostics.add(.init(.warning, .ghlIgnores, at: place, "'\(part.mapping)': \(message)", hint: hint))
      }
      if !known.contains(exactly: name) {
        let isLink = part.target == .contacts && ["businessId", "business", "businessName"].contains(exactly: name)
        warn(
          "GHL does not accept '\(VisibleText.escaped(name))' for \(part.target.title); it is never sent",
          isLink ? "add a mapping `to: business`" : NearestName.hint(name, in: known) ?? "remove it from the mapping")
      } else if onlyNew.contains(exactly: name) {
        let reason = part.write == .upsert ? "an update leaves it out, and an upsert drops it" : "an update leaves it out"
        warn("only new contacts get '\(name)': \(reason)", "differences in existing contacts are reported as not-applied")
      }
    }
  }

  private func checkTags(of part: GHLPartDocument, _ fields: TargetFields, _ diagnostics: inout Diagnostics) {
    guard part.target == .contacts, !part.replacesTags, fields.paths.contains(where: { $0.first.isExactly("tags") }) else {
      return
    }
    diagnostics.add(
      .init(
        .error, .badArgument, at: part.place,
        "'\(part.mapping)' writes 'tags', and PUT replaces all tags of the contact, including those set by others",
        hint: "set tags: replace, or write the tags in a mapping `to: tags`"))
  }

  /// `normalizes` and `before.omit`, checked as for an `http` destination.
  private func checkCompared(by part: GHLPartDocument, _ fields: TargetFields, _ diagnostics: inout Diagnostics) {
    var resource = ResourceDocument(mapping: part.mapping, place: part.place)
    (resource.normalizes, resource.before) = (part.normalizes, part.before)
    let document = HTTPDocument(address: address, responses: ResponseRules())
    document.checkNormalized(by: resource, fields, &diagnostics)
    document.checkOmitted(by: resource, fields, &diagnostics)
  }

  /// Those of another location are checked when the load begins.
  private func checkCustomFields(
    of part: GHLPartDocument, _ fields: TargetFields, _ known: [CustomFieldDefinition], _ diagnostics: inout Diagnostics
  ) {
    guard part.target == .contacts else { return }
    for field in fields.model.fields where field.target.count > 1 && field.target[0].isExactly(GHLFields.customFields) {
      let path = field.target
      guard !known.contains(where: { $0.key.isExactly(path[1]) || $0.id.isExactly(path[1]) }) else { continue }
      diagnostics.add(
        .init(
          .error, .unknownCustomField, at: field.place,
          "'\(part.mapping)': the location has no custom field '\(VisibleText.escaped(path[1]))'",
          hint: NearestName.hint(path[1], in: known.map(\.key)) ?? "create it in GHL, or remove it from the mapping"))
    }
  }
}

extension GHLPartDocument.Target {
  /// In messages: `a task`.
  var title: String {
    switch self {
    case .contacts: "a contact"
    case .tasks: "a task"
    case .notes: "a note"
    case .tags: "tags"
    case .business: "the business of a contact"
    }
  }
}
