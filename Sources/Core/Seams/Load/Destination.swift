/// Where target records go: files, a database, an API.
///
/// A run loads each mapping into each of its destinations as one part. For an atomic destination it finishes all parts of the
/// run before it publishes the first; incremental parts follow.
///
///     try destination.check(part)                                    // before anything is read
///     var session = try await destination.begin(part, reporting: sink)
///     while let batch = try staged.next() { try await session.submit(batch) }
///     try await session.finish()
///     try await session.publish()                                    // atomic destinations only
///     await session.close()                                          // always, however it ended
///
/// A caller may rely on this:
/// - `begin` throws, or the session takes batches until `close`.
/// - For each submitted record, the sink receives exactly one outcome, unless the session is closed before the end: then some
///   records have none, and the caller accounts for them as pending.
/// - A part that ends early can be loaded again from its first record, by another process as well, and ends as if the earlier
///   attempt had not happened. Only outcomes can differ: if the earlier attempt changed the target but the caller did not
///   record it (it was killed in between, say), those records may be `unchanged` instead of `created` or `updated`.
///
/// A dry run asks what a load would do, with the same records in the same order:
///
///     var session = try await destination.forecast(part, request, to: sink)
///     while let batch = try staged.next() { try await session.submit(batch) }
///     try await session.finish()
///     await session.close()
///
/// It writes nothing, neither to the target nor to the state, and reports for each record the outcome that `begin` and the following
/// calls would report if nothing changed in between.
///
/// An implementer must not keep a batch after `submit` has returned, and must not write to the target before `publish`
/// (atomic), or before `submit` (incremental).
package protocol Destination: Sendable {
  /// As in the pipeline file.
  var name: String { get }
  var traits: DestinationTraits { get }

  /// What a part writes to on this machine; nil if that is not a file.
  func target(of part: LoadPart) -> LoadTarget?

  /// Finds out, as far as possible without writing, whether a part can be loaded. A part whose columns are not known yet has
  /// none.
  ///
  /// - Throws: `OperationFailure`.
  func check(_ part: LoadPart) throws(OperationFailure)

  /// Finds out, with small requests that change nothing, whether the destination allows what a load will do. Called once before a
  /// run reads its source, and once by each process that resumes it or applies it, but not in a dry run.
  ///
  /// - Parameter fields: for each mapping that is loaded here, the paths of the fields that it writes.
  /// - Throws: `OperationFailure`, `CancellationError`.
  func prove(_ fields: [Name: [[String]]]) async throws

  /// Removes what killed processes left of earlier attempts, and returns its names.
  func removeLeftovers(of part: LoadPart) -> [String]

  /// - Throws: `OperationFailure`, `CancellationError`.
  func begin(_ part: LoadPart, reporting sink: any OutcomeSink) async throws -> any LoadSession

  /// Predicts the load of a part. Of the session, `submit`, `finish` and `close` are called, and `failure` and `warnings` are read.
  ///
  /// - Throws: `OperationFailure`, `CancellationError`.
  func forecast(_ part: LoadPart, _ request: ForecastRequest, to sink: any ForecastSink) async throws -> any LoadSession

  /// Compares what the destination must have of a part with what it has.
  ///
  /// - Throws: `OperationFailure`: with the code `configuration` if it cannot be read back; `CancellationError`.
  func beginComparing(_ part: LoadPart, _ options: ComparisonOptions) async throws -> any ComparisonSession

  /// Adds up records of a part as a comparison would show them; nil if that is not known before the destination is read. Nothing is
  /// sent, and nothing is read.
  ///
  /// - Throws: `OperationFailure`.
  func beginTotals(_ part: LoadPart, _ options: TotalsOptions) throws -> (any TotalsSession)?
}

extension Destination {
  package func target(of part: LoadPart) -> LoadTarget? { nil }
  package func check(_ part: LoadPart) throws(OperationFailure) {}
  package func prove(_ fields: [Name: [[String]]]) async throws {}
  package func removeLeftovers(of part: LoadPart) -> [String] { [] }
  package func beginTotals(_ part: LoadPart, _ options: TotalsOptions) throws -> (any TotalsSession)? { nil }

  package func beginComparing(_ part: LoadPart, _ options: ComparisonOptions) async throws -> any ComparisonSession {
    throw OperationFailure(.configuration, "'\(name)' cannot be read back, so what it holds for '\(part.mapping)' is unknown")
  }
}

/// What a destination can do.
package struct DestinationTraits: Sendable, Hashable {
  package enum Delivery: Sendable, Hashable {
    /// Everything appears at once, at `publish`.
    case atomic
    /// Each record arrives on its own, from the first `submit` on.
    case incremental
  }

  package var delivery: Delivery
  /// Some of the records can be loaded without the others: those that are there stay. False: a load replaces everything.
  package var takesParts: Bool

  /// - Parameter takesParts: nil: if records arrive on their own.
  package init(delivery: Delivery, takesParts: Bool? = nil) {
    self.delivery = delivery
    self.takesParts = takesParts ?? (delivery == .incremental)
  }
}

/// A file that a part writes to, or a table in it. Two parts of a run must not have the same target.
package struct LoadTarget: Sendable, Hashable {
  @ByBytes package var path: String
  /// Nil: the whole file, which is replaced.
  package var table: Name?

  package init(path: String, table: String? = nil) {
    self.path = path
    self.table = table.map { Name($0) }
  }
}
