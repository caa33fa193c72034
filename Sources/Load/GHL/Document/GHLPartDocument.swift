package import Core

/// What one mapping writes into GHL, and how.
package struct GHLPartDocument: Sendable {
  /// The records that a mapping writes.
  package enum Target: String, Sendable, Hashable, CaseIterable {
    case contacts, tasks, notes
    /// Tags of contacts: the field `tags` has those to add, or to remove.
    case tags
    /// The business of contacts: the field `business` has its ID or name; null unlinks the contact.
    case business

    /// Each of its records belongs to a contact of another mapping.
    package var needsContact: Bool { self != .contacts }

    /// GHL gives its records IDs of their own.
    package var hasRecords: Bool { self != .tags && self != .business }
  }

  package enum Write: String, Sendable, Hashable, CaseIterable {
    /// `POST /contacts/`.
    case create
    /// `POST /contacts/upsert`, where a lookup allows it.
    case upsert
  }

  /// What GHL itself identifies a contact by.
  package enum Identifier: String, Sendable, Hashable, CaseIterable { case email, phone }

  package enum TagAction: String, Sendable, Hashable, CaseIterable { case add, remove }

  /// The mapping whose records are the contacts, and the field with their keys.
  package struct Contact: Sendable, Hashable {
    package var mapping: Name
    package var field: Name
    /// Of the two names in the pipeline file.
    package var mappingPlace: SourcePlace
    package var fieldPlace: SourcePlace

    package init(mapping: Name, field: Name, mappingPlace: SourcePlace, fieldPlace: SourcePlace) {
      (self.mapping, self.field) = (mapping, field)
      (self.mappingPlace, self.fieldPlace) = (mappingPlace, fieldPlace)
    }
  }

  /// The records of another mapping that are removed: those whose keys this one has.
  package struct Deletion: Sendable, Hashable {
    package var mapping: Name
    /// Of the records of that mapping that are in GHL, as far as the journal knows.
    package var maxPercent: Double
    package var place: SourcePlace

    package init(mapping: Name, maxPercent: Double = 1, place: SourcePlace) {
      (self.mapping, self.maxPercent, self.place) = (mapping, maxPercent, place)
    }
  }

  package var mapping: String
  package var target: Target
  package var write = Write.create
  /// Empty: contacts that GHL already has are never taken over.
  package var match = Identifier.allCases
  /// What becomes of contacts that GHL already has: `update`, `adopt` or `reject`. Nil: not stated, which updates them.
  package var existing: ConflictDocument.Then?
  /// The pipeline file accepts that `tags` of a contact replaces all tags that the contact has.
  package var replacesTags = false
  package var action = TagAction.add
  package var contact: Contact?
  package var deletion: Deletion?
  /// Which records are read after a write, and what becomes of fields that GHL did not store. Nil: none.
  package var readBack: VerifyDocument? = VerifyDocument(share: 10_000, then: .resend)
  package var verify: VerifyDocument?
  package var before: BeforeDocument?
  package var normalizes: [NormalizedField] = []
  /// Where the mapping is named in the pipeline file, and where the file says what it writes.
  package var place: SourcePlace
  package var targetPlace: SourcePlace

  package init(mapping: String, target: Target, place: SourcePlace, targetPlace: SourcePlace? = nil) {
    (self.mapping, self.target, self.place, self.targetPlace) = (mapping, target, place, targetPlace ?? place)
  }
}
