import Core
import Foundation
import GHL
import Mapping
import TestSupport
import Testing
import Transform

/// The mappings in `mappings/` are what users start from: they compile without a word.
@Suite struct ShippedMappingsTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("mappings").path

  /// The custom fields that `contacts.yaml` reads, as the sandbox's location defines them.
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

  @Test func `the contacts know Your App's words`() throws {
    let result = MappingCompiler.compile(
      path: Self.folder + "/contacts.yaml", catalog: GHLCatalog(customFields: Self.customFields))
    let model = try #require(result.model)
    let targets = Set(model.fields.map { $0.target.joined(separator: ".") })
    #expect(targets.isSuperset(of: ["contactId", "name", "email", "phone", "status", "owner", "address.country"]))
    #expect(model.lookups.first { $0.name == "owners" }?.columns == ["app_user_id", "team"])
  }
}
