import Core
import Records
import Schema

/// A batch that creates or replaces records, by their keys.
struct AppBatch: Sendable {
  static let mostItems = 100

  let resource: AppResource
  /// Either all records are written, or none.
  let isAtomic: Bool
  /// The results include the records as they are stored.
  let withRecords: Bool
  let hasTags: Bool
  let faults: AppFaults
  let items: [Item]

  /// A record of the batch, read and checked.
  struct Item: Sendable {
    /// As in the request, even if the record is not valid; nil: it has none.
    var key: String?
    var body: Result<AppRecordBody, AppProblem>
  }

  /// What became of a record.
  private struct Outcome {
    var record: AppRecord?
    var isNew = false
    var problem: AppProblem?
  }

  init(
    _ slices: [JSONSlice], _ resource: AppResource, isAtomic: Bool, withRecords: Bool, hasTags: Bool, _ faults: AppFaults
  ) {
    self.resource = resource
    self.isAtomic = isAtomic
    self.withRecords = withRecords
    self.hasTags = hasTags
    self.faults = faults
    let schema = AppSchema.of(resource)
    let space = ValidationSpace()
    var seen: Set<Name> = []
    items = slices.map { slice in
      let key = slice[resource.key]?.stringValue
      let isRepeated = key.map { !seen.insert(Name($0)).inserted } ?? false
      let body = Result { () throws(AppProblem) in
        let body = try schema.read(slice, space)
        guard !isRepeated else { throw AppProblem(.conflict, "An earlier record of the batch has the same key.") }
        if let refusal = faults.fieldError(body, schema) { throw refusal }
        return faults.dropping(body, schema)
      }
      return Item(key: key, body: body)
    }
  }

  /// Writes the records, and returns the response.
  func apply(to store: inout AppStore, now: Int) -> SandboxAnswer {
    if isAtomic { return applyWhole(to: &store, now) }
    let draw = faults.draw(3)
    var outcomes: [Outcome] = []
    for (index, item) in items.enumerated() {
      var draw = Draw(seed: seed(of: draw), stream: .fault, index: index)
      if faults.has(.partial), draw.below(3) == 0 {
        outcomes.append(Outcome(problem: AppProblem(.internalError, "The record was not written.")))
        continue
      }
      let outcome = write(item, index, to: &store, now)
      if faults.has(.batchAbort), outcome.problem != nil {
        return AppProblem(.batchRefused, "The batch was refused.").answer
      }
      outcomes.append(outcome)
    }
    return answer(outcomes)
  }

  private func seed(of draw: Draw) -> UInt64 {
    var draw = draw
    return draw.next()
  }

  private func write(_ item: Item, _ index: Int, to store: inout AppStore, _ now: Int) -> Outcome {
    do throws(AppProblem) {
      let (record, isNew) = try store.upsert(resource, try item.body.get(), now: now)
      return Outcome(record: record, isNew: isNew)
    } catch {
      return Outcome(problem: error.within("/items/\(index)"))
    }
  }

  private func applyWhole(to store: inout AppStore, _ now: Int) -> SandboxAnswer {
    var refused: [(index: Int, problem: AppProblem)] = []
    for (index, item) in items.enumerated() {
      do throws(AppProblem) {
        // No two have the same key, so no record changes whether the next one can be written.
        try store.checkUpsert(resource, try item.body.get())
      } catch {
        refused.append((index, error.within("/items/\(index)")))
      }
    }
    guard !refused.isEmpty else { return answer(items.enumerated().map { write($0.element, $0.offset, to: &store, now) }) }
    var problem = AppProblem(.batchRefused, "The batch was refused as a whole; nothing was written.")
    if !faults.has(.terse) {
      problem.errors = refused.flatMap { index, problem in
        problem.errors.isEmpty
          ? [.init(pointer: "/items/\(index)", code: problem.code.rawValue, detail: problem.detail)] : problem.errors
      }
    }
    return problem.answer
  }

  private func answer(_ outcomes: [Outcome]) -> SandboxAnswer {
    let failed = outcomes.count { $0.problem != nil }
    let created = outcomes.count { $0.isNew }
    return SandboxAnswer(status: failed == 0 ? 200 : 207) { out in
      out.number("created", created)
      out.number("updated", outcomes.count - failed - created)
      out.number("failed", failed)
      out.array("results") { out in
        for (index, (item, outcome)) in zip(items, outcomes).enumerated() {
          out.object { out in write(outcome, item.key, index, to: &out) }
        }
      }
    }
  }

  private func write(_ outcome: Outcome, _ key: String?, _ index: Int, to out: inout JSONOutput) {
    out.number("index", index)
    out.text("key", optional: key, orNull: true)
    if let problem = outcome.problem {
      out.number("status", problem.status)
      out.object("error") { problem.write(to: &$0) }
    } else if let record = outcome.record {
      out.number("status", outcome.isNew ? 201 : 200)
      out.text("id", record.id)
      out.number("version", record.version)
      if hasTags { out.text("etag", record.entityTag) }
      guard withRecords else { return }
      out.name("record")
      record.write(withTag: hasTags, to: &out)
    }
  }
}

extension AppProblem {
  /// The same, with pointers that begin at `pointer`.
  func within(_ pointer: String) -> AppProblem {
    var problem = self
    problem.errors = errors.map { .init(pointer: pointer + $0.pointer, code: $0.code, detail: $0.detail) }
    return problem
  }
}
