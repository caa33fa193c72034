import Core
import Files
import Load
import PipelineFile
import TestSupport
import Testing

@testable import Pipeline

/// What `check` reports about a `ghl` destination together with the mappings that go there.
@Suite struct GHLDestinationCheckTests {
  private static func mapping(_ name: String, key: String = "key", _ fields: String) -> String {
    """
    mapping: 1
    name: \(name)
    source: {entity: person, key: id}
    target: {entity: \(name), key: \(key)}
    fields:
      \(fields.split(separator: "\n").joined(separator: "\n  "))

    """
  }

  private static let files: [String: String] = [
    "contacts": mapping("contacts", "key: id\nemail: mail\nphone: phone"),
    "tasks": mapping(
      "tasks", "key: id\ncontactId: id\ntitle: name\ndueDate: day\ncompleted: {const: false}"),
    "notes": mapping("notes", "key: id\ncontactId: id\nbody: name"),
    "tags": mapping("tags", key: "contactId", "contactId: id\ntags: {from: tags, do: [{split: \",\"}]}"),
    "links": mapping("links", key: "contactId", "contactId: id\nbusiness: name"),
    "leavers": mapping("leavers", "key: id"),
  ]

  private static let parts = [
    "contacts: {to: contacts}", "tasks: {to: tasks, contact: {mapping: contacts, field: contactId}}",
    "notes: {to: notes, contact: {mapping: contacts, field: contactId}}",
    "tags: {to: tags, contact: {mapping: contacts, field: contactId}}",
    "links: {to: business, contact: {mapping: contacts, field: contactId}}", "leavers: {to: contacts, delete: contacts}",
  ]

  /// - Parameters:
  ///   - parts: lines under `mappings`.
  ///   - changes: mappings in place of those of `files`.
  private static func diagnostics(
    _ parts: [String] = parts, _ changes: [String: String] = [:], source: String = "{csv: {person: people.csv}}",
    location: String = "loc1", reading: String? = nil, definitions: String? = nil
  ) throws -> [String] {
    let folder = TemporaryFolder()
    for (name, text) in files.merging(changes, uniquingKeysWith: { $1 }) { try folder.write("\(name).yaml", text) }
    try folder.write("people.csv", "id,mail,phone,name,day,tags,city\n")
    if let definitions { try folder.write("fields.json", definitions) }
    let lines = parts.map { "        \($0)\n" }.joined()
    let text = """
      pipeline: crm
      source: \(source)
      mappings: [\(files.keys.sorted().map { "\($0).yaml" }.joined(separator: ", "))]
      destinations:
        crm:
          ghl:
            location: \(location)
            auth: {token: {env: T}}
            allow: [delete]
            mappings:

      """
    let path = folder.path + "/waybill.yaml"
    let (document, found) = PipelineDocument.read(file: path, text: text + lines, environment: [:])
    var diagnostics = found
    diagnostics.merge(
      PipelineCompilation.compile(
        try #require(document, "\(found.all)"), boundary: FileBoundary([folder.path]), location: reading
      ).diagnostics)
    return diagnostics.sorted.compactMap { diagnostic in
      let hint = diagnostic.hint.map { " (\($0))" } ?? ""
      var place = "\(diagnostic.place.line - 10):\(diagnostic.place.column)"
      if !diagnostic.place.file.hasSuffix("/waybill.yaml") {
        // Others are about the mapping itself.
        let isOurs = [.ghlIgnores, .unknownCustomField].contains(diagnostic.code) || diagnostic.message.hasPrefix("the key of '")
        guard isOurs, let file = diagnostic.place.file.split(separator: "/").last else { return nil }
        place = "\(file):\(diagnostic.place.line):\(diagnostic.place.column)"
      }
      return "\(place) \(diagnostic.severity) \(diagnostic.code.rawValue): \(diagnostic.message)\(hint)"
    }
  }

  private static func diagnostics(with fields: String, in name: String, part: String? = nil) throws -> [String] {
    let text = try #require(files[name]).replacing("\n  key: id", with: "\n  key: id\n  \(fields)", maxReplacements: 1)
    let own = parts.map { line in line.hasPrefix("\(name):") ? part ?? line : line }
    return try diagnostics(own, [name: text])
  }

  @Test func `two mappings cannot delete records of the same one, because each has a limit of its own`() throws {
    let own = Self.parts.map { $0.hasPrefix("tags:") ? "tags: {to: contacts, delete: contacts}" : $0 }
    let found = try Self.diagnostics(own)
    #expect(
      found.count == 1 && found[0].contains("error bad-argument: 'leavers' and 'tags' both delete records of 'contacts'"),
      "\(found)")
  }

  @Test func `tasks and notes are deleted at the contacts of the mapping that loads them`() throws {
    for (mapping, isFine) in [("contacts", true), ("leavers", false), ("leaver", false)] {
      let found = try Self.diagnostics([
        "contacts: {to: contacts}", "leavers: {to: contacts}",
        "tasks: {to: tasks, contact: {mapping: contacts, field: contactId}}",
        "notes: {to: tasks, delete: tasks, contact: {mapping: \(mapping), field: contactId}}",
      ])
      #expect(found.count == (isFine ? 0 : 1), "\(found)")
      guard mapping == "leavers" else { continue }
      #expect(
        found.first
          == "4:62 error bad-argument: 'notes' deletes tasks of 'tasks', which belong to contacts of 'contacts', not of 'leavers' (name the mapping 'contacts' here as well)"
      )
    }
  }

  @Test func `a complete destination is fine`() throws {
    #expect(try Self.diagnostics() == [])
  }

  @Test(
    "what GHL does not accept, or only for new records, is a warning",
    arguments: [
      (
        "ssn: name", nil,
        "contacts.yaml:7:3 warning ghl-ignores: 'contacts': GHL does not accept 'ssn' for a contact; it is never sent (remove it from the mapping)"
      ),
      (
        "additionalEmails: name", nil,
        "contacts.yaml:7:3 warning ghl-ignores: 'contacts': GHL does not accept 'additionalEmails' for a contact; it is never sent (remove it from the mapping)"
      ),
      (
        "additionalPhones: name", nil,
        "contacts.yaml:7:3 warning ghl-ignores: 'contacts': GHL does not accept 'additionalPhones' for a contact; it is never sent (remove it from the mapping)"
      ),
      (
        "attributionSource.url: name", nil,
        "contacts.yaml:7:3 warning ghl-ignores: 'contacts': GHL does not accept 'attributionSource' for a contact; it is never sent (remove it from the mapping)"
      ),
      (
        "adress1: name", nil,
        "contacts.yaml:7:3 warning ghl-ignores: 'contacts': GHL does not accept 'adress1' for a contact; it is never sent (did you mean 'address1'?)"
      ),
      (
        "businessId: name", nil,
        "contacts.yaml:7:3 warning ghl-ignores: 'contacts': GHL does not accept 'businessId' for a contact; it is never sent (add a mapping `to: business`)"
      ),
      (
        "gender: name", nil,
        "contacts.yaml:7:3 warning ghl-ignores: 'contacts': only new contacts get 'gender': an update leaves it out (differences in existing contacts are reported as not-applied)"
      ),
      (
        "gender: name", "contacts: {to: contacts, write: upsert}",
        "contacts.yaml:7:3 warning ghl-ignores: 'contacts': only new contacts get 'gender': an update leaves it out, and an upsert drops it (differences in existing contacts are reported as not-applied)"
      ),
      (
        "companyName: name", nil,
        "contacts.yaml:7:3 warning ghl-ignores: 'contacts': only new contacts get 'companyName': an update leaves it out (differences in existing contacts are reported as not-applied)"
      ),
    ] as [(String, String?, String)])
  func ignored(field: String, part: String?, expected: String) throws {
    #expect(try Self.diagnostics(with: field, in: "contacts", part: part) == [expected])
  }

  @Test(
    "fields that a route takes are fine",
    arguments: [
      "firstName: name", "name: name", "customFields.tier: name", "dndSettings.Email.status: {const: active}",
      "dateOfBirth: day", "assignedTo: mail", "source: {const: import}", "inboundDndSettings.all.status: {const: inactive}",
    ])
  func taken(field: String) throws {
    #expect(try Self.diagnostics(with: field, in: "contacts") == [])
  }

  @Test func `tags of a contact replace all tags, so the pipeline must ask for it`() throws {
    let tags = #"tags: {from: tags, do: [{split: ","}]}"#
    #expect(
      try Self.diagnostics(with: tags, in: "contacts") == [
        "1:9 error bad-argument: 'contacts' writes 'tags', and PUT replaces all tags of the contact, including those set by others (set tags: replace, or write the tags in a mapping `to: tags`)"
      ])
    #expect(try Self.diagnostics(with: tags, in: "contacts", part: "contacts: {to: contacts, tags: replace}") == [])
  }

  @Test(
    "what GHL needs must be mapped",
    arguments: [
      ("tasks", "title: name", "'title', which GHL requires for a task"),
      ("tasks", "dueDate: day", "'dueDate', which GHL requires for a task"),
      ("tasks", "completed: {const: false}", "'completed', which GHL requires for a task"),
      ("notes", "body: name", "'body', which GHL requires for a note"),
      ("tags", #"tags: {from: tags, do: [{split: ","}]}"#, "'tags', which GHL requires for tags"),
      ("links", "business: name", "'business', which GHL requires for the business of a contact"),
    ])
  func required(name: String, field: String, says: String) throws {
    let text = try #require(Self.files[name]).replacing("\n  \(field)", with: "\n  color: city")
    let found = try Self.diagnostics(Self.parts, [name: text])
    let row = try #require(Self.parts.firstIndex { $0.hasPrefix(name) }) + 1
    let errors = found.filter { $0.contains(" error ") }
    #expect(
      errors == [
        "\(row):9 error required-not-mapped: the mapping '\(name)' does not write \(says) (add it to the mapping)"
      ])
  }

  @Test(
    "other mappings are named, and go here",
    arguments: [
      (
        "tasks", "contacts, field", "contcts, field",
        "error unknown-word: there is no mapping 'contcts' (did you mean 'contacts'?)"
      ),
      (
        "tasks", "contacts, field", "notes, field",
        "error unknown-word: the mapping 'notes' does not write contacts to this destination (the mappings of contacts are: contacts)"
      ),
      (
        "tasks", "contacts, field", "leavers, field",
        "error unknown-word: the mapping 'leavers' does not write contacts to this destination (the mappings of contacts are: contacts)"
      ),
      (
        "tasks", "field: contactId", "field: contactID",
        "error unknown-target-field: the mapping 'tasks' does not write 'contactID', the field that `contact` names for the contact's key (did you mean 'contactId'? (differs only in case))"
      ),
      (
        "leavers", "delete: contacts", "delete: contact",
        "error bad-argument: 'leavers' deletes contacts of 'contact', which this destination does not load as contacts (did you mean 'contacts'?)"
      ),
      (
        "leavers", "delete: contacts", "delete: tasks",
        "error bad-argument: 'leavers' deletes contacts of 'tasks', which this destination does not load as contacts (choose one of: contacts)"
      ),
      (
        "leavers", "delete: contacts", "delete: leavers",
        "error bad-argument: 'leavers' deletes contacts of 'leavers', which this destination does not load as contacts (choose one of: contacts)"
      ),
    ])
  func others(name: String, old: String, new: String, expected: String) throws {
    let changed = Self.parts.map { $0.hasPrefix("\(name):") ? $0.replacing(old, with: new) : $0 }
    #expect(changed != Self.parts)
    let errors = try Self.diagnostics(changed).map { String($0.drop { $0 != " " }.dropFirst()) }.filter { $0.hasPrefix("error ") }
    #expect(errors == [expected])
  }

  @Test func `contacts that do not go here have no ID`() throws {
    let found = try Self.diagnostics([Self.parts[1]])
    #expect(found.count == 1)
    #expect(found.first?.contains("does not go to this destination") == true)
  }

  @Test func `a key is a single field, and not one of GHL's`() throws {
    let email = try #require(Self.files["contacts"]).replacing("key: key", with: "key: email")
    #expect(
      try Self.diagnostics(Self.parts, ["contacts": email]).filter { $0.contains(" error ") } == [
        "contacts.yaml:7:3 error bad-argument: the key of 'contacts' is 'email', which can change in GHL: with another value, it would be a different record (map the key to a field of its own, such as 'key': it is never sent)"
      ])
    let two = try #require(Self.files["contacts"]).replacing("key: key", with: "key: [key, other]").replacing(
      "  key: id\n", with: "  key: id\n  other: city\n")
    let found = try Self.diagnostics([Self.parts[0]], ["contacts": two])
    #expect(
      found.contains {
        $0.hasPrefix("contacts.yaml:6:3 error wrong-kind: the key of 'contacts' has several fields, 'key', 'other'")
      })
  }

  @Test func `normalizers and omitted members are checked as those of http`() throws {
    let part = "contacts: {to: contacts, normalizes: {emial: trim, key: lower}, before: {omit: [email, dateUpdated]}}"
    let found = try Self.diagnostics([part] + Self.parts.dropFirst())
    #expect(found.count == 3)
    #expect(found.contains { $0.contains("error unknown-target-field: normalizes:") && $0.contains("did you mean 'email'?") })
    #expect(found.contains { $0.contains("error bad-argument: normalizes: 'key' is the key") })
    #expect(found.contains { $0.contains("warning bad-argument: before.omit: the mapping 'contacts' writes 'email'") })
  }

  // MARK: The same location

  private static func ghlSource(_ location: String, _ base: String = "") -> String {
    "{ghl: {location: \(location), auth: {token: {env: S}}\(base)}}"
  }

  private static let copy = """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id}
    target: {entity: contacts, key: key}
    fields:
      key: id
      email: email

    """

  /// The other mappings, reading contacts.
  private static let ofContacts = files.mapValues {
    $0.replacing("entity: person", with: "entity: contact").replacing(": mail", with: ": email").replacing(
      ": day", with: ": dateAdded")
  }

  @Test(
    "a mapping does not write what it reads",
    arguments: [
      ("loc1", "", "contacts: {to: contacts}", "it would overwrite what it reads"), ("loc2", "", "contacts: {to: contacts}", nil),
      ("loc1", "", "contacts: {to: contacts, match: []}", "each run would copy the copies of earlier runs as well"),
      (
        "loc1", ", base_url: https://services.leadconnectorhq.com/", "contacts: {to: contacts}",
        "it would overwrite what it reads"
      ),
      ("loc1", ", base_url: http://127.0.0.1:8080", "contacts: {to: contacts}", nil),
    ] as [(String, String, String, String?)])
  func loop(location: String, base: String, part: String, effect: String?) throws {
    let found = try Self.diagnostics(
      [part], Self.ofContacts.merging(["contacts": Self.copy]) { $1 }, source: Self.ghlSource(location, base))
    let message = effect.map { "'contacts' reads from the location that it writes to: \($0) (write to another location)" }
    #expect(found.filter { $0.contains("reads from the location") } == message.map { ["1:20 error bad-argument: \($0)"] } ?? [])
  }

  @Test(arguments: [("loc1", "loc2", 0), ("loc2", "loc1", 1), ("loc1", "loc1", 1)])
  func `what counts is the location that a run reads`(source: String, reading: String, count: Int) throws {
    let found = try Self.diagnostics(
      ["contacts: {to: contacts}"], Self.ofContacts.merging(["contacts": Self.copy]) { $1 }, source: Self.ghlSource(source),
      reading: reading)
    #expect(found.count { $0.contains("reads from the location") } == count, "\(found)")
  }

  // MARK: Custom fields

  private static let definitions =
    #"{"customFields": [{"id": "f1", "name": "Tier", "fieldKey": "contact.tier", "dataType": "TEXT"}]}"#

  @Test func `each custom field that the location lacks is found before the load if the location is read as well`() throws {
    var changes = Self.ofContacts
    changes["contacts"] = Self.copy.replacing(
      "  email: email\n", with: "  customFields.tier: email\n  customFields.teir: email\n  customFields.plan: email\n"
    )
    .replacing("key: id}", with: "key: id, custom_fields: fields.json}")
    for (location, lines) in [("loc1", [8, 9]), ("loc2", [])] {
      let found = try Self.diagnostics(
        ["contacts: {to: contacts}"], changes, source: Self.ghlSource(location), definitions: Self.definitions)
      let unknown = found.filter { $0.contains("unknown-custom-field") }
      #expect(unknown.map { String($0.prefix { $0 != " " }) } == lines.map { "contacts.yaml:\($0):3" }, "\(found)")
      if let first = unknown.first { #expect(first.contains("no custom field 'teir' (did you mean 'tier'?)")) }
    }
  }

  @Test(arguments: [false, true]) func `mappings of other entities say nothing about the custom fields of contacts`(
    isKnown: Bool
  ) throws {
    var changes = Self.ofContacts
    // The first mapping of the pipeline.
    changes["contacts"] = """
      mapping: 1
      name: companies
      source: {entity: business, key: id}
      target: {entity: companies, key: key}
      fields: {key: id, name: name}

      """
    changes["leavers"] = Self.copy.replacing("  email: email\n", with: "  customFields.teir: email\n")
      .replacing("key: id}", with: isKnown ? "key: id, custom_fields: fields.json}" : "key: id}")
    let found = try Self.diagnostics(
      ["contacts: {to: contacts}"], changes, source: Self.ghlSource("loc1"), definitions: Self.definitions)
    #expect(found.count { $0.contains("unknown-custom-field") } == (isKnown ? 1 : 0), "\(found)")
  }

  // MARK: Several mistakes

  @Test func `all mistakes of a mapping are reported at once`() throws {
    var changes = Self.ofContacts
    changes["contacts"] = """
      mapping: 1
      name: contacts
      source: {entity: contact, key: id, custom_fields: fields.json}
      target: {entity: contacts, key: email}
      fields:
        email: email
        ssn: phone
        additionalEmails: email
        gender: phone
        companyName: email
        tags: tags
        customFields.one: email
        customFields.two: email
        customFields.tier: email

      """
    let found = try Self.diagnostics(
      ["contacts: {to: contacts}"], changes, source: Self.ghlSource("loc1"), definitions: Self.definitions)
    #expect(
      found.map { $0.split(separator: " ").prefix(3).joined(separator: " ") } == [
        "contacts.yaml:6:3 error bad-argument:", "contacts.yaml:7:3 warning ghl-ignores:",
        "contacts.yaml:8:3 warning ghl-ignores:", "contacts.yaml:9:3 warning ghl-ignores:",
        "contacts.yaml:10:3 warning ghl-ignores:", "contacts.yaml:12:3 error unknown-custom-field:",
        "contacts.yaml:13:3 error unknown-custom-field:", "1:9 error bad-argument:", "1:20 error bad-argument:",
      ])
  }

  // MARK: Scopes

  @Test func `scopes are those that the mappings need`() throws {
    func scopes(_ fields: String, _ parts: [String]) throws -> [String] {
      let folder = TemporaryFolder()
      for (name, text) in Self.files {
        try folder.write(
          "\(name).yaml", name == "contacts" ? text.replacing("  email: mail\n", with: "  email: mail\n\(fields)") : text)
      }
      try folder.write("people.csv", "id,mail,phone,name,day,tags,city\n")
      let text =
        "pipeline: crm\nsource: {csv: {person: people.csv}}\nmappings: [contacts.yaml, links.yaml]\ndestinations:\n  crm:\n    ghl:\n      location: loc1\n      auth: {token: {env: T}}\n      mappings:\n"
        + parts.map { "        \($0)\n" }.joined()
      let path = folder.path + "/waybill.yaml"
      let document = try #require(PipelineDocument.read(file: path, text: text, environment: [:]).document)
      let compilation = PipelineCompilation.compile(document, boundary: FileBoundary([folder.path]))
      return try #require(document.destinations.first?.ghl).scopes(compilation.units.compactMap(\.model))
    }
    #expect(try scopes("", [Self.parts[0]]) == ["contacts.readonly", "contacts.write"])
    #expect(
      try scopes("  customFields.tier: name\n", [Self.parts[0]]) == [
        "contacts.readonly", "contacts.write", "locations/customFields.readonly",
      ])
    #expect(
      try scopes("  assignedTo: mail\n", [Self.parts[0], Self.parts[4]]) == [
        "contacts.readonly", "contacts.write", "locations.readonly", "users.readonly", "businesses.readonly",
      ])
  }
}
