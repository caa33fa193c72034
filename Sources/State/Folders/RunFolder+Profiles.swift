import Files

extension RunFolder {
  static let profilesName = "profiles"

  /// Profiles of what the mappings read and wrote. They stay when staged records are removed.
  package var profiles: String { "\(path)/\(Self.profilesName)" }

  /// The profile of a mapping (`ProfileDocument`). Runs of earlier versions, and replays, have none.
  package func profile(of mapping: String) -> String { "\(profiles)/\(SortableName.safe(mapping)).json" }
}
