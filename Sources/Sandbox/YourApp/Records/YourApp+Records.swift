import Core
import Records
import Schema

/// One record: create, read, replace, merge, delete.
extension YourApp {
  func create(_ resource: AppResource, _ call: AppCall) throws(AppProblem) -> SandboxAnswer {
    try call.allow([])
    let body = recordBody(resource, call)
    let preconditions = try preconditions(call)
    let minimal = call.faults.has(.conflict) || call.faults.has(.stale) && preconditions.ifNoneMatch != nil
    let record = try state.withLock { (state) throws(AppProblem) -> AppRecord in
      let parent = resource.isChild ? try state.store.place(.contacts, id: call.id) : nil
      let body = try body.get()
      // Where keys are not unique, the other client's record would be a separate duplicate.
      if minimal, state.store.hasUniqueKeys, state.store[resource].places(ofKey: body.key).isEmpty {
        let required = AppSchema.of(resource).required
        let other = body.keeping { required.contains(Name($0)) }
        _ = try state.store.create(resource, other, parent: parent, byOther: true, now: call.now)
      }
      return try state.store.create(resource, body, parent: parent, preconditions, now: call.now)
    }
    var answer = recordAnswer(record, status: 201)
    answer.headers.append(("Location", Self.basePath + "/\(resource.rawValue)/\(record.id)"))
    return answer
  }

  func read(_ resource: AppResource, _ call: AppCall) throws(AppProblem) -> SandboxAnswer {
    try call.allow([])
    let preconditions = try preconditions(call)
    let record = try state.withLock { (state) throws(AppProblem) in try state.store.record(resource, id: call.id).record }
    guard preconditions.isUnchanged(record) else { return recordAnswer(record) }
    var answer = SandboxAnswer(status: 304, body: [])
    answer.contentType = ""
    answer.headers = [("ETag", record.entityTag)]
    return answer
  }

  func replace(_ resource: AppResource, _ call: AppCall) throws(AppProblem) -> SandboxAnswer {
    try call.allow([])
    let body = recordBody(resource, call)
    return try change(resource, call) { (_, _) throws(AppProblem) in (try body.get(), .replace) }
  }

  func merge(_ resource: AppResource, _ call: AppCall) throws(AppProblem) -> SandboxAnswer {
    try call.allow([])
    let body = Result { () throws(AppProblem) in try MergePatch.read(try call.body(AppCall.mergePatch)) }
    return try change(resource, call) { (record, faults) throws(AppProblem) in
      let merged = MergePatch.apply(try body.get(), to: record.fields)
      return (try self.checked(JSONSlicer.checked(merged), resource, faults), .merge)
    }
  }

  func delete(_ resource: AppResource, _ call: AppCall) throws(AppProblem) -> SandboxAnswer {
    try call.allow([])
    let preconditions = try preconditions(call)
    try state.withLock { (state) throws(AppProblem) in
      try meetOtherClient(resource, call, preconditions, &state)
      let (place, record) = try state.store.record(resource, id: call.id)
      try preconditions.check(record)
      try state.store.delete(resource, at: place)
    }
    var answer = SandboxAnswer(status: 204, body: [])
    answer.contentType = ""
    return answer
  }

  private func change(
    _ resource: AppResource, _ call: AppCall,
    _ make: (AppRecord, AppFaults) throws(AppProblem) -> (AppRecordBody, AppCollection.Change)
  ) throws(AppProblem) -> SandboxAnswer {
    let preconditions = try preconditions(call)
    let record = try state.withLock { (state) throws(AppProblem) -> AppRecord in
      try meetOtherClient(resource, call, preconditions, &state)
      let (place, old) = try state.store.record(resource, id: call.id)
      try preconditions.check(old)
      let (body, change) = try make(old, call.faults)
      return try state.store.replace(resource, at: place, body, as: change, now: call.now)
    }
    return recordAnswer(record)
  }

  /// Two faults: changes the record before the request does, or refuses the request because another one is changing the record.
  private func meetOtherClient(
    _ resource: AppResource, _ call: AppCall, _ preconditions: AppPreconditions, _ state: inout AppState
  ) throws(AppProblem) {
    if call.faults.has(.conflict) {
      throw AppProblem(.conflict, "Another request is changing the record: read it, and try again.")
    }
    guard call.faults.has(.stale), preconditions.ifMatch != nil, let place = state.store[resource].place(ofID: call.id) else {
      return
    }
    _ = state.store[resource].update(place, .touch, now: call.now)
  }

  // MARK: Parts

  private func preconditions(_ call: AppCall) throws(AppProblem) -> AppPreconditions {
    plan.switches.contains(.withoutTags) ? AppPreconditions() : try AppPreconditions(call.request)
  }

  /// The request's record, read before the store is locked. Errors in the path take precedence over errors in it.
  private func recordBody(_ resource: AppResource, _ call: AppCall) -> Result<AppRecordBody, AppProblem> {
    Result { () throws(AppProblem) in try self.checked(try call.body(), resource, call.faults) }
  }

  private func checked(
    _ slice: JSONSlice, _ resource: AppResource, _ faults: AppFaults
  ) throws(AppProblem) -> AppRecordBody {
    let schema = AppSchema.of(resource)
    let body = try schema.read(slice, ValidationSpace())
    if let refusal = faults.fieldError(body, schema) { throw refusal }
    return faults.dropping(body, schema)
  }

  private func recordAnswer(_ record: AppRecord, status: Int = 200) -> SandboxAnswer {
    var out = JSONOutput()
    record.write(withTag: hasTags, to: &out)
    var answer = SandboxAnswer(status: status, body: out.bytes)
    answer.headers = [("ETag", record.entityTag)]
    return answer
  }

  var hasTags: Bool { !plan.switches.contains(.withoutTags) }
}
