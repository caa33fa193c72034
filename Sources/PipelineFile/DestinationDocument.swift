package import Core
package import Load

/// One destination of a pipeline.
package struct DestinationDocument: Sendable {
  package var name: String
  package var kind: DestinationKind
  /// Of a `ghl` destination, which is loaded as an `http` destination: what the pipeline file says.
  package var ghl: GHLDestinationDocument?
  /// Names of the mappings that go here; nil: all.
  package var mappings: [NamedPlace]?
  package var place: SourcePlace

  package struct NamedPlace: Sendable, Hashable {
    package var name: String
    package var place: SourcePlace
  }

  /// The mappings whose remote IDs the requests of this one carry, so that they must be loaded before it. Files and databases need
  /// none.
  package func needs(of mapping: String) -> [String] {
    guard case .http(let document) = kind, let resource = document.resource(of: mapping) else { return [] }
    return resource.parents.filter { !$0.isExactly(mapping) }
  }

  package func takes(_ mapping: String) -> Bool { mappings.map { $0.contains { $0.name.isExactly(mapping) } } ?? true }
}

/// What a destination is, with its options.
package enum DestinationKind: Sendable {
  case file(FileFormat, path: PathTemplate)
  case sqlite(path: PathTemplate, table: PathTemplate, mode: SQLiteMode)
  case http(HTTPDocument)

  package var delivery: DestinationTraits.Delivery {
    switch self {
    case .file, .sqlite: .atomic
    case .http: .incremental
    }
  }

  /// The file that is written; nil: none.
  package var path: PathTemplate? {
    switch self {
    case .file(_, let path), .sqlite(let path, _, _): path
    case .http: nil
    }
  }

  /// Nil: the whole file.
  package var table: PathTemplate? { if case .sqlite(_, let table, _) = self { table } else { nil } }
}
