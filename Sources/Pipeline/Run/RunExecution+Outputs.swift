import Core
import Extract
import Files
import Glibc
import Records

/// What can be said of the outputs before anything is read.
extension RunExecution {
  /// Paths that differ as templates, or in their spelling, may be one file after all: also one that the run reads. And a
  /// folder that cannot be written is one also an hour of requests later.
  ///
  /// - Throws: `OperationFailure`: 65 where the pipeline's own paths collide, 64 where `--summary` does, 73 where a file
  ///   cannot be written.
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
            "'\(destination.name) \(mapping)' would be written to \(path), in the state folder, which is Waybill's own: give it another path"
          )
        }
        if let other = inputs.file(at: path) {
          throw OperationFailure(
            .wrongFile, "'\(destination.name) \(mapping)' would be written over \(other): give it another path")
        }
        if let other = writers.updateValue("\(destination.name) \(mapping)", forKey: Name(identity)) {
          throw OperationFailure(
            .wrongFile, "'\(other)' and '\(destination.name) \(mapping)' would both be written to \(path): give one another path")
        }
        paths.append(path)
      }
    }
    if let summary = options.summaryPath {
      if let other = writers[FileIdentity.written(summary)] {
        mayWriteSummary = false
        throw OperationFailure(.usage, "--summary would be written over what '\(other)' writes, \(summary): give it another path")
      }
      paths.append(summary)
    }
    summaryIsClear = true
    for path in paths {
      if let failure = OutputProbe.failure(of: path) { throw failure }
    }
  }
}
