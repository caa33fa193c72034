package import Core
import Load

/// The destinations that a pipeline file can name, one line for each kind. Nothing else in the product names an implementation.
extension DestinationDocument {
  package var destination: any Destination {
    switch kind {
    case .file(let format, let path): FileDestination(name: name, path: path, format: format)
    case .sqlite(let path, let table, let mode): SQLiteDestination(name: name, path: path, table: table, mode: mode)
    }
  }
}
