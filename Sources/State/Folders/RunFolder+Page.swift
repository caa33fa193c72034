import Files

/// What the integrity report is made of, besides what every run keeps.
extension RunFolder {
  /// The integrity report.
  package var page: String { "\(path)/report.html" }

  /// What each target field of a mapping reads. It stays when staged records are removed. The folder of a destination could have the
  /// same name as a folder for these files, so they have none.
  package func fields(of mapping: String) -> String { "\(path)/\(SortableName.safe(mapping)).fields.json" }

  /// How many records of each business were read and arrived.
  package var businesses: String { "\(path)/businesses.json" }
}
