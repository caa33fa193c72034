extension RunFolder {
  /// What the gates were judged by, as far as the summary does not have it. It stays when staged records are removed.
  package var gateFacts: String { "\(path)/gates.json" }
}
