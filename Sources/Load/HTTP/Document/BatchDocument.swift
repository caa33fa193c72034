/// A request for several records.
package struct BatchDocument: Sendable, Hashable {
  package var request: RequestDocument
  /// Records in a request, at most.
  package var size: Int
  /// Bytes in a body, at most.
  package var bytes: Int
  /// The member of the body that has the records; nil: the body is the list.
  package var items: String?
  /// The destination stores all records of a request, or none.
  package var isAtomic: Bool
  /// The request also changes records that exist, by their keys. Otherwise `update` does, one record at a time.
  package var updates: Bool
  package var results: BatchResults

  package init(
    _ request: RequestDocument, size: Int = 100, bytes: Int = 1 << 20, items: String? = nil, isAtomic: Bool = false,
    updates: Bool = false, results: BatchResults = BatchResults()
  ) {
    self.request = request
    self.size = size
    self.bytes = bytes
    self.items = items
    self.isAtomic = isAtomic
    self.updates = updates
    self.results = results
  }
}

/// Where the response to a batch has the result of each record.
package struct BatchResults: Sendable, Hashable {
  /// The list of results; nil: the response has none, and its status counts for every record.
  package var list: ResponsePath?
  /// In a result: the record's key.
  package var key: ResponsePath?
  /// In a result: an HTTP status. Nil: the pipeline's rules decide, with the result as `response.body`.
  package var status: ResponsePath?
  /// In a result: the destination's ID and tag of the record.
  package var remoteID: ResponsePath?
  package var entityTag: ResponsePath?
  /// In a result: the record as it is stored.
  package var record: ResponsePath?
  /// In a result: what the rules take for the body; nil: the result.
  package var body: ResponsePath?

  package init() {}
}

/// How a call that was accepted as a job (202) is polled.
package struct JobDocument: Sendable, Hashable {
  /// Where the response has the job's address, absolute or relative to it.
  package var location: ResponsePlace
  /// Where the job has its state, and the states in which it is not over.
  package var state: ResponsePath
  package var running: [String]
  /// Where the finished job has the status of the response to the call; nil: 200.
  package var status: ResponsePath?
  /// Where the finished job has the body of the response to the call; nil: the job itself.
  package var response: ResponsePath?
  package var longest: Duration

  package init(
    location: ResponsePlace, state: ResponsePath, running: [String], status: ResponsePath? = nil, response: ResponsePath? = nil,
    longest: Duration = .seconds(3_600)
  ) {
    self.location = location
    self.state = state
    self.running = running
    self.status = status
    self.response = response
    self.longest = longest
  }
}
