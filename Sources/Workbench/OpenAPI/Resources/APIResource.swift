import Core

/// What an API has for one kind of record: the operation that creates one, and those that go with it.
struct APIResource {
  /// The mapping's name: `contacts`.
  var name: String
  /// What one of them is called, in words: `contact`; `calendar`, `event`.
  var noun: [String]
  var create: APIOperation
  /// Members of the body's record, and where the body has the record: `{"contact": {…}}`.
  var record: APIObject
  var recordSchema: APIValue
  var under: String?

  var read: APIOperation?
  var put: APIOperation?
  var patch: APIOperation?
  /// `POST /contacts/{id}`.
  var post: APIOperation?
  var delete: APIOperation?
  /// Lists of all records first, then those of one parent.
  var lists: [APIOperation] = []
  /// `GET /contacts/by-email/{email}`.
  var lookups: [APIOperation] = []
  var batches: [APIOperation] = []

  /// The resource in whose path the record is created, by its place among `segments`.
  var parents: [ParentSegment] = []

  /// `contact`, as in `contactId`.
  var singular: String { noun.enumerated().map { $0.offset == 0 ? $0.element : $0.element.capitalizedWord }.joined() }

  var item: APIOperation? { put ?? patch ?? post ?? delete ?? read }
}

/// A parameter of a resource's path that names a record of another resource.
struct ParentSegment {
  /// The parameter's place among the segments.
  var index: Int
  /// The literals and parameters before it.
  var form: [String]
  var noun: [String]
  var parameter: String
}

extension String {
  var capitalizedWord: String { prefix(1).uppercased() + dropFirst() }
}

/// An operation that creates something, and why nothing is proposed for it.
struct APIOmission {
  var operation: String
  var reason: String
}
