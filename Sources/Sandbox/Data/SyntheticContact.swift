package import Core

/// A contact of the synthetic location, as plain values: what the sandbox's answers are written from, and what tests compute
/// their expectations from. A member is nil where the record does not have it.
package struct SyntheticContact: Sendable, Hashable {
  /// One channel of `dndSettings`; named as before v3 (`Email`, `SMS`, ...).
  package struct Channel: Sendable, Hashable {
    package var name: String
    package var status: String
    package var message: String?
    package var code: String?
  }

  package struct CustomField: Sendable, Hashable {
    package var id: String
    package var value: SyntheticValue
  }

  /// Members of an AttributionSource in the order of the documents; nil is written as `null`.
  package struct Attribution: Sendable, Hashable {
    package var members: [(name: String, value: String?)]

    package static func == (one: Attribution, two: Attribution) -> Bool {
      one.members.elementsEqual(two.members) { $0.name == $1.name && $0.value == $1.value }
    }

    package func hash(into hasher: inout Hasher) {
      for member in members {
        hasher.combine(member.name)
        hasher.combine(member.value)
      }
    }
  }

  package var index: Int
  package var id: String
  package var locationID: String
  package var businessID: String?
  /// Lower-case whole name without defects: the order of the by-business list, and the first part of its v3 cursor.
  package var sortName: String
  package var name: String?
  package var firstName: String?
  package var lastName: String?
  package var companyName: String?
  package var email: String?
  package var additionalEmails: [String] = []
  package var phone: String?
  package var additionalPhones: [String] = []
  package var type: String?
  package var source: String?
  package var assignedTo: String?
  package var address1: String?
  package var city: String?
  package var state: String?
  package var country: String?
  package var postalCode: String?
  package var website: String?
  package var timezone: String?
  package var gender: String?
  package var keyword: String?
  package var ssn: String?
  package var visitorID: String?
  package var tags: [String] = []
  package var followers: [String] = []
  package var dateOfBirth: String?
  /// Milliseconds since 1970, UTC.
  package var dateAdded: Int
  package var dateUpdated: Int
  package var lastActivity: Int?
  package var isLastActivityNumeric = false
  package var doNotDisturb = false
  package var channels: [Channel] = []
  /// `inboundDndSettings.all`, which only written contacts have.
  package var inboundChannel: Channel?
  package var customFields: [CustomField] = []
  package var attribution: Attribution?
  package var lastAttribution: Attribution?
  /// True: members of `nullable` without a value are written as `null`.
  package var writesNulls = false

  package var dateAddedText: String { Instant.iso(dateAdded) }
  package var dateUpdatedText: String { Instant.iso(dateUpdated) }
}

/// The value of a custom field: GHL returns what was stored, whatever the field's type (`facts.md` 5.6).
package enum SyntheticValue: Sendable, Hashable {
  case text(String)
  /// A JSON number, by its digits.
  case number(String)
  case list([String])
  /// Whatever else was written.
  case json(JSONValue)
  /// One uploaded file, in GHL's map of files.
  case file(SyntheticFile)
}

package struct SyntheticFile: Sendable, Hashable {
  package var uuid: String
  package var fieldID: String
  package var name: String
  package var mediaType: String
  package var size: Int
  package var documentID: String

  package var url: String { "https://services.leadconnectorhq.com/documents/download/" + documentID }
}
