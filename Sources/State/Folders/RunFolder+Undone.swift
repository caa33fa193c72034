package import Core
import Files
import Records

extension RunFolder {
  /// The mappings of which some records are no longer at the destination as the run left them, because it was undone, each with the time
  /// of the last of these records.
  ///
  /// - Throws: `OperationFailure` if the list of undone records cannot be read.
  package func undoneMappings(at destination: Name) throws(OperationFailure) -> [Name: String] {
    guard FilePath.exists(undone) else { return [:] }
    var mappings: [Name: String] = [:]
    for line in try AppendedLines.read(undone) {
      guard let json = try? JSONReader.read(line), json["destination"]?.stringValue?.isExactly(destination.text) == true,
        let mapping = json["mapping"]?.stringValue, let outcome = json["outcome"]?.stringValue,
        let time = json["time"]?.stringValue
      else { continue }
      // Nothing was sent for these.
      if !["left", "pending"].contains(outcome) { mappings[Name(mapping)] = time }
    }
    return mappings
  }
}
