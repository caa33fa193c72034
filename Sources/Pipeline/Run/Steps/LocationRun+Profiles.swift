import Core
import Extract
import Files
import Profiles
import Records
import State
import Transform

/// Profiles of what the mappings read and wrote, in the run's folder.
extension LocationRun {
  /// Nil for a replay: it reads the whole input, and writes only some of it.
  func profiler(of mapping: StagedMapping) throws -> MappingProfiler? {
    guard options.source.replay == nil else { return nil }
    return MappingProfiler(
      mapping.program, shape: compilation?.catalog.shape(of: mapping.entity), customFields: try snapshot?.customFields() ?? [],
      today: String(moment.prefix(10)))
  }

  /// - Throws: `OperationFailure`.
  func write(_ profiler: MappingProfiler, of mapping: StagedMapping) throws {
    try PrivateFolder.make(folder.profiles, isInside: true)
    let file = try OutputFile(path: folder.profile(of: mapping.name), mode: 0o600)
    try file.write(profiler.document(input: targetFile?.name ?? mapping.input?.name ?? mapping.entity).json.prettyText)
    try file.commit()
  }
}
