package import Core
import Extract
package import PipelineFile

/// Options that do not apply to the pipeline. Each is refused before anything is read or called: an option that is silently
/// ignored looks like one that took effect.
extension SourceOptions {
  /// - Throws: `OperationFailure` with the exit code `usage`.
  package func check(against document: PipelineDocument) throws(OperationFailure) {
    for name in destinations ?? [] {
      try Self.require(name, "destination", in: document.destinations.map(\.name))
    }
    switch document.source {
    case .ghl(let source):
      let own = location ?? source.location
      if let shard, shard != own {
        throw OperationFailure(.usage, "the pipeline has one shard, '\(own)', not '\(shard)': remove \(CommandOption.shard)")
      }
    case .files:
      try refuse(["\(CommandOption.location)": location != nil], "reads files")
      if let shard, shard != SnapshotImport.location {
        throw OperationFailure(
          .usage,
          "the pipeline reads files, which are one shard, '\(SnapshotImport.location)': remove \(CommandOption.shard) \(shard)")
      }
    case .snapshot:
      try refuse(
        ["\(CommandOption.location)": location != nil], "reads a snapshot; \(CommandOption.shard) chooses its location")
    }
  }

  private func refuse(_ more: [String: Bool], _ what: String) throws(OperationFailure) {
    let given = more.merging(["\(CommandOption.business)": businesses != nil]) { $1 }
    guard let option = given.filter(\.value).keys.sorted().first else { return }
    throw OperationFailure(
      .usage, "\(option) requires a pipeline that reads GHL, but this one \(what): remove \(option)")
  }

  /// Refuses a budget that limits nothing. It limits the requests to GHL, which a source or a destination may make.
  ///
  /// - Parameter isExtraction: nothing is loaded.
  /// - Throws: `OperationFailure` with the exit code `usage`.
  func checkBudget(of document: PipelineDocument, isExtraction: Bool = false) throws(OperationFailure) {
    guard requestBudget != nil else { return }
    let loadsIntoGHL = loadsIntoGHL(document)
    if loadsIntoGHL, !isExtraction { return }
    if case .ghl = document.source {
      if snapshot == nil, load == nil { return }
    } else if !loadsIntoGHL {
      let reader = if case .files = document.source { "reads files" } else { "reads a snapshot" }
      let option = CommandOption.budget
      throw OperationFailure(
        .usage,
        "\(option) requires a pipeline that reads or writes GHL, but this one \(reader) and loads nothing into GHL: remove \(option)"
      )
    }
    throw Self.uselessBudget(
      for: isExtraction ? "the extraction of this pipeline" : load == nil ? "this run" : "this load")
  }

  /// - Parameter work: what makes no request to GHL: `this run`.
  package static func uselessBudget(for work: String) -> OperationFailure {
    let option = CommandOption.budget
    return OperationFailure(.usage, "\(option) limits the requests to GHL, and \(work) makes none: remove \(option)")
  }

  /// A destination that takes part is in GHL.
  func loadsIntoGHL(_ document: PipelineDocument) -> Bool {
    document.destinations.contains { $0.ghl != nil && destinations?.contains(exactly: $0.name) ?? true }
  }

  /// - Throws: `OperationFailure` with the exit code `usage`.
  package func check(_ compilation: PipelineCompilation, of document: PipelineDocument) throws(OperationFailure) {
    for name in mappings ?? [] { try Self.require(name, "mapping", in: compilation.names) }
    guard compilation.units.isEmpty, let destinations else { return }
    if load != nil, let mapping = mappings?.first {
      let takers = document.destinations.filter { $0.takes(mapping) }.map(\.name)
      let fix = takers.isEmpty ? "no destination takes it" : "destinations that take it: \(takers.joined(separator: ", "))"
      throw OperationFailure(.usage, "'\(destinations.joined(separator: "', '"))' does not take '\(mapping)'; \(fix)")
    }
    throw OperationFailure(
      .usage, "no mapping\(mappings == nil ? "" : " of these") goes to '\(destinations.joined(separator: "', '"))': nothing to do"
    )
  }

  /// - Throws: `OperationFailure` with the exit code `usage`, and the nearest name as its fix.
  static func require(_ name: String, _ what: String, in names: [String]) throws(OperationFailure) {
    guard !names.contains(exactly: name) else { return }
    let fix = NearestName.hint(name, in: names) ?? "it has: \(names.joined(separator: ", "))"
    throw OperationFailure(.usage, "the pipeline has no \(what) '\(name)'; \(fix)")
  }
}
