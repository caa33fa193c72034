import Core

/// All records of Your App, and the rules between them.
struct AppStore: Sendable {
  private(set) var collections: [AppCollection]
  /// If false, a second record with the same key is created, as on many real servers.
  let hasUniqueKeys: Bool

  init(seed: UInt64, hasUniqueKeys: Bool) {
    collections = AppResource.allCases.map { AppCollection($0, seed: seed) }
    self.hasUniqueKeys = hasUniqueKeys
  }

  subscript(_ resource: AppResource) -> AppCollection {
    get { collections[resource.index] }
    _modify { yield &collections[resource.index] }
  }

  // MARK: Reading

  func place(_ resource: AppResource, id: String) throws(AppProblem) -> Int {
    guard let place = self[resource].place(ofID: id) else {
      throw AppProblem(.notFound, "There is no \(resource.singular) with this ID.")
    }
    guard self[resource].places[place] != nil else {
      throw AppProblem(.gone, "The \(resource.singular) with this ID was deleted.")
    }
    return place
  }

  func record(_ resource: AppResource, id: String) throws(AppProblem) -> (place: Int, record: AppRecord) {
    let place = try place(resource, id: id)
    guard let record = self[resource].places[place] else { throw AppProblem(.gone, "The \(resource.singular) was deleted.") }
    return (place, record)
  }

  func record(_ resource: AppResource, key: Name) -> (place: Int, record: AppRecord)? {
    guard let place = self[resource].places(ofKey: key).first else { return nil }
    return self[resource].places[place].map { (place, $0) }
  }

  /// The place of the contact that a child names by its key.
  func parent(of body: AppRecordBody, _ resource: AppResource) throws(AppProblem) -> Int? {
    guard let key = body.parentKey else { return nil }
    guard let place = self[.contacts].places(ofKey: key).first else {
      throw Self.refusal(AppResource.parentKey, "unknown-contact", "there is no contact with this key")
    }
    return place
  }

  // MARK: Writing

  /// - Parameter parent: the place of the contact in the request's path; nil for a contact.
  /// - Parameter byOther: A fault creates the record, on behalf of another client.
  mutating func create(
    _ resource: AppResource, _ body: AppRecordBody, parent: Int?, _ preconditions: AppPreconditions = .init(),
    byOther: Bool = false, now: Int
  ) throws(AppProblem) -> AppRecord {
    if let parent, self[.contacts].places[parent]?.key != body.parentKey {
      throw Self.refusal(AppResource.parentKey, "other-contact", "must be the key of the contact in the path")
    }
    if hasUniqueKeys, let existing = record(resource, key: body.key)?.record {
      guard preconditions.allowCreation else {
        throw Self.naming(existing, .preconditionFailed, "A \(resource.singular) with this key exists.")
      }
      throw Self.naming(existing, .alreadyExists, "A \(resource.singular) with this \(resource.key) exists.")
    }
    return self[resource].insert(body, parent: parent, now: now, byOther: byOther)
  }

  /// Gives the record at a place the members of `body`.
  mutating func replace(
    _ resource: AppResource, at place: Int, _ body: AppRecordBody, as change: AppCollection.Change = .replace, now: Int
  ) throws(AppProblem) -> AppRecord {
    try checkReplacement(resource, at: place, body)
    guard let record = self[resource].update(place, fields: body.fields, change, now: now) else {
      throw AppProblem(.gone, "The \(resource.singular) was deleted.")
    }
    return record
  }

  private func checkReplacement(_ resource: AppResource, at place: Int, _ body: AppRecordBody) throws(AppProblem) {
    guard let old = self[resource].places[place] else { throw AppProblem(.gone, "The \(resource.singular) was deleted.") }
    guard old.key == body.key else { throw Self.refusal(resource.key, "immutable", "the key of a record cannot be changed") }
    if let parent = old.parent, let contact = self[.contacts].places[parent], contact.key != body.parentKey {
      throw Self.refusal(AppResource.parentKey, "immutable", "the contact of a record cannot be changed")
    }
  }

  mutating func delete(_ resource: AppResource, at place: Int) throws(AppProblem) {
    if resource == .contacts, collections.contains(where: { !$0.places(ofParent: place).isEmpty }) {
      throw AppProblem(.hasChildren, "Tasks, notes or appointments belong to this contact: delete them first.")
    }
    self[resource].delete(place)
  }

  /// Creates or replaces the record that has the key of `body`.
  mutating func upsert(
    _ resource: AppResource, _ body: AppRecordBody, now: Int
  ) throws(AppProblem) -> (record: AppRecord, isNew: Bool) {
    if let place = record(resource, key: body.key)?.place {
      return (try replace(resource, at: place, body, now: now), false)
    }
    return (try create(resource, body, parent: try parent(of: body, resource), now: now), true)
  }

  /// Throws what `upsert` would throw, and writes nothing.
  func checkUpsert(_ resource: AppResource, _ body: AppRecordBody) throws(AppProblem) {
    if let place = record(resource, key: body.key)?.place {
      try checkReplacement(resource, at: place, body)
    } else {
      _ = try parent(of: body, resource)
    }
  }

  private static func naming(_ existing: AppRecord, _ code: AppProblem.Code, _ detail: String) -> AppProblem {
    var problem = AppProblem(code, detail)
    problem.existingID = existing.id
    return problem
  }

  private static func refusal(_ member: String, _ code: String, _ detail: String) -> AppProblem {
    var problem = AppProblem(.invalidRecord, "The record was refused.")
    problem.errors = [.init(pointer: "/" + member, code: code, detail: detail)]
    return problem
  }
}
