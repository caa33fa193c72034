import Core
import Files
import Load
import PipelineFile
import TestSupport
import Testing

@testable import Pipeline

/// What `check` reports about an `http` destination together with the mappings that go there.
@Suite struct HTTPDestinationCheckTests {
  private static let schema = """
    {"type": "object", "required": ["contactId"], "additionalProperties": false, "properties": {
      "contactId": {"type": "string"}, "name": {"type": ["string", "null"]}, "tags": {"type": "array"}, "phone": {"type": "string"},
      "address": {"type": "object", "properties": {"city": {"type": ["string", "null"]}, "zip": {"type": "string"}}},
      "work": {"type": "object", "properties": {"city": {"type": "string"}}}\(more)}}
    """
  /// Eleven more fields.
  private static let more = (1...11).map { #", "extra\#($0)": {"type": "string"}"# }.joined()

  private static let contacts = """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id}
    target: {entity: contact, key: contactId, schema: contact.json}
    fields:
      contactId: id
      name: name
      tags: {from: tags, do: [{split: ","}], nulls: omit}
      address.city: city
    """

  private static let notes = """
    mapping: 1
    name: notes
    source: {entity: note, key: id}
    target: {entity: note, key: noteId}
    fields:
      noteId: id
      contactId: contactId
      parentId: above
    """

  /// Its key has two fields.
  private static let pairs = """
    mapping: 1
    name: pairs
    source: {entity: note, key: id}
    target: {entity: pair, key: [noteId, contactId]}
    fields:
      noteId: id
      contactId: contactId
    """

  private static let erased =
    "update-erases: an update erases 14 fields that the mapping 'contacts' does not write: 'phone', 'address.zip', 'work', 'extra1', 'extra2', 'extra3', 'extra4', 'extra5', 'extra6', 'extra7' and 4 more (write update_style: merge if the destination keeps them, or read-merge-put)"

  /// - Parameter keys: lines under `mappings`; `http` has more keys of the destination.
  private static func diagnostics(_ keys: String, http: String = "") throws -> [String] {
    let folder = TemporaryFolder()
    try folder.write("contact.json", schema)
    try folder.write("contacts.yaml", contacts + "\n")
    try folder.write("notes.yaml", notes + "\n")
    try folder.write("pairs.yaml", pairs + "\n")
    try folder.write("contacts.csv", "id,name,tags,city\n")
    try folder.write("notes.csv", "id,contactId,above\n")
    let lines = keys.split(separator: "\n").map { "        \($0)\n" }.joined()
    let text = """
      pipeline: x
      source: {csv: {contact: contacts.csv, note: notes.csv}}
      mappings: [contacts.yaml, notes.yaml, pairs.yaml]
      destinations:
        app:
          http:
            base_url: https://api.example\(http)
            mappings:

      """
    let path = folder.path + "/waybill.yaml"
    let (document, found) = PipelineDocument.read(file: path, text: text + lines, environment: [:])
    var diagnostics = found
    diagnostics.merge(
      PipelineCompilation.compile(try #require(document, "\(found.all)"), boundary: FileBoundary([folder.path])).diagnostics)
    // The mappings themselves are fine.
    #expect(
      diagnostics.all.filter { !$0.place.file.hasSuffix("waybill.yaml") && $0.severity == .error }.map(diagnostics.text) == [])
    return diagnostics.sorted.filter { $0.place.file.hasSuffix("waybill.yaml") }.map { diagnostic in
      let hint = diagnostic.hint.map { " (\($0))" } ?? ""
      return
        "\(diagnostic.place.column)+\(diagnostic.place.length) \(diagnostic.severity) \(diagnostic.code.rawValue): \(diagnostic.message)\(hint)"
    }
  }

  @Test func `a complete destination is fine`() throws {
    let keys = """
      contacts: {create: POST /contacts, update: "PATCH /contacts/{remote_id}", find: {request: "GET /contacts?id={key}"}, remote_id: id}
      notes: {create: "POST /contacts/{remote_id(contacts, contactId)}/{remote_id(notes, parentId)}", remote_id: id}
      pairs: {create: "PUT /pairs/{field(noteId)}/{field(contactId)}"}
      """
    #expect(try Self.diagnostics(keys) == [])
  }

  @Test(
    "a tag or an ID that lookups in a list cannot show is a warning",
    arguments: [
      (#"find: {request: "GET /c?id={key}", items: items}"#, ["{etag}"]), (#"find: "GET /c/{key}""#, []),
      (#"list: {request: GET /c, items: items}"#, ["{etag}"]), (#"find: "GET /c/{key}", list: GET /c"#, []),
      (#"etag: etag, find: {request: "GET /c?id={key}", items: items}"#, []),
      (#"etag: {header: ETag, body: etag}, find: {request: "GET /c?id={key}", items: items}"#, []),
      (
        #"etag: {header: X-Tag}, remote_id: {header: location}, find: {request: "GET /c?id={key}", items: items}"#,
        ["{remote_id}", "{etag}"]
      ),
      (#"remote_id: {header: location}, etag: etag, list: GET /c"#, ["{remote_id}"]),
    ] as [(String, [String])])
  func listed(keys: String, expected: [String]) throws {
    let id = keys.contains("remote_id") ? "" : "remote_id: id, "
    let update = #"update: {request: "PATCH /c/{remote_id}", headers: {If-Match: "{etag}"}}"#
    let found = try Self.diagnostics("contacts: {create: POST /c, \(update), \(id)\(keys)}").filter { $0.contains("in a list") }
    #expect(found.map { text in ["{etag}", "{remote_id}"].first { text.contains("so \($0) has no value") } } == expected)
    #expect(found.allSatisfy { $0.contains("warning bad-argument: a record that '") })
  }

  @Test(
    "each mistake is reported where it is, with the fix",
    arguments: [
      (
        #"contacts: {create: "POST /c/{field(nam)}"}"#,
        "37+12 error unknown-target-field: {field(nam)}: the mapping 'contacts' does not write 'nam' (did you mean 'name'?)"
      ),
      (
        #"contacts: {create: {request: POST /c, headers: {X-City: "{field(adress.city)}"}}}"#,
        "66+20 error unknown-target-field: {field(adress.city)}: the mapping 'contacts' does not write 'adress.city' (did you mean 'address.city'?)"
      ),
      (
        #"contacts: {create: "POST /c?city={field(address)}"}"#,
        "42+16 error unknown-target-field: {field(address)}: 'address' consists of fields and has no value of its own (write address.city)"
      ),
      (
        #"contacts: {create: "POST /c/{field(tags)}"}"#,
        "37+13 error type-mismatch: {field(tags)}: 'tags' is list of string, not a single value (use a field that is a text or a number)"
      ),
      (
        #"contacts: {create: POST /c, update: "PATCH /c/{remote_id}"}"#,
        "55+11 error bad-argument: nothing says where a response has the ID of a record, which {remote_id} needs (add remote_id: id, or remote_id: {header: location})"
      ),
      (
        #"notes: {create: "POST /c/{remote_id(contacts, contactId)}/n"}"#,
        "34+32 error unknown-word: the mapping 'contacts' does not go to this destination, so its records have no ID here (add it to `mappings` of this destination)"
      ),
      (
        #"notes: {create: "POST /c/{remote_id(notse, parentId)}/n"}"#,
        "34+28 error unknown-word: there is no mapping 'notse' (did you mean 'notes'?)"
      ),
      (
        "contacts: {create: POST /c}\nnotes: {create: \"POST /c/{remote_id(contacts, contactId)}/n\"}",
        "34+32 error bad-argument: nothing says where a response has the ID of a record of 'contacts' (add remote_id to 'contacts')"
      ),
      (
        "contacts: {create: POST /c, remote_id: id}\nnotes: {create: \"POST /c/{remote_id(contacts, contctId)}/n\"}",
        "34+31 error unknown-target-field: {remote_id(contacts, contctId)}: the mapping 'notes' does not write 'contctId' (did you mean 'contactId'?)"
      ),
      (
        "pairs: {create: POST /p, remote_id: id}\nnotes: {create: \"POST /c/{remote_id(pairs, contactId)}/n\"}",
        "34+29 error bad-argument: 'pairs' has a key of several fields, 'noteId', 'contactId', which one field cannot match (use a mapping whose key is one field)"
      ),
      (
        "contacts: {create: \"POST /{remote_id(notes, name)}\", remote_id: id}\nnotes: {create: \"POST /{remote_id(contacts, contactId)}\", remote_id: id}",
        "35+24 error cyclic-references: mappings need each other's remote IDs in a cycle: contacts -> notes -> contacts (remove {remote_id(…)} from one of them)"
      ),
      (
        #"pairs: {create: POST /p, update: "PATCH /p/{key}"}"#,
        "52+5 error bad-argument: {key} cannot stand for a key of several fields: 'noteId', 'contactId' (write {field(noteId)}, and so on)"
      ),
      (
        #"pairs: {create: POST /p, find: "GET /p?n={field(noteId)}"}"#,
        "40+26 error wrong-kind: 'find' cannot recognize the records of 'pairs': their key has several fields, 'noteId', 'contactId' (remove it, or write one field as target.key)"
      ),
      (
        "contacts: {create: POST /c, key: contctId}",
        "9+8 warning unknown-target-field: 'contacts' does not write 'contctId', which is where `key` says the destination has the key (did you mean 'contactId'?)"
      ),
      (
        "contacts: {create: POST /c, key: externalRef}",
        "9+8 warning unknown-target-field: 'contacts' does not write 'externalRef', which is where `key` says the destination has the key (map it, unless the destination fills it in: the key is 'contactId')"
      ),
      (
        "contacts: {create: POST /c, body: {envelope: {address: x}}}",
        "9+8 error two-writers: 'address' of body.envelope is also a field of the mapping 'contacts' (remove one of them, or write body.under)"
      ),
      ("contacts: {create: POST /c, body: {under: contact, envelope: {address: x}}}", ""),
      ("contacts: {batch: {request: POST /c, items: all}, body: {envelope: {address: x}}}", ""),
      (
        "contacts: {create: POST /c, batch: {request: POST /c, items: all}, body: {envelope: {address: x}}}",
        "9+8 error two-writers: 'address' of body.envelope is also a field of the mapping 'contacts' (remove one of them, or write body.under)"
      ),
      (
        #"contacts: {create: POST /c, update: "PUT /c/{remote_id}", remote_id: id}"#,
        "45+20 warning \(erased)"
      ),
      (#"contacts: {create: POST /c, update: "PUT /c/{remote_id}", remote_id: id, update_style: merge}"#, ""),
      (#"notes: {create: POST /n, update: "PUT /n/{remote_id}", remote_id: id}"#, ""),
      ("contacts: {batch: PUT /c}", ""),
      ("contacts: {batch: {request: PUT /c, updates: true}}", "37+6 warning \(erased)"),
      (
        #"contacts: {batch: {request: PUT /c, updates: true}, update: "PATCH /c/{remote_id}", remote_id: id}"#,
        "37+6 warning \(erased)"
      ),
      (#"contacts: {batch: {request: PATCH /c, updates: true}, update: "PATCH /c/{remote_id}", remote_id: id}"#, ""),
      ("contacts: {batch: {request: PUT /c, updates: true}, update_style: merge}", ""),
      (
        #"contacts: {batch: {request: POST /c, results: {key: id}}, update: "PATCH /c/{remote_id}", remote_id: id}"#,
        "37+7 warning bad-argument: the batch does not return record IDs, and 'update' of 'contacts' needs {remote_id} (add remote_id to batch.results, or add find: \"GET /PATH?FIELD={key}\")"
      ),
      (
        #"contacts: {batch: {request: POST /c, results: {remote_id: id}}, update: "PATCH /c/{remote_id}", remote_id: id}"#, ""
      ),
      (
        #"contacts: {batch: POST /c, update: "PATCH /c/{remote_id}", remote_id: id, find: "GET /c?id={key}"}"#, ""
      ),
      (
        "contacts: {create: POST /c, normalizes: {nam: lower}}",
        "50+3 error unknown-target-field: normalizes: the mapping 'contacts' does not write 'nam' (did you mean 'name'?)"
      ),
      (
        "contacts: {create: POST /c, normalizes: {address.zip: trim}}",
        "50+11 error unknown-target-field: normalizes: the mapping 'contacts' does not write 'address.zip' (did you mean 'address.city'?)"
      ),
      (
        "contacts: {create: POST /c, normalizes: {contactId: lower}}",
        "50+9 error bad-argument: normalizes: 'contactId' is the key, which is always compared exactly (normalize it in the mapping, and remove it here)"
      ),
      (
        "contacts: {create: POST /c, normalizes: {name: unordered}}",
        "50+4 error type-mismatch: normalizes: 'name' is string, and only lists can be unordered (remove 'unordered')"
      ),
      (
        "contacts: {create: POST /c, normalizes: {name: lower, tags: [unordered, lower], address: trim, address.city: empty}}", ""
      ),
      (
        #"contacts: {create: POST /c, update: "PATCH /c/{key}", delete: "DELETE /c/{key}", find: "GET /c/{key}", before: {omit: [version, contactId]}}"#,
        "137+9 error bad-argument: before.omit: 'contactId' is the key, without which nothing can be put back (remove it)"
      ),
      (
        #"contacts: {create: POST /c, update: "PATCH /c/{key}", delete: "DELETE /c/{key}", find: "GET /c/{key}", before: {omit: [address, version]}}"#,
        "128+7 warning bad-argument: before.omit: the mapping 'contacts' writes 'address', and `waybill undo` would not put it back (omit only what the destination sets itself)"
      ),
      (
        #"contacts: {create: POST /c, update: "PATCH /c/{key}", find: "GET /c/{key}", before: save}"#,
        "85+6 warning bad-argument: destinations.app.http.mappings.contacts.before: there is no 'delete', so `waybill undo` cannot remove the records that a run has created (add delete: \"DELETE /PATH/{remote_id}\")"
      ),
      (
        #"contacts: {create: POST /c, update: "PATCH /c/{remote_id}", delete: "DELETE /c/{key}", find: "GET /c/{key}", remote_id: id, before: save}"#,
        "9+8 warning bad-argument: 'contacts' has 'before', but no 'etag', so `waybill undo` does not notice a change that somebody makes while it puts a record back (if the destination has entity tags or versions, add etag: {header: ETag, body: etag})"
      ),
      (
        #"contacts: {batch: {request: POST /b, results: {at: results, remote_id: id}}, update: "PATCH /c/{key}", delete: "DELETE /c/{key}", find: "GET /c/{key}", etag: v, before: save}"#,
        "9+8 warning bad-argument: 'contacts' has 'before', but the results of its batch have no tags, so a change that somebody makes right after a batch counts as the run's own (add etag or record to batch.results)"
      ),
      (
        #"contacts: {batch: {request: POST /b, results: {at: results, record: data}}, update: "PATCH /c/{key}", delete: "DELETE /c/{key}", find: "GET /c/{key}", etag: v, before: save}"#,
        ""
      ),
      (
        "tasks: {create: POST /t}",
        "9+5 error unknown-word: there is no mapping 'tasks' (the mappings are: contacts, notes, pairs)"
      ),
    ])
  func mistakes(keys: String, expected: String) throws {
    let found = try Self.diagnostics(keys).joined(separator: "\n")
    #expect(found == expected)
  }

  @Test(
    "a rule that refuses the status of jobs is reported where a mapping has jobs",
    arguments: [
      ("response.status in [200, 201]", true, true), ("response.status < 300", true, false),
      ("response.status in [200, 201]", false, false),
    ])
  func jobs(rule: String, hasJob: Bool, isReported: Bool) throws {
    let job = hasJob ? ", job: {state: status, running: [queued]}" : ""
    let found = try Self.diagnostics(
      "notes: {create: POST /n\(job)}", http: "\n      responses: {ok: \"\(rule)\"}")
    #expect(found.contains { $0.contains("warning bad-argument: 'notes' has a job") } == isReported)
    #expect(found.count == (isReported ? 1 : 0))
  }
}
