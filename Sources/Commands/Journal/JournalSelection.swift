import ArgumentParser
import Core

/// `--pipeline`, `--destination`, `--mapping` and `--location`: a part of the journal.
struct JournalSelection: ParsableArguments {
  @Option(help: ArgumentHelp("Only what this pipeline loaded, by its name.", valueName: "name"))
  var pipeline: String?

  @Option(help: ArgumentHelp("Only what was loaded to this destination.", valueName: "name"))
  var destination: String?

  @Option(help: ArgumentHelp("Only what this mapping produced.", valueName: "name"))
  var mapping: String?

  @Option(help: ArgumentHelp("Only the records of this location.", valueName: "id"))
  var location: String?

  /// - Throws: with the code `usage` if the journal has nothing of a name that was given.
  func selected(_ scopes: [JournalScopeSummary]) throws -> [JournalScopeSummary] {
    var scopes = scopes
    func narrow(_ what: String, _ name: String?, _ part: (JournalScope) -> String) throws {
      guard let name else { return }
      let names = scopes.map { part($0.scope) }
      guard names.contains(exactly: name) else {
        let hint = NearestName.hint(name, in: names) ?? "`waybill journal list` shows what there is"
        throw OperationFailure(.usage, "--\(what) \(name): the journal has no such \(what); \(hint)")
      }
      scopes = scopes.filter { part($0.scope).isExactly(name) }
    }
    try narrow("pipeline", pipeline, \.pipeline)
    try narrow("destination", destination, \.destination)
    try narrow("mapping", mapping, \.mapping)
    try narrow("location", location, \.location)
    return scopes
  }
}
