import Control
import Core
import GHL
import Report
import Sandbox
import TestSupport
import Testing

@testable import Pipeline

/// Two runs of one pipeline that use every route by which a `ghl` destination writes, in both generations of the API.
@Suite struct GHLRouteRunTests {
  private static let contact = "contact: {mapping: contacts, field: person}"

  private static let pipeline = """
    pipeline: crm
    source:
      csv: {person: people.csv, stranger: strangers.csv, task: tasks.csv, note: notes.csv, label: labels.csv, unlabel: unlabels.csv, link: links.csv, leaver: leavers.csv, done: done.csv, old: old.csv}
    mappings: [contacts.yaml, upserts.yaml, tasks.yaml, notes.yaml, labels.yaml, unlabels.yaml, links.yaml, leavers.yaml, done.yaml, old.yaml]
    destinations:
      crm:
        ghl:
          location: TARGET
          base_url: URL
          version: GENERATION
          auth: {token: {env: TARGET_TOKEN}}
          allow: [delete]
          mappings:
            contacts: {to: contacts}
            upserts: {to: contacts, write: upsert}
            tasks: {to: tasks, \(contact)}
            notes: {to: notes, \(contact)}
            labels: {to: tags, \(contact)}
            unlabels: {to: tags, do: remove, \(contact)}
            links: {to: business, \(contact)}
            leavers: {to: contacts, delete: upserts, max_percent: 100}
            done: {to: tasks, delete: tasks, max_percent: 100, \(contact)}
            old: {to: notes, delete: notes, max_percent: 100, \(contact)}

    """

  /// The fields of each mapping besides the key, and what it reads.
  private static let mappings = [
    ("contacts", "person", "email: email, city: city"), ("upserts", "stranger", "phone: phone, city: city"),
    (
      "tasks", "task",
      #"person: person, title: title, dueDate: due, completed: {from: done, do: [{bool: {yes: ["true"], no: ["false"]}}]}"#
    ),
    ("notes", "note", "person: person, body: text"),
    ("labels", "label", #"person: person, tags: {from: tags, do: [{split: " "}]}"#),
    ("unlabels", "unlabel", #"person: person, tags: {from: tags, do: [{split: " "}]}"#),
    ("links", "link", "person: person, business: business"), ("leavers", "leaver", ""), ("done", "done", "person: person"),
    ("old", "old", "person: person"),
  ]

  private static func mapping(_ name: String, _ entity: String, _ fields: String) -> String {
    """
    mapping: 1
    name: \(name)
    source: {entity: \(entity), key: id}
    target: {entity: \(name), key: key}
    fields: {key: id\(fields.isEmpty ? "" : ", " + fields)}

    """
  }

  /// What the first run loads, and what is different in the second one.
  private static func first(_ business: String) -> [String: String] {
    [
      "people": "id,email,city\np1,p1@x.io,Rome\np2,p2@x.io,Rome\np3,p3@x.io,Rome\n",
      "strangers": "id,phone,city\ns1,+15550100123,Rome\n",
      "tasks": """
      id,person,title,due,done
      t1,p1,Call,2026-12-01T09:00:00Z,false
      t2,p1,Write,2026-12-02T09:00:00Z,false
      t3,p2,Meet,2026-12-03T09:00:00Z,false

      """,
      "notes": "id,person,text\nn1,p1,tea\nn2,p2,milk\n", "labels": "id,person,tags\nl1,p1,vip\nl2,p2,new\nl3,p3,new\n",
      "unlabels": "id,person,tags\n", "links": "id,person,business\nb1,p1,\(business)\nb2,p2,\(business)\n", "leavers": "id\n",
      "done": "id,person\n", "old": "id,person\n",
    ]
  }

  /// What is not in it stays as it is.
  private static let second = [
    "people": "id,email,city\np1,p1@x.io,Oslo\np2,p2@x.io,Rome\np3,p3@x.io,Rome\n",
    "tasks": "id,person,title,due,done\nt1,p1,Call,2026-12-01T09:00:00Z,true\nt2,p1,Write again,2026-12-02T09:00:00Z,false\n",
    "notes": "id,person,text\nn1,p1,coffee\n",
    "unlabels": "id,person,tags\nu1,p1,vip\nu2,p2,new\nu3,p3,new\n", "leavers": "id\ns1\n", "done": "id,person\nt3,p2\n",
    "old": "id,person\nn2,p2\n",
  ]

  /// The GHL routes that a pipeline writes by: all that are not for calls by hand only.
  private static let routes: Set<String> = [
    "POST /contacts/", "PUT /contacts/{contactId}", "DELETE /contacts/{contactId}", "POST /contacts/upsert",
    "POST /contacts/{contactId}/tasks", "PUT /contacts/{contactId}/tasks/{taskId}",
    "PUT /contacts/{contactId}/tasks/{taskId}/completed", "DELETE /contacts/{contactId}/tasks/{taskId}",
    "POST /contacts/{contactId}/notes", "PUT /contacts/{contactId}/notes/{id}", "DELETE /contacts/{contactId}/notes/{id}",
    "POST /contacts/{contactId}/tags", "DELETE /contacts/{contactId}/tags", "POST /contacts/bulk/tags/update/{type}",
    "POST /contacts/bulk/business",
  ]

  private struct Bench {
    let project: Project
    let environment: [String: String]

    init(_ address: SandboxAddress, generation: String) throws {
      let text = GHLRouteRunTests.pipeline.replacing("TARGET\n", with: "\(address.location)\n")
        .replacing("URL", with: address.baseURL).replacing("GENERATION", with: generation)
      project = try Project(pipeline: text, mapping: "")
      for (name, entity, fields) in GHLRouteRunTests.mappings {
        try project.folder.write("\(name).yaml", GHLRouteRunTests.mapping(name, entity, fields))
      }
      environment = ["TARGET_TOKEN": address.token]
    }

    /// Runs the pipeline, and expects it to end well.
    func run(
      _ files: [String: String] = [:], _ change: (inout RunEngine.Options) -> Void = { _ in }
    ) async throws -> RunEngine.Report {
      for (name, text) in files { try project.folder.write("\(name).csv", text) }
      let report = try await project.run {
        $0.source.environment = environment
        change(&$0)
      }
      #expect(report.exitCode == .done, "\(report.summary.messages) \(report.diagnostics.all.map(\.message))")
      return report
    }
  }

  @Test(arguments: ["dated", "v3"]) func `every route is used by a pipeline`(generation: String) async throws {
    try await SandboxServer.withServer(SandboxOptions(contacts: 0, businesses: 2, limitScale: 1_000)) { address, sandbox in
      let bench = try Bench(address, generation: generation)
      let report = try await bench.run(Self.first(sandbox.data.businessID(at: 0)))
      let changed = try await bench.run(Self.second)
      let used = Set(sandbox.statistics.byRoute.keys.filter { !$0.hasPrefix("GET ") && $0 != "POST /contacts/search" })
      #expect(used == Self.routes, "\(used.symmetricDifference(Self.routes).sorted())")
      let failed = [report, changed].flatMap(\.summary.entities).flatMap(\.destinations).map {
        $0.counts[.failed] + $0.counts[.pending]
      }
      #expect(failed.allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: [false, true]) func `a dry run is applied as predicted, also where contacts are new`(isCompared: Bool)
    async throws
  {
    try await SandboxServer.withServer(SandboxOptions(contacts: 0, businesses: 2, limitScale: 1_000)) { address, sandbox in
      let bench = try Bench(address, generation: "dated")
      for files in [Self.first(sandbox.data.businessID(at: 0)), Self.second] {
        let forecast = try await bench.run(files) {
          $0.isDryRun = true
          $0.comparesDestination = isCompared
        }
        let applied = try await bench.run { $0.apply = forecast.summary.run }
        for predicted in forecast.summary.forecast {
          let entity = try #require(applied.summary.entities.first { Name($0.name) == predicted.part.mapping })
          #expect(entity.destinations.map(\.counts) == [predicted.counts], "\(predicted.part.mapping)")
        }
      }
    }
  }
}
