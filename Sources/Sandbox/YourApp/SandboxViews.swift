import Core

/// What Your App really holds, for tests that compare it with a journal: without faults, limits or pages; and which
/// requests the GHL locations received. These paths belong to the sandbox, not to an API. They require the token of Your App,
/// because the records may be real ones.
enum SandboxViews {
  static func serves(_ path: [String]) -> Bool { path.first?.isExactly("_sandbox") == true }

  static func respond(to request: SandboxRequest, _ path: [String], _ sandbox: Sandbox) -> SandboxAnswer {
    let app = sandbox.app
    let token = request.authorization.map { $0.lowercased().hasPrefix("bearer ") ? $0.dropFirst("bearer ".count).trimmed : "" }
    guard token.isExactly(app.token) else { return YourApp.unauthorized("Send the token of Your App.").answer }
    if path.elementsEqual(SandboxEdits.path, by: { $0.isExactly($1) }) { return SandboxEdits.respond(to: request, sandbox) }
    guard request.method == "GET" else { return AppProblem(.methodNotAllowed, "This path supports GET.").answer }
    if path.count == 2, path[1].isExactly("requests") { return app.requestsView }
    if path.count == 2, path[1].isExactly("locations") { return sandbox.locationsView }
    if path.count == 3, path[1].isExactly("records"),
      let resource = AppResource.allCases.first(where: { path[2].isExactly($0.rawValue) })
    {
      return app.recordsView(resource)
    }
    let names =
      AppResource.allCases.map { "/_sandbox/records/" + $0.rawValue }
      + ["/_sandbox/requests", "/_sandbox/edits", "/_sandbox/locations"]
    return AppProblem(.notFound, "There is no such path. Supported: \(names.joined(separator: ", ")).").answer
  }
}

extension YourApp {
  /// One record per line, in the order of their keys.
  func recordsView(_ resource: AppResource) -> SandboxAnswer {
    let records = store[resource].sorted
    var bytes: [UInt8] = []
    for record in records {
      var out = JSONOutput()
      record.write(withTag: hasTags, to: &out)
      bytes += out.bytes
      bytes.append(UInt8(ascii: "\n"))
    }
    var answer = SandboxAnswer(status: 200, body: bytes)
    answer.contentType = "application/x-ndjson"
    return answer
  }

  var requestsView: SandboxAnswer {
    let (statistics, store) = (statistics, store)
    return SandboxAnswer { out in
      out.number("requests", statistics.requests)
      out.counts("byRoute", statistics.byRoute)
      out.counts("byStatus", statistics.byStatus)
      out.counts("byFault", statistics.byFault)
      out.number("replays", statistics.replays)
      out.number("outsideOrigin", statistics.outside)
      out.number("outsideOriginWithCredentials", statistics.outsideWithCredentials)
      out.number("maximumConcurrent", statistics.maximumConcurrent)
      out.object("records") { out in
        for collection in store.collections {
          let tally = collection.tally
          out.object(collection.resource.rawValue) { out in
            out.number("stored", collection.count)
            out.number("created", tally.created)
            out.number("replaced", tally.replaced)
            out.number("merged", tally.merged)
            out.number("deleted", tally.deleted)
            out.number("duplicates", tally.duplicates)
            out.number("createdByOthers", tally.createdByOthers)
          }
        }
      }
    }
  }

  /// All records, as they are after the jobs that are due.
  var store: AppStore {
    state.withLock { state in
      state.runDueJobs(now())
      return state.store
    }
  }
}

extension Sandbox {
  /// The requests of each location, in the order of the locations.
  var locationsView: SandboxAnswer {
    SandboxAnswer { out in
      out.array("locations") { out in
        for sandbox in sandboxes {
          let statistics = sandbox.statistics
          out.object {
            $0.text("location", sandbox.data.locationID)
            $0.number("requests", statistics.requests)
            $0.number("writes", sandbox.data.edits.writes)
            $0.counts("byRoute", statistics.byRoute)
            $0.counts("byStatus", statistics.byStatus)
            $0.counts("byFault", statistics.byFault)
            $0.number("maximumConcurrent", statistics.maximumConcurrent)
          }
        }
      }
    }
  }
}

extension JSONOutput {
  /// An object of numbers, in the order of their names.
  fileprivate mutating func counts<Key: Comparable>(_ name: String, _ counts: [Key: Int]) {
    object(name) { out in
      for (key, count) in counts.sorted(by: { $0.key < $1.key }) { out.number(String(describing: key), count) }
    }
  }
}
