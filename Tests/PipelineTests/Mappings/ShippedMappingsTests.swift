import Core
import Foundation
import GHL
import Mapping
import Records
import TestSupport
import Testing
import Transform
import Workbench

/// The mappings in `mappings/` are what users start from: they compile without a word.
@Suite struct ShippedMappingsTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("mappings").path

  /// The custom fields that the mappings read, as the sandbox's location defines them.
  static let customFields: [CustomFieldDefinition] = [
    .init(id: "f1", key: "job_title", name: "Job title", dataType: .text),
    .init(id: "f2", key: "external_id", name: "External ID", dataType: .text),
    .init(id: "f3", key: "secondary_phone", name: "Secondary phone", dataType: .phone),
    .init(id: "f4", key: "billing_email", name: "Billing e-mail", dataType: .email),
    .init(
      id: "f5", key: "plan", name: "Plan", dataType: .singleOptions, options: ["Free", "Pro", "Enterprise, annual"]),
    .init(id: "f6", key: "employees", name: "Employees", dataType: .numerical),
    .init(id: "f7", key: "lifetime_value", name: "Lifetime value", dataType: .monetary),
    .init(id: "f8", key: "renewal_date", name: "Renewal date", dataType: .date),
    .init(
      id: "f9", key: "interests", name: "Interests", dataType: .multipleOptions,
      options: ["Training", "Consulting", "R&D", "Événements"]),
    .init(id: "f10", key: "background", name: "Background", dataType: .largeText),
    .init(
      id: "f11", key: "preferred_contact", name: "Preferred contact", dataType: .radio, options: ["Phone", "E-mail", "Post"]),
    .init(id: "f12", key: "consents", name: "Consents", dataType: .checkbox, options: ["Newsletter", "Calls", "Post"]),
  ]

  @Test(arguments: ["contacts", "tasks", "notes", "appointments"])
  func `a shipped mapping compiles without errors and warnings`(name: String) {
    let result = MappingCompiler.compile(
      path: Self.folder + "/\(name).yaml", catalog: GHLCatalog(customFields: Self.customFields))
    let words = result.diagnostics.sorted.filter { $0.severity != .note }
    #expect(words.map(result.diagnostics.text) == [])
    #expect(result.model?.name == name)
    #expect(result.model?.target != nil)
  }

  /// The mappings that load into GHL, with what they read.
  private static func intoGHL(
    customFields: [CustomFieldDefinition]? = nil
  ) throws -> [(path: String, catalog: any SourceCatalog)] {
    let ghl = GHLCatalog(customFields: customFields)
    let files = [("person", "people"), ("person_task", "tasks"), ("person_note", "notes")]
    var headers: [Name: [String]] = [:]
    for (entity, file) in files {
      let text = try String(contentsOfFile: "\(folder)/csv-to-ghl/\(file).csv", encoding: .utf8)
      headers[Name(entity)] = text.prefix { !$0.isNewline }.split(separator: ",").map(String.init)
    }
    let csv = HeaderCatalog(entities: files.map(\.0), headers: headers)
    return ["contacts", "links", "tasks", "notes"].map { ("\(folder)/ghl-to-ghl/\($0).yaml", ghl) }
      + ["contacts", "tags", "tasks", "notes"].map { ("\(folder)/csv-to-ghl/\($0).yaml", csv) }
  }

  @Test func `the mappings into GHL compile without errors and warnings`() throws {
    for (path, catalog) in try Self.intoGHL(customFields: Self.customFields) {
      let result = MappingCompiler.compile(path: path, catalog: catalog)
      let words = result.diagnostics.sorted.filter { $0.severity != .note }
      #expect(words.map(result.diagnostics.text) == [], "\(path)")
      #expect(result.model != nil, "\(path)")
    }
  }

  @Test func `the tests in the mappings into GHL pass`() throws {
    for (path, catalog) in try Self.intoGHL() {
      let report = MappingTestJob(file: path, catalog: catalog).run()
      #expect(report.results.count > 0 && report.failure == nil, "\(path)")
      #expect(report.results.flatMap(\.differences) == [], "\(path)")
    }
  }

  @Test func `the contacts know Your App's words`() throws {
    let result = MappingCompiler.compile(
      path: Self.folder + "/contacts.yaml", catalog: GHLCatalog(customFields: Self.customFields))
    let model = try #require(result.model)
    let targets = Set(model.fields.map { $0.target.joined(separator: ".") })
    #expect(targets.isSuperset(of: ["contactId", "name", "email", "phone", "status", "owner", "address.country"]))
    #expect(model.lookups.first { $0.name == "owners" }?.columns == ["app_user_id", "team"])
  }
}
