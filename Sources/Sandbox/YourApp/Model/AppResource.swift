/// A kind of record that Your App keeps. Its name is the first part of its paths.
package enum AppResource: String, Sendable, CaseIterable {
  case contacts, tasks, notes, appointments

  /// The member that identifies a record in the system that it came from. No two records of a resource share one.
  package var key: String { singular + "Id" }

  var singular: String { String(rawValue.dropLast()) }

  /// The name of its schema in the OpenAPI document.
  var typeName: String { singular.prefix(1).uppercased() + singular.dropFirst() }

  /// The prefix of the IDs that Your App assigns.
  var idPrefix: String { singular.prefix(3) + "_" }

  /// Every record but a contact belongs to a contact.
  package var isChild: Bool { self != .contacts }

  /// The member of a child that has its contact's key.
  static let parentKey = AppResource.contacts.key

  /// The query parameters that select records in a list.
  var filters: [String] { isChild ? [key, Self.parentKey] : [key] }

  /// Its place in `allCases`.
  var index: Int {
    switch self {
    case .contacts: 0
    case .tasks: 1
    case .notes: 2
    case .appointments: 3
    }
  }
}
