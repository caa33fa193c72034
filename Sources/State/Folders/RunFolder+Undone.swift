package import Core
import Files
import Records

extension RunFolder {
  /// The mappings of which some records are no longer at the destination as the run left them, because it was undone.
  ///
  /// - Throws: `OperationFailure` if the list of undone records cannot be read.
  package func undoneMappings(at destination: Name) throws(OperationFailure) -> Set<Name> {
    guard FilePath.exists(undone) else { return [] }
    var mappings: Set<Name> = []
    for line in try AppendedLines.read(undone) {
      guard let json = try? JSONReader.read(line), json["destination"]?.stringValue?.isExactly(destination.text) == true,
        let mapping = json["mapping"]?.stringValue, let outcome = json["outcome"]?.stringValue
      else { continue }
      // Nothing was sent for these.
      if !["left", "pending"].contains(outcome) { mappings.insert(Name(mapping)) }
    }
    return mappings
  }
}
