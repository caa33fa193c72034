package import Core
import Files

extension LoadPart {
  /// Where a part that is not published is put, `FOLDER/MAPPING.csv`; nil for a part that is.
  func keptPath(_ kind: KeptExtension) -> String? { keptIn.map { "\($0)/\(SortableName.safe(mapping)).\(kind.rawValue)" } }

  /// - Throws: `OperationFailure` if not all records were submitted, or too many.
  func check(count: Int, for destination: String) throws(OperationFailure) {
    guard count == self.count else {
      throw OperationFailure(
        .fault, "'\(mapping)' staged \(self.count) records, but \(count) were encoded for '\(destination)'")
    }
  }
}

extension PathTemplate {
  /// The path of a part's file.
  package func path(of part: LoadPart) -> String {
    path([.location: part.location, .mapping: SortableName.safe(part.mapping), .run: part.run, .date: part.date])
  }

  /// The name of a part's table: values stand in it as they are.
  func name(of part: LoadPart) -> String {
    text([.location: part.location, .mapping: part.mapping, .run: part.run, .date: part.date])
  }
}
