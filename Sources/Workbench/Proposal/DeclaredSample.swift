import Core
import Extract

/// Stands in for a sample of a GHL entity: the fields that its records have, by names and types. There are no values, so what only
/// values can show stays open.
enum DeclaredSample {
  private enum Kind {
    case text, email, flag, texts
    /// A moment with an offset, or without one: the location's wall clock.
    case moment, wallClock
    /// A date in any of several formats.
    case date
  }

  /// What is worth mapping: no copies of other fields in lower case, and nothing that only GHL itself uses.
  private static let fields: [String: [(name: String, kind: Kind)]] = [
    "contact": [
      ("id", .text), ("firstName", .text), ("lastName", .text), ("email", .email), ("phone", .text), ("companyName", .text),
      ("address1", .text), ("city", .text), ("state", .text), ("postalCode", .text), ("country", .text), ("website", .text),
      ("timezone", .text), ("dateOfBirth", .date), ("gender", .text), ("type", .text), ("source", .text), ("assignedTo", .text),
      ("businessId", .text), ("tags", .texts), ("dnd", .flag), ("dateAdded", .moment), ("dateUpdated", .moment),
      ("lastActivity", .moment),
    ],
    "task": [
      ("id", .text), ("contactId", .text), ("title", .text), ("body", .text), ("completed", .flag), ("dueDate", .moment),
      ("assignedTo", .text), ("businessId", .text), ("dateAdded", .moment), ("dateUpdated", .moment),
    ],
    "note": [
      ("id", .text), ("contactId", .text), ("title", .text), ("body", .text), ("userId", .text), ("pinned", .flag),
      ("color", .text),
      ("dateAdded", .moment), ("dateUpdated", .moment),
    ],
    "appointment": [
      ("id", .text), ("contactId", .text), ("calendarId", .text), ("title", .text), ("notes", .text), ("address", .text),
      ("appointmentStatus", .text), ("startTime", .wallClock), ("endTime", .wallClock), ("assignedUserId", .text),
      ("source", .text),
      ("dateAdded", .moment), ("dateUpdated", .moment),
    ],
    "business": [
      ("id", .text), ("name", .text), ("phone", .text), ("email", .email), ("website", .text), ("address", .text),
      ("city", .text),
      ("state", .text), ("postalCode", .text), ("country", .text), ("description", .text), ("createdAt", .moment),
      ("updatedAt", .moment),
    ],
  ]

  static var names: [String: [String]] { fields.mapValues { $0.map(\.name) } }

  static func profiles(of entity: String) -> [FieldProfile] {
    (fields[entity] ?? []).map { name, kind in
      var profile = FieldProfile(path: [name])
      profile.isDeclared = true
      profile.filled = 1
      switch kind {
      case .flag: profile.kinds = [.boolean: 1]
      case .texts:
        profile.kinds = [.list: 1]
        profile.elementKinds = [.string: 1]
      case .text, .date: profile.kinds = [.string: 1]
      case .email:
        profile.kinds = [.string: 1]
        profile.marks = [.email: 1]
      case .moment, .wallClock:
        profile.kinds = [.string: 1]
        profile.dateFormats = ["iso": DateProbe.Count(dates: 1, moments: 1)]
      }
      return profile
    }
  }
}
