package import Core
import Load
import Records

/// The destinations that a pipeline file can name. Nothing else in the product names an implementation.
extension DestinationDocument {
  package var destination: any Destination {
    switch format {
    case .csv:
      var options = CSVRecordEncoder.Options()
      options.crlf = crlf
      options.escapesFormulas = escapesFormulas
      return FileDestination(name: name, path: path, format: .csv(options))
    case .ndjson: return FileDestination(name: name, path: path, format: .ndjson)
    case .json: return FileDestination(name: name, path: path, format: .json)
    }
  }
}
