import Control
import Core
import Extract
import Files
import State

extension ReproductionSection {
  mutating func add(_ run: RunMaterial) {
    let digests = run.state?.compiled?.digests
    var row = Run(
      run: run.id, command: run.command, moment: run.request?.moment,
      folderVersion: PageFiles.json(run.folder.markPath)?["version"]?.intValue,
      files: (digests ?? [:]).filter { !$0.key.text.hasPrefix(exactly: "${") }.sorted { $0.key < $1.key }
        .map { Digest(name: $0.key.text, sha256: $0.value) },
      snapshotFiles: [])
    if let manifest = run.snapshot?.manifest {
      row.snapshotFiles =
        manifest.entities.values.sorted { $0.file.precedesExactly($1.file) }.map { Digest(name: $0.file, sha256: $0.sha256) }
        + manifest.files.sorted { $0.key < $1.key }.map { Digest(name: $0.key.text, sha256: $0.value.sha256) }
    }
    runs.append(row)
    if digests == nil {
      missing.append(.init(run: run.id, text: "The digests of the run's files are not recorded: an earlier version made it."))
    }
    if run.request == nil {
      missing.append(.init(run: run.id, text: "The options of the run are not recorded: an earlier version made it."))
    }
  }
}

extension RunMaterial {
  /// Does the run again on its snapshot, and writes nothing: its counts must be the same. Nil: the run had no snapshot, or its options are
  /// not recorded.
  var command: String? {
    guard let request, request.load == nil, request.replay == nil, let snapshot = record.snapshot else { return nil }
    var words = ["waybill", "run", "--snapshot", snapshot]
    if let location = request.location { words += ["--location", location] }
    for mapping in request.mappings ?? [] { words += ["--mapping", mapping] }
    for destination in request.destinations ?? [] { words += ["--to", destination] }
    if let shard = request.shard { words += ["--shard", shard] }
    words += ["--now", request.moment, "--dry-run"]
    return PageText.command(words)
  }
}
