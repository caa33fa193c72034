import Control
import Core
import Report
import State
import Transform

/// What a report needs about the values of a run. If it cannot be written, the run has a note, and is not affected otherwise.
extension LocationRun {
  func keep(_ observations: Observations, of mapping: StagedMapping) {
    let document = ObservationsDocument(observations, of: mapping.program, digestKey: scope.digestKey)
    do { try document.write(to: folder.changesMade(of: mapping.name)) } catch {
      notes.append("the values that '\(mapping.name)' changed were not recorded: \(OperationFailure(error))")
    }
  }

  /// The random samples, one per mapping.
  ///
  /// - Parameter fates: those of mappings of which something was read, mapping by mapping.
  func keepSamples(_ fates: [OutcomeWriter.Fate]) {
    let bound = bound ?? compilation.flatMap { compilation in snapshot.flatMap { try? bind(compilation, $0) } } ?? []
    for mapping in bound {
      let own = fates.filter { $0.part.mapping == Name(mapping.name) }
      guard !own.isEmpty else { continue }
      let writer = SampleWriter(mapping.program, fates: own, ledger: folder.ledger, digestKey: scope.digestKey)
      do {
        try writer.sample(seed: SampleDocument.seed(of: id)).write(to: folder.sample(of: mapping.name))
      } catch {
        notes.append("no sample of '\(mapping.name)' was recorded: \(OperationFailure(error))")
      }
    }
  }
}
