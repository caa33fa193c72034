import Core
import Extract
import Files
import Glibc
import Records

/// Checks of the outputs before anything is read.
extension RunExecution {
  /// Paths that differ as templates, or in spelling, may still be the same file, or one that the run reads. And a folder that
  /// cannot be written will still not be writable after an hour of requests.
  ///
  /// - Throws: `OperationFailure`: 65 if the pipeline's own paths collide, 64 if `--summary` does, 73 if a file cannot
  ///   be written.
  func checkOutputs(_ mappings: [String]) throws {
    let inputs = PipelineInputs(of: document)
    let state = options.source.state.path
    var writers: [Name: String] = [:]
    var paths: [String] = []
    for destination in destinations {
      for mapping in mappings where destination.takes(mapping) {
        let path = path(of: destination, mapping)
        let identity = FileIdentity.written(path)
        if FileIdentity.isInside(path, state) {
          throw OperationFailure(
            .wrongFile,
            "'\(destination.name) \(mapping)' would be written to \(path), in the state folder, "
              + "which belongs to Waybill: choose another path"
          )
        }
        if let other = inputs.file(at: path) {
          throw OperationFailure(
            .wrongFile, "'\(destination.name) \(mapping)' would overwrite \(other): choose another path")
        }
        if let other = writers.updateValue("\(destination.name) \(mapping)", forKey: Name(identity)) {
          throw OperationFailure(
            .wrongFile,
            "'\(other)' and '\(destination.name) \(mapping)' would both be written to \(path): change one of the paths")
        }
        paths.append(path)
      }
    }
    if let summary = options.summaryPath {
      if let other = writers[FileIdentity.written(summary)] {
        mayWriteSummary = false
        throw OperationFailure(.usage, "--summary would overwrite the output of '\(other)', \(summary): choose another path")
      }
      paths.append(summary)
    }
    summaryIsClear = true
    for path in paths {
      if let failure = OutputProbe.failure(of: path) { throw failure }
    }
  }
}
