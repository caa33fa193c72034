import Control
import Core
import Foundation
import GHL
import Mapping
import PipelineFile
import TestSupport
import Testing

@testable import Pipeline

/// The schemas that editors check with say what the parsers say.
@Suite struct EditorSchemaTests {
  static let mapping = PlainSchemaChecker(root: MappingSchema.json)
  static let pipeline = PlainSchemaChecker(root: PipelineSchema.json)
  static let environment = [
    "WAYBILL_SANDBOX_LOCATION": "l", "WAYBILL_SANDBOX_URL": "http://localhost", "WAYBILL_SANDBOX_TOKEN": "t", "GHL_LOCATION": "l",
  ]

  /// Every key and every way to write one.
  static let everything = """
    mapping: 1
    name: all-of-it
    source:
      entity: person
      key: id
      updated_at: changed
      extra: {id: string, changed: string, a: [string], b: {c: integer, d: [any]}, first: string, last: string, "2024": number}
    target: {entity: person, key: [id, name]}
    settings: {timezone: UTC, region: US, region_from: first, blank_is_null: false}
    lookups:
      words: {yes: true, no: 0, "": null}
      file: {a: b}
    vars:
      short: first
      long: {from: [first, last], do: [trim, {join: " "}], default: {from: last, do: [lower]}, required: false, on_error: reject}
      fixed: {const: [1, 2]}
    fields:
      id: id
      year: 2024
      name: {from: vars.long, default: "?", required: true, on_error: default, write: create, nulls: omit, pii: mask}
      list: {from: a, do: [trim, unique, sort, {join: {with: ","}}]}
      other: {from: vars.short, do: [{lookup: {table: words, else: x}}]}
      more: {from: last, do: [{lookup: file}, {truncate: 5}, {replace: {pattern: a, with: b}}]}
      day: {from: changed, do: [{date: iso}]}
      moment: {from: changed, do: [{datetime: {formats: [iso, "MM/dd/yyyy"], zone: UTC, gap: later}}], on_error: nullify}
      nested: {fields: {on_error: last, deep: {fields: {x: {const: {y: 1}}}}}}
      empty: {const: null, default: [1, {a: 2}]}
      fixed: {from: vars.fixed, do: [first]}
    pii: {name: hash, nested: {on_error: show, deep: {x: never}}}
    """

  static let schemaMembers = """
    mapping: 1
    name: contacts
    source: {entity: contact, key: id}
    target: {key: contactId, schema: schemas/your-app.contact.schema.json}
    fields:
      contactId: id
      name: {from: name, required: true}
      createdAt: {from: dateAdded, do: [datetime]}
      status: {const: active}
      address: {city: city, country: {from: country, do: [country]}}
      address.street: address1
    """

  static var mappings: [String] {
    let shipped = ["contacts", "tasks", "notes", "appointments"].map { name in
      (try? String(contentsOfFile: ShippedMappingsTests.folder + "/\(name).yaml", encoding: .utf8)) ?? ""
    }
    return shipped + [everything, schemaMembers]
  }

  static func check(_ text: String) -> Diagnostics {
    // In the folder of the shipped ones, whose schemas and lookups it names.
    MappingCompiler.compile(
      file: ShippedMappingsTests.folder + "/it.yaml", text: text,
      catalog: Sources()
    ).diagnostics
  }

  /// GHL's entities, and a person of which nothing is known.
  struct Sources: SourceCatalog {
    let ghl = GHLCatalog(customFields: ShippedMappingsTests.customFields)
    var name: String { ghl.name }
    var entities: [String] { ghl.entities + ["person"] }
    func shape(of entity: String) -> ObjectShape? { entity == "person" ? ObjectShape([]) : ghl.shape(of: entity) }
    func keyField(of entity: String) -> String? { ghl.keyField(of: entity) }
    func customFields(of entity: String) -> [CustomFieldDefinition]? { ghl.customFields(of: entity) }
    func origin(of field: String, in entity: String) -> FieldOrigin { ghl.origin(of: field, in: entity) }
  }

  @Test func `the source of these tests honors the contract of the seam`() {
    #expect(SourceCatalogConformance(Sources()).violations == [])
  }

  static func instance(_ text: String) -> (value: JSONValue, root: YAMLNode)? {
    var ignored = Diagnostics()
    guard let root = YAMLReader.read(file: "it", text: text, &ignored), !ignored.hasErrors else { return nil }
    return (root.jsonValue, root)
  }

  @Test(arguments: 0..<6)
  func `a mapping that compiles is taken by the schema`(index: Int) throws {
    let text = Self.mappings[index]
    let found = Self.check(text)
    #expect(found.sorted.filter { $0.severity == .error }.map(found.text) == [])
    #expect(Self.mapping.takes(try #require(Self.instance(text)).value))
  }

  @Test(arguments: 0..<6)
  func `what check refuses about keys and words, the schema refuses, and what check takes it takes`(index: Int) throws {
    let text = Self.mappings[index]
    let mutations = YAMLMutations(text: text, root: try #require(Self.instance(text)).root).all
    var refused = 0
    var taken = 0
    // Of the long ones, some of each kind are enough.
    for (number, mutation) in mutations.enumerated() where mutations.count < 300 || number % 5 == index % 5 {
      guard !mutation.mayBeNested, let instance = Self.instance(mutation.text)?.value else { continue }
      let found = Self.check(mutation.text)
      let takes = Self.mapping.takes(instance)
      if found.all.contains(where: { $0.severity == .error && [.unknownKey, .missingKeyword].contains($0.code) }) {
        #expect(!takes, "the schema takes \(mutation.what)")
        refused += 1
      } else if !found.hasErrors {
        #expect(takes, "the schema refuses \(mutation.what)")
        taken += 1
      }
    }
    #expect(refused > 10)
    #expect(taken > 0)
  }

  static let pipelines = [
    (try? String(contentsOfFile: ShippedMappingsTests.folder + "/waybill.yaml", encoding: .utf8)) ?? "",
    """
    pipeline: files
    source: {ndjson: {contact: in/contacts.ndjson}}
    mappings: [contacts.yaml]
    destinations:
      sheet: {csv: {path: "out/{mapping}.csv", crlf: true, escape_formulas: false, mappings: [contacts]}}
      lines: {json: {path: "out/{date}/{mapping}.json"}}
      base: {sqlite: {path: out/app.sqlite, table: "{mapping}", mode: replace, mappings: [contacts]}}
    gates:
      read: {min: 10, severity: warning}
      coverage: {min_percent: 99.5}
      rejected: {max: 3}
    """,
    """
    pipeline: gates
    source: {ndjson: {contact: in/contacts.ndjson}}
    mappings: [contacts.yaml]
    destinations: {files: {ndjson: {path: out/contacts.ndjson}}}
    gates:
      rejected: [{max_percent: 2, min_records: 200, max: 10, mappings: [contacts]}, {max: 0, message: none}]
      written: {min: 1, min_percent_of_last: 50, max_percent_of_last: 150, min_records: 20}
      warnings: {max: 5, code: phone-invalid}
      orphans: {max: 0}
      complete: {contacts.email: {min_percent: 95, min_records: 20}}
      unique: {contacts.email: {max: 0, severity: warning}}
      quota: {min: 100}
      freshness: {max_age: 26h}
      failed: {max_percent: 1}
      pending: {max: 0}
      control_totals: {max: 0}
      reconciled: {max: 0}
    """,
    """
    pipeline: location
    source:
      ghl:
        location: abc
        businesses: [one, two]
        without_business: include
        auth: {token: {file: token.txt}, fallback: {command: [./token, next]}}
        budget: {daily_percent: "${GHL_LOCATION:-70}"}
    mappings: [contacts.yaml]
    destinations: {files: {ndjson: {path: out/contacts.ndjson}}}
    """,
    """
    pipeline: sheets
    source:
      csv:
        contact: {path: in/contacts.csv, delimiter: ";", skip_lines: 3, quotes: strict, encoding: windows-1252}
        task: in/tasks.csv
    mappings: [contacts.yaml]
    destinations: {files: {csv: {path: out/contacts.csv}}}
    """,
    """
    pipeline: documents
    source: {json: {contact: {path: in/contacts.json, records: /data/contacts, encoding: utf-16}}}
    mappings: [contacts.yaml]
    destinations: {files: {csv: {path: out/contacts.csv}}}
    """,
    """
    pipeline: again
    source: {snapshot: latest}
    mappings: [contacts.yaml]
    destinations: {files: {csv: {path: out/contacts.csv}}}
    """,
    """
    pipeline: app
    source: {snapshot: latest}
    mappings: [contacts.yaml]
    destinations:
      app:
        http:
          base_url: https://api.example
          auth: {bearer: {env: T}}
          headers: {X-Tenant: "{location}"}
          rate: {per_second: 0.5, concurrent: 8}
          timeout: 30s
          longest_call: 60s
          idempotency: {header: Idempotency-Key, lifetime: 24h}
          responses: {preset: problem+json, ok: response.status == 200, retry: response.body.code == "locked"}
          errors: {at: errors, field: pointer, message: detail, status: [422]}
          mappings:
            contacts:
              create: {request: POST /contacts, headers: {If-None-Match: "*"}}
              update: "PUT /contacts/{remote_id}"
              delete: "DELETE /contacts/{remote_id}"
              find: {request: "GET /contacts?contactId={key}", items: items}
              list: {request: "GET /contacts?cursor={cursor}", items: items, cursor: {header: X-Next}}
              key: contactId
              remote_id: {body: id}
              etag: {header: etag}
              record: data
              body: {under: contact, nulls: write, envelope: {source: waybill}}
              read_back: true
              normalizes: {email: lower, name: [trim, spaces], address.city: empty}
              update_style: read-merge-put
              conflict: {then: re-read, remote_id: existingId, status: [409]}
              before: {omit: [version, modifiedAt]}
              verify: {share: 5%, then: resend}
              batch: {request: POST /b, size: 100, bytes: 1000000, items: items, atomic: false, results: {at: results, key: key, status: status}}
              job: {location: {header: location}, state: status, running: [queued], status: r.status, response: r.body, longest: 1h}
      other:
        http:
          base_url: http://localhost
          auth: {basic: {user: u, password: {file: p.txt}}}
          mappings: {contacts: {batch: POST /b, update: "PUT /c/{key}", find: "GET /c/{key}", before: save, verify: 0.5%}, notes: {create: POST /n, list: {request: GET /n, link: true}}}
    """,
    """
    pipeline: crm
    source: {snapshot: latest}
    mappings: [contacts.yaml]
    destinations:
      crm:
        ghl:
          location: loc1
          auth: {token: {env: T}, fallback: {command: [./token, next]}}
          base_url: https://api.example
          version: v3
          allow: [delete]
          budget: {daily_percent: 70}
          longest_call: 60s
          mappings:
            contacts: {to: contacts, write: upsert, match: [email, phone], existing: adopt, tags: replace, read_back: {share: 50%, then: report}, before: {omit: [dateUpdated]}}
            notes: {to: notes, contact: {mapping: contacts, field: contactId}, read_back: 1%, verify: 5%, before: save, normalizes: {body: trim}}
            tags: {to: tags, contact: {mapping: contacts, field: contactId}, do: remove}
            leavers: {to: contacts, delete: contacts, max_percent: 1}
    """,
  ]

  @Test(arguments: pipelines)
  func `of a pipeline, schema and reader say the same of keys and words`(text: String) throws {
    var environment = Self.environment
    environment["GHL_LOCATION"] = text.contains("daily_percent") ? "70" : "l"
    let root = try #require(Self.instance(text)).root
    var refused = 0
    for mutation in [.init(what: "nothing", text: text)] + YAMLMutations(text: text, root: root).all {
      guard let instance = Self.instance(mutation.text)?.value else { continue }
      let found = PipelineDocument.read(file: "it.yaml", text: mutation.text, environment: environment).diagnostics
      let takes = Self.pipeline.takes(instance)
      if found.all.contains(where: { [.unknownKey, .missingKeyword].contains($0.code) }) {
        #expect(!takes, "the schema takes \(mutation.what)")
        refused += 1
      } else if !found.hasErrors {
        #expect(takes, "the schema refuses \(mutation.what)")
      }
    }
    #expect(refused > 5)
  }

  @Test func `the schemas use only keywords that this test knows, and refer to what they define`() {
    for root in [Self.mapping.root, Self.pipeline.root] {
      var unknown: Set<String> = []
      func walk(_ value: JSONValue, isSchema: Bool) {
        guard isSchema else {
          for member in value.objectValue ?? [] { walk(member.value, isSchema: true) }
          return
        }
        if let name = value["$ref"]?.stringValue?.dropFirst("#/$defs/".count), root["$defs"]?[String(name)] == nil {
          unknown.insert("$ref \(name)")
        }
        for member in value.objectValue ?? [] {
          if !PlainSchemaChecker.known.contains(member.name) { unknown.insert(member.name) }
          switch member.name {
          case "properties", "$defs": walk(member.value, isSchema: false)
          case "additionalProperties", "items", "not", "propertyNames": walk(member.value, isSchema: true)
          case "anyOf", "allOf": for element in member.value.arrayValue ?? [] { walk(element, isSchema: true) }
          default: break
          }
        }
      }
      walk(root, isSchema: true)
      #expect(unknown == [])
    }
  }

  @Test func `every key has a description`() {
    func missing(_ value: JSONValue, _ path: String) -> [String] {
      (value["properties"]?.objectValue ?? []).flatMap { member -> [String] in
        let here = "\(path).\(member.name)"
        return (member.value["description"]?.stringValue?.isEmpty ?? true ? [here] : []) + missing(member.value, here)
      }
    }
    #expect(missing(Self.mapping.root, "mapping") == [])
    #expect(missing(Self.pipeline.root, "pipeline") == [])
  }
}
