import Core
import Files
import Records

/// What a run staged, kept for later comparison until the next successful run of the same pipeline and location:
///
///     staging/MAPPING.ndjson.gz            target records with key, line and digest
///     staging/MAPPING.items.gz, .keys.gz   how each item ended (`ItemLog`)
///     staging/MAPPING.corrections.ndjson.gz  source records of a replay as people have corrected them
///     staging/MAPPING.form.json            what the columns of the target records are (`StagedForm`)
///     DESTINATION/MAPPING.fates.gz         what became of it at a destination (`FateLog`)
///     DESTINATION/MAPPING.changes.gz       what a dry run predicts for it (`ChangeLog`)
///     staging/definitions/…                the mapping files that it used, as they were
///     staging/definitions.json             which mapping is which file
///     staging/input/…                      the input of `waybill load`, until the run ends
package struct StagingArchive: Sendable {
  package let folder: RunFolder

  package init(folder: RunFolder) {
    self.folder = folder
  }

  /// As `DefinitionCopies` in `Mapping` writes them.
  private static let definitions = "definitions"
  private static let definitionsIndex = "definitions.json"
  private static let suffixes = [".ndjson", ".items", ".keys"]
  private static let logs = [RunFolder.fatesExtension, RunFolder.changesExtension]

  /// Whether it is a staged file, compressed or not.
  private static func isStaged(_ name: String, isCompressed: Bool) -> Bool {
    suffixes.contains { name.hasSuffix(isCompressed ? $0 + ".gz" : $0) }
  }

  private static func isLog(_ name: String) -> Bool { logs.contains { name.hasSuffix(".\($0)") } }

  /// Compresses what was staged, and removes the copy of the load's input unless it is still needed. If it is interrupted, or the disk is full, some
  /// files stay uncompressed; all are complete either way.
  ///
  /// - Throws: `OperationFailure`, `CancellationError`.
  package func compress(keepsInput: Bool = false) throws {
    if !keepsInput { FileRemoval.tree(folder.input) }
    for name in FolderListing.names(in: folder.staging) where Self.isStaged(name, isCompressed: false) && !name.hasPrefix(".") {
      try compress("\(folder.staging)/\(name)")
    }
    for destination in destinations {
      for name in FolderListing.names(in: destination) where Self.isLog(name) {
        try compress("\(destination)/\(name)")
      }
    }
  }

  /// Makes the staged records what they were before they were compressed.
  ///
  /// - Throws: `OperationFailure`, `CancellationError`.
  package func expand() throws {
    for name in FolderListing.names(in: folder.staging) where name.hasSuffix(".ndjson.gz") && !name.hasPrefix(".") {
      let path = "\(folder.staging)/\(name)"
      try GzipFile.expand(path, to: String(path.dropLast(KeptFile.suffix.count)))
      FileRemoval.file(path)
    }
  }

  private func compress(_ path: String) throws {
    try GzipFile.compress(path, to: path + ".gz")
    FileRemoval.file(path)
  }

  /// The folders of destinations.
  private var destinations: [String] {
    FolderListing.names(in: folder.path)
      .filter { $0 != RunFolder.stagingName && !RunFolder.observationFolders.contains($0) }.map { "\(folder.path)/\($0)" }
      .filter { FolderListing.isFolder($0) }
  }

  /// Removes what a run staged, and the files that it did not publish. Files that no run writes are kept. Without its facts,
  /// the run cannot be resumed; what it did is still known from them.
  package func remove() {
    FileRemoval.setAside(folder.facts, as: folder.pastFacts)
    FileRemoval.file(folder.ledger + ".part")
    guard FolderListing.isFolder(folder.staging) else { return }
    FileRemoval.tree("\(folder.staging)/\(Self.definitions)")
    FileRemoval.tree(folder.input)
    for name in FolderListing.names(in: folder.staging) {
      let isOurs =
        name == Self.definitionsIndex || name.hasSuffix(StagedForm.suffix)
        || [false, true].contains { Self.isStaged(name, isCompressed: $0) }
      if isOurs || OutputFile.isUnfinished(name) { FileRemoval.file("\(folder.staging)/\(name)") }
    }
    FileRemoval.emptyFolder(folder.staging)
    for destination in destinations { removeKept(in: destination) }
  }

  /// Beside `MAPPING.success.csv` and `MAPPING.rejects.csv`, which are kept. A mapping's name has no dot in it.
  private func removeKept(in folder: String) {
    for name in FolderListing.names(in: folder) where !name.hasPrefix(".") {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      let isKept = parts.count == 2 && KeptExtension(rawValue: String(parts[1])) != nil
      let isLog = parts.count > 1 && Self.logs.contains(String(parts[1]))
      if isKept || isLog { FileRemoval.file("\(folder)/\(name)") }
    }
  }
}
