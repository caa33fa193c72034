package import Core

/// How the records of one mapping are sent to an `http` destination.
package struct ResourceDocument: Sendable {
  package var mapping: String
  package var create: RequestDocument?
  package var update: RequestDocument?
  package var delete: RequestDocument?
  package var find: FindDocument?
  package var list: ListDocument?
  package var batch: BatchDocument?
  package var job: JobDocument?
  /// Where the destination's record has the key; nil: at the target field that is the mapping's key.
  package var key: ResponsePath?
  /// Where a response has the destination's ID of the record.
  package var remoteID: ResponsePlace?
  /// Where a response has the tag of the version; nil: the header `ETag`, if there is one.
  package var entityTag: ResponsePlace?
  /// Where a response has the record, to compare what was sent with what was stored; nil for the whole body.
  package var record: ResponsePath?
  /// Whether a record that the response to a write does not include is looked up for this comparison.
  package var readsBack = false
  /// The records of another mapping that are removed; nil: the mapping's records are sent.
  package var deletion: DeletionDocument?
  /// The differences that the comparison ignores.
  package var normalizes: [NormalizedField] = []
  package var body = BodyDocument()
  package var conflict = ConflictDocument()
  /// What was there before a load is kept, so that `waybill undo` can put it back; nil: it is not.
  package var before: BeforeDocument?
  /// Members of the destination's records that change whatever is done with a record: undo neither compares them nor puts them back.
  package var volatile: [Name] = []
  /// Which unchanged records a load reads back, and what becomes of those that are not as they were loaded; nil: none.
  package var verify: VerifyDocument?
  /// Which written records are read again, and what becomes of fields that the destination did not store; nil: as `readsBack` says.
  package var readBack: VerifyDocument?
  package var updateStyle = UpdateStyle.replace
  /// What the API does that cannot be described here; nil: nothing.
  var adapter: (any AdapterDocument)?
  /// The pipeline file sets `update_style` explicitly.
  package var statesUpdateStyle = false
  /// Where the mapping's requests are described in the pipeline file.
  package var place: SourcePlace

  package init(mapping: String, place: SourcePlace) {
    self.mapping = mapping
    self.place = place
  }

  /// What a request does with the fields that it leaves out of an existing record.
  func updateStyle(of request: RequestDocument) -> UpdateStyle {
    guard request == batch?.request, !statesUpdateStyle else { return updateStyle }
    // The default depends on the method, and the batch may have another one than `update`.
    return request.template.method == "PUT" ? .replace : .merge
  }

  /// All its requests.
  package var allRequests: [RequestDocument] {
    [create, update, delete, find?.request, list?.request, batch?.request].compactMap(\.self)
  }

  /// The mappings whose remote IDs its requests need, each once.
  package var needs: [Name] {
    var needs = [deletion?.mapping].compactMap(\.self)
    for request in allRequests {
      for placeholder in request.template.target.placeholders + request.headers.flatMap(\.value.placeholders) {
        if case .parentID(let mapping, _) = placeholder, !needs.contains(mapping) { needs.append(mapping) }
      }
    }
    return needs
  }
}

/// One request: its method and address, and the headers that only it has.
package struct RequestDocument: Sendable, Hashable {
  package var template: RequestTemplate
  package var headers: [HeaderTemplate] = []
  package var place: SourcePlace
  /// The placeholders of its address and headers, where they stand in the pipeline file.
  package var placeholders: [PlacedPlaceholder] = []

  package init(_ template: RequestTemplate, headers: [HeaderTemplate] = [], place: SourcePlace) {
    self.template = template
    self.headers = headers
    self.place = place
  }
}

package struct PlacedPlaceholder: Sendable, Hashable {
  package var placeholder: RequestPlaceholder
  package var place: SourcePlace
}

/// A request for the records with one key.
package struct FindDocument: Sendable, Hashable {
  package var request: RequestDocument
  /// Where the response has the list of records; nil: the response is the record itself.
  package var items: ResponsePath?

  package init(_ request: RequestDocument, items: ResponsePath?) {
    self.request = request
    self.items = items
  }
}

/// A request for all records, a page at a time.
package struct ListDocument: Sendable, Hashable {
  package enum Paging: Sendable, Hashable {
    /// `{page}` counts from 1, until a page has no records.
    case number
    /// `{cursor}` is where the previous page has it; empty in the first request.
    case cursor(ResponsePlace)
    /// The header `Link` with `rel="next"` (RFC 8288).
    case link
    /// Everything is in one response.
    case none
  }

  package var request: RequestDocument
  /// Where a response has the list of records; nil: the response is the list.
  package var items: ResponsePath?
  package var paging: Paging

  package init(_ request: RequestDocument, items: ResponsePath?, paging: Paging) {
    self.request = request
    self.items = items
    self.paging = paging
  }
}

/// What a request's body looks like around the record's fields.
package struct BodyDocument: Sendable, Hashable {
  /// How null values are sent.
  package enum Nulls: String, Sendable, Hashable, CaseIterable {
    /// As the mapping says: null, or left out where the field is optional.
    case asMapped = "as-mapped"
    /// Every field of the mapping is sent, null where it has no value.
    case write
    /// Fields without a value are left out.
    case omit
  }

  /// Where the body has the record: `[contact]` for `{"contact": {…}}`. Empty: it is the body.
  package var under: [Name] = []
  package var nulls = Nulls.asMapped
  /// Members of the body beside the record, each with a constant value.
  package var envelope: [JSONValue.Member] = []

  package init() {}
}

/// What becomes of a record that is already there, or has changed in the meantime.
package struct ConflictDocument: Sendable, Hashable {
  package enum Then: String, Sendable, Hashable, CaseIterable {
    /// The destination's record is changed into ours.
    case update
    /// The destination's record stays as it is, and counts as ours.
    case adopt
    /// Our record fails.
    case reject
    /// The destination's record is read again for its tag, and the update is sent once more.
    case reread = "re-read"
  }

  package var then = Then.update
  /// The pipeline file sets `then` explicitly.
  package var isStated = false
  /// Where the response has the ID of the record that is in the way; nil: it is looked up.
  package var remoteID: ResponsePath?

  package init() {}

  /// Records that the destination had before the first load stay as they are.
  var keepsOthers: Bool { isStated && (then == .adopt || then == .reject) }

  /// They make our records fail.
  var refusesOthers: Bool { isStated && then == .reject }
}

/// What `before` keeps of the records that a load writes.
package struct BeforeDocument: Sendable, Hashable {
  /// Members of the destination's records that are neither compared nor put back.
  package var omit: [Member] = []

  package struct Member: Sendable, Hashable {
    package var name: Name
    /// In the pipeline file.
    package var place: SourcePlace
  }

  package init() {}
}

/// How unchanged records are read back.
package struct VerifyDocument: Sendable, Hashable {
  package enum Then: String, Sendable, Hashable, CaseIterable {
    /// The ledger has a warning.
    case report
    /// The record is sent again as well.
    case resend
  }

  /// The share that is read on each day, in hundredths of a percent: from 1 to 10,000.
  package var share: Int
  package var then: Then

  package init(share: Int, then: Then = .report) {
    self.share = share
    self.then = then
  }
}

/// What a destination does with the fields that an update leaves out.
package enum UpdateStyle: String, Sendable, Hashable, CaseIterable {
  /// It erases them.
  case replace
  /// It keeps them.
  case merge
  /// It erases them, so they are read and sent back.
  case readMergePut = "read-merge-put"
}
