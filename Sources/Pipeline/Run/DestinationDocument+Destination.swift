package import Core
import Load

/// The destinations that a pipeline file can name, one line for each kind. Nothing else in the product names an implementation.
extension DestinationDocument {
  package var destination: any Destination {
    switch kind {
    case .file(let format, let path): FileDestination(name: name, path: path, format: format)
    case .sqlite(let path, let table, let mode): SQLiteDestination(name: name, path: path, table: table, mode: mode)
    case .http: RefusedDestination(name: name)
    }
  }
}

/// A destination that this version reads and checks, but does not load.
private struct RefusedDestination: Destination {
  let name: String
  let traits = DestinationTraits(delivery: .incremental)

  private var refusal: OperationFailure {
    OperationFailure(.configuration, "loading into the http destination '\(name)' is not supported yet: remove it from the run")
  }

  func check(_ part: LoadPart) throws(OperationFailure) { throw refusal }

  func begin(_ part: LoadPart, reporting sink: any OutcomeSink) async throws -> any LoadSession { throw refusal }
}
