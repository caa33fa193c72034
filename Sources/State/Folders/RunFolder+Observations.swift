import Files

/// What a run's report needs about values, mapping by mapping.
extension RunFolder {
  /// Folders of the run that are not those of destinations. What is in them stays as long as the run's folder.
  package static let observationFolders = [profilesName, "changes-made", "samples"]

  /// What the mapping did to values (`ObservationsDocument`).
  package func changesMade(of mapping: String) -> String { "\(path)/changes-made/\(SortableName.safe(mapping)).json" }

  /// Records that were chosen at random (`SampleDocument`).
  package func sample(of mapping: String) -> String { "\(path)/samples/\(SortableName.safe(mapping)).ndjson" }
}
