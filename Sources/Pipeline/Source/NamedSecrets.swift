import Core
import HTTP
import Load
import PipelineFile

/// Names stay as they are in files and paths, unredacted: one that contains a secret is refused before any file has it.
struct NamedSecrets {
  let document: PipelineDocument
  let options: SourceOptions
  /// The names of the mappings compiled so far.
  var mappingNames: [String] = []

  /// With the secrets that can be learned without running a program.
  ///
  /// - Throws: `OperationFailure` 78.
  func checkBeforeRun() throws(OperationFailure) {
    var references: [SecretReference] = []
    if options.snapshot == nil, options.load == nil, case .ghl(let source) = document.source {
      references += [source.token, source.fallback].compactMap(\.self)
    }
    for case .http(let destination) in document.destinations.map(\.kind) {
      references += [destination.authorization?.secret, destination.fallback].compactMap(\.self)
    }
    for reference in references {
      if case .command = reference { continue }
      // What cannot be resolved is reported by the stage that needs it.
      _ = try? reference.resolve(environment: options.environment)
    }
    try check()
  }

  /// With all secrets that are known by now.
  ///
  /// - Throws: `OperationFailure` 78.
  func check() throws(OperationFailure) {
    for (place, names) in named {
      // The name itself cannot be shown.
      guard names.contains(where: { !Redactor.process.redacted($0).isExactly($0) }) else { continue }
      throw OperationFailure(
        .configuration,
        "\(place) contains the token, or another secret, which would be written to files unmasked: choose another value")
    }
  }

  private var named: [(place: String, names: [String])] {
    var named = [("the pipeline's name", [document.name])]
    if case .ghl(let source) = document.source {
      named += [
        (options.location == nil ? "source.ghl.location" : "\(CommandOption.location)", [options.location ?? source.location]),
        (
          options.businesses == nil ? "source.ghl.businesses" : "\(CommandOption.business)",
          options.businesses ?? source.businesses ?? []
        ),
        ("source.ghl.base_url", [source.baseURL].compactMap(\.self)),
      ]
    }
    for destination in document.destinations {
      named.append(("the name of a destination", [destination.name]))
      named.append(("the path of a destination", [destination.kind.path?.text].compactMap(\.self)))
      if case .http(let http) = destination.kind {
        named.append(("the base_url of a destination", [http.address.text]))
        named.append(("the location of a destination", [http.tenant].compactMap(\.self)))
      }
      named.append(("the table of a destination", [destination.kind.table?.text].compactMap(\.self)))
    }
    named.append(("the name of a mapping", mappingNames))
    named.append(("the path of a mapping", document.mappings.map(\.path)))
    return named
  }
}
