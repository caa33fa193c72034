import Core
import Files
import Foundation
import PipelineFile
import TestSupport
import Testing

@testable import Pipeline

/// The examples on the page GHLDestination are pipelines for which `check` reports nothing.
@Suite struct GHLDestinationPageTests {
  private static func examples() throws -> [String] {
    let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/waybill/Documentation.docc/GHLDestination.md")
    return try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```yaml\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
  }

  private static func mapping(_ name: String, of entity: String = "person", key: String = "contactId", _ fields: String) -> String
  {
    """
    mapping: 1
    name: \(name)
    source: {entity: \(entity), key: id}
    target: {entity: \(name), key: \(key)}
    fields: {\(fields)}

    """
  }

  /// What the examples name.
  private static let files: [String: String] = [
    "people.csv": "id,mail,phone,tags\n", "tasks.csv": "id,person,title,day\n", "notes.csv": "id,person,text\n",
    "leavers.csv": "id\n", "contacts.yaml": mapping("contacts", key: "key", "key: id, email: mail, phone: phone"),
    "tags.yaml": tags("tags"), "new-tags.yaml": tags("new-tags"), "old-tags.yaml": tags("old-tags"),
    "tasks.yaml": mapping(
      "tasks", of: "person_task", key: "key",
      "key: id, contactId: person, title: title, dueDate: day, completed: {const: false}"),
    "notes.yaml": mapping("notes", of: "person_note", key: "key", "key: id, contactId: person, body: text"),
    "leavers.yaml": mapping("leavers", of: "leaver", key: "key", "key: id"),
  ]

  private static func tags(_ name: String) -> String {
    mapping(name, #"contactId: id, tags: {from: tags, do: [{split: ","}]}"#)
  }

  @Test func `each example compiles without a diagnostic`() throws {
    let examples = try Self.examples()
    #expect(examples.count >= 4)
    for example in examples {
      let folder = TemporaryFolder()
      for (name, text) in Self.files { try folder.write(name, text) }
      let (document, found) = PipelineDocument.read(
        file: folder.path + "/waybill.yaml", text: example, environment: ["GHL_TARGET_LOCATION": "loc1"])
      var diagnostics = found
      if let document {
        diagnostics.merge(PipelineCompilation.compile(document, boundary: FileBoundary([folder.path])).diagnostics)
        #expect(document.destinations.allSatisfy { $0.ghl != nil })
      }
      #expect(document != nil)
      #expect(diagnostics.sorted.filter { $0.severity != .note }.map { diagnostics.text(of: $0) } == [], "\(example)")
    }
  }
}
