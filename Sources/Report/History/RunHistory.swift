package import Core

/// The runs of a project, for comparing each with the one before it.
package struct RunHistory: Sendable {
  /// Newest first, in the order in which they began.
  package let runs: [RunFigures]
  private let places: [Name: Int]

  /// - Parameter records: newest first.
  package init(_ records: [RunRecord]) { self.init(records.map { RunFigures($0) }) }

  package init(_ runs: [RunFigures]) {
    self.runs = runs
    places = Dictionary(runs.enumerated().map { (Name($1.run), $0) }) { first, _ in first }
  }

  package func run(_ id: String) -> RunFigures? { places[Name(id)].map { runs[$0] } }

  /// The last whole run before this one, of the same pipeline and location: what a run is compared with. Nil: there is none, or it is not
  /// known what the run was to read.
  package func previous(to run: RunFigures) -> RunFigures? {
    guard let place = places[Name(run.run)], let location = run.location else { return nil }
    return runs[(place + 1)...].first { other in
      other.kind == .whole && other.mappings != nil && other.pipeline.isExactly(run.pipeline)
        && other.location?.isExactly(location) == true
    }
  }
}
