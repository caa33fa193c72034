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

/// Whether a file could be written, as far as can be determined without writing it.
enum OutputProbe {
  /// Nil if there is no obstacle. Devices and pipes are left to the write itself.
  static func failure(of given: String) -> OperationFailure? {
    do { try OutputFile.check(given) } catch { return OperationFailure(error) }
    let path = OutputFile.place(of: given)
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFDIR: return failure(path, EISDIR, path)
      case S_IFREG: break
      default: return nil
      }
    }
    // The file is created beside its path and renamed: the folder must be writable, or the nearest existing one.
    var folder = FilePath.folder(of: path)
    if folder.isEmpty { folder = "." }
    while stat(folder, &status) != 0 {
      guard errno == ENOENT else { return failure(path, errno, folder) }
      let above = FilePath.folder(of: folder)
      guard !above.isExactly(folder) else { break }
      folder = above.isEmpty ? "." : above
    }
    guard status.st_mode & S_IFMT == S_IFDIR else { return failure(path, ENOTDIR, folder) }
    guard access(folder, W_OK | X_OK) == 0 else { return failure(path, errno, folder) }
    return nil
  }

  private static func failure(_ path: String, _ error: Int32, _ folder: String) -> OperationFailure {
    let place = folder == path ? "" : " (\(folder))"
    return OperationFailure(
      .cannotWrite,
      "cannot write \(path): \(String(cString: strerror(error)))\(place): nothing was read; check the folder and its permissions")
  }
}
