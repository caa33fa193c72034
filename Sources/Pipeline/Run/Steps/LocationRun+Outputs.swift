import Control
import Core
import Files
import Load
import PipelineFile
import State

/// Checks of the outputs before anything is read.
extension LocationRun {
  /// Paths that differ as templates, or in spelling, may still be the same file, or one that the run reads. And a folder that
  /// cannot be written will still not be writable after an hour of requests.
  ///
  /// - Throws: `OperationFailure`: 65 if the pipeline's own paths collide, 64 if `--summary` does, 73 if a file cannot
  ///   be written.
  func checkOutputs(_ mappings: [String]) throws {
    let inputs = PipelineInputs(of: document, targetFile)
    let state = options.source.state.path
    var writers: [(target: LoadTarget, name: String)] = []
    var checks: [() throws -> Void] = []
    for (destination, part) in outputs(of: mappings) {
      let name = "\(destination.name) \(part.mapping)"
      checks.append { try destination.check(part) }
      guard let target = destination.target(of: part) else { continue }
      if FileIdentity.isInside(target.path, state) {
        throw OperationFailure(
          .wrongFile,
          "'\(name)' would be written to \(target.path), in the state folder, which belongs to Waybill: choose another path")
      }
      if let other = inputs.file(at: target.path) {
        throw OperationFailure(.wrongFile, "'\(name)' would overwrite \(other): choose another path")
      }
      if let other = writers.first(where: { $0.target.collides(with: target.identity) }) {
        throw OperationFailure(
          .wrongFile, "'\(other.name)' and '\(name)' would both be written to \(target.path): change one of the paths")
      }
      writers.append((target.identity, name))
    }
    if let path = options.summaryPath {
      if let other = writers.first(where: { $0.target.path.isExactly(FileIdentity.written(path)) })?.name {
        scope.summary.isForbidden = true
        throw OperationFailure(
          .usage, "\(CommandOption.summary) would overwrite the output of '\(other)', \(path): choose another path")
      }
      checks.append { if let failure = OutputProbe.failure(of: path) { throw failure } }
    }
    scope.summary.isClear = true
    for check in checks { try check() }
  }

  /// Removes what killed runs left beside the outputs.
  func removeLeftovers(_ mappings: [String]) {
    var folders: Set<Name> = []
    for (destination, part) in outputs(of: mappings) {
      guard let path = destination.target(of: part)?.path, folders.insert(FilePath.folder(of: path)) else { continue }
      let names = destination.removeLeftovers(of: part)
      if !names.isEmpty { observer.receive(.leftoversRemoved(.besideOutput(path: path), names: names)) }
    }
  }

  private func outputs(of mappings: [String]) -> [(destination: any Destination, part: LoadPart)] {
    destinations.flatMap { document in
      mappings.filter { document.takes($0) }.map { (destination(named: Name(document.name)), loadPart($0)) }
    }
  }

  /// As far as it is known: the columns and the count come with the transform.
  private func loadPart(_ mapping: String) -> LoadPart {
    if let bound = bound?.first(where: { $0.name.isExactly(mapping) }) {
      return bound.part(MappingCounts(Name(mapping)), run: id, started: started, pipeline: document.name, location: location)
    }
    return LoadPart(
      run: id, date: String(started.prefix(10)), pipeline: document.name, location: location, mapping: mapping, columns: [],
      key: [], count: 0)
  }
}

extension LoadTarget {
  /// The same target, whichever way its path is spelled.
  fileprivate var identity: LoadTarget {
    var target = self
    target.path = FileIdentity.written(path)
    return target
  }

  /// One would replace what the other writes; only two different tables of one file coexist.
  fileprivate func collides(with other: LoadTarget) -> Bool {
    path.isExactly(other.path) && (table == nil || other.table == nil || table == other.table)
  }
}
