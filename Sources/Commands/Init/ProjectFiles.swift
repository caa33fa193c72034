import Workbench

/// What `waybill init` writes: paths inside the project, and their bytes. The mappings are the shipped ones.
enum ProjectFiles {
  static let all: [(path: String, bytes: [UInt8])] = [
    ("waybill.yaml", PackageResources.starter_yaml),
    ("mappings/contacts.yaml", PackageResources.contacts_yaml),
    ("mappings/tasks.yaml", PackageResources.tasks_yaml),
    ("mappings/notes.yaml", PackageResources.notes_yaml),
    ("mappings/appointments.yaml", PackageResources.appointments_yaml),
    ("mappings/lookups/owners.csv", PackageResources.owners_csv),
    ("mappings/schemas/your-app.contact.schema.json", PackageResources.your_app_contact_schema_json),
    ("mappings/schemas/your-app.task.schema.json", PackageResources.your_app_task_schema_json),
    ("mappings/schemas/your-app.note.schema.json", PackageResources.your_app_note_schema_json),
    ("mappings/schemas/your-app.appointment.schema.json", PackageResources.your_app_appointment_schema_json),
  ]

  /// The mappings, each with its schema and the files that it names.
  static let shipped: [ShippedMapping] = ["contact", "task", "note", "appointment"].compactMap { entity in
    func text(_ path: String) -> String? { all.first { $0.path == path }.map { String(decoding: $0.bytes, as: UTF8.self) } }
    guard let mapping = text("mappings/\(entity)s.yaml"), let owners = text("mappings/lookups/owners.csv") else { return nil }
    return ShippedMapping(
      entity: entity, name: entity + "s", text: mapping, schemaPath: "schemas/your-app.\(entity).schema.json",
      files: [("lookups/owners.csv", owners)])
  }

  /// State and results contain personal data: they do not belong in a repository.
  static let ignored = [".waybill/", "out/"]
}
