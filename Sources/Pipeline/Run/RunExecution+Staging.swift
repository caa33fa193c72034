import Core
import Report

/// What happens to the staged records once the run has ended.
extension RunExecution {
  /// Everything that the source has is at the pipeline's paths.
  var isWhole: Bool {
    guard summary.narrowing == nil, !options.isDryRun, !staged.isEmpty else { return false }
    let isPublished = staged.allSatisfy { mapping in
      destinations.allSatisfy { !$0.takes(mapping.name) || appeared.contains([Name($0.name), Name(mapping.name)]) }
    }
    return isPublished && [.done, .partial].contains(summary.status)
  }

  /// Every mapping and every destination of the pipeline took part, so the run replaces everything that earlier runs
  /// staged.
  private var tookAll: Bool {
    staged.count == document.mappings.count && destinations.count == document.destinations.count
  }

  /// Keeps the staged records, compressed, and removes those of earlier runs once the whole pipeline has succeeded. The
  /// run's result stands: a failure here is only reported, and the next run tries again.
  func settleStaging() {
    guard let folder, let state else { return }
    do {
      try StagingArchive(folder: RunFolder(path: folder)).compress()
      guard isWhole, tookAll else { return }
      try StateCleanup(state: options.source.state, observer: observer)
        .removeStaging(before: summary.run, pipeline: document.name, location: location, state)
    } catch is CancellationError {
      return
    } catch {
      observer.note("the staged records in \(folder) were not compressed: \(OperationFailure(error))")
    }
  }
}
