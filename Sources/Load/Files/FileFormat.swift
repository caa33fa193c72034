import Core
package import Records

/// The format of a destination's files, with its options.
package enum FileFormat: Sendable, Hashable {
  case csv(CSVRecordEncoder.Options)
  case ndjson
  /// One array.
  case json

  /// - Parameter options: for CSV only.
  package init(_ format: RecordFormat, _ options: CSVRecordEncoder.Options = .init()) {
    self =
      switch format {
      case .csv: .csv(options)
      case .ndjson: .ndjson
      case .json: .json
      }
  }

  /// The name in the pipeline file.
  package var name: String { recordFormat.rawValue }

  var keptExtension: KeptExtension {
    switch self {
    case .csv: .csv
    case .ndjson: .ndjson
    case .json: .json
    }
  }

  package var recordFormat: RecordFormat {
    switch self {
    case .csv: .csv
    case .ndjson: .ndjson
    case .json: .json
    }
  }
}
