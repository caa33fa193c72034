package import Core
import Files
import FoundationEssentials
import Records
package import Transform

/// What a mapping did to the values of a run: `changes-made/MAPPING.json` in the run's folder.
package struct ObservationsDocument: Sendable, Equatable {
  package static let version = 1

  /// A field of the target, or a var.
  package struct ChangedField: Sendable, Equatable {
    /// A var as `vars.NAME`.
    package var field: String
    /// The source paths that it reads.
    package var sources: [String]
    package var counts: ChangeCounts

    package init(field: String, sources: [String], counts: ChangeCounts) {
      self.field = field
      self.sources = sources
      self.counts = counts
    }
  }

  /// Which value of the source became which value of the target.
  package struct Crosstab: Sendable, Equatable {
    package struct Cell: Sendable, Equatable {
      /// Nil: no value.
      package var source: String?
      package var target: String?
      package var count: Int
      /// The mapping names the source value.
      package var isKnown: Bool

      package init(source: String?, target: String?, count: Int, isKnown: Bool) {
        self.source = source
        self.target = target
        self.count = count
        self.isKnown = isKnown
      }
    }

    package var field: String
    package var source: String
    /// The values are masked as the ledger masks them.
    package var isMasked: Bool
    /// Items in `cells` and `other`.
    package var total: Int
    /// The most frequent ones first.
    package var cells: [Cell]
    /// Values that the mapping names and no item had.
    package var unused: [String]
    /// Items with values beyond the limits.
    package var other: Int

    package init(
      field: String, source: String, isMasked: Bool, total: Int, cells: [Cell], unused: [String] = [], other: Int = 0
    ) {
      self.field = field
      self.source = source
      self.isMasked = isMasked
      self.total = total
      self.cells = cells
      self.unused = unused
      self.other = other
    }
  }

  package var mapping: String
  /// Items that were let through; no count is larger.
  package var items: Int
  /// Every field of the target, in the order of its records.
  package var fields: [ChangedField]
  /// Those with changes.
  package var vars: [ChangedField]
  package var crosstabs: [Crosstab]

  package init(mapping: String, items: Int, fields: [ChangedField], vars: [ChangedField] = [], crosstabs: [Crosstab] = []) {
    self.mapping = mapping
    self.items = items
    self.fields = fields
    self.vars = vars
    self.crosstabs = crosstabs
  }

  /// Nil if the run has not recorded it.
  ///
  /// - Throws: `OperationFailure` if the file cannot be read, or a newer version wrote it.
  package static func read(_ path: String) throws(OperationFailure) -> ObservationsDocument? {
    guard FilePath.exists(path) else { return nil }
    guard let bytes = FileManager.default.contents(atPath: path), let json = try? JSONReader.read(Array(bytes)),
      let version = json["version"]?.intValue
    else { throw .observationsDamaged(path) }
    guard version <= Self.version else { throw .observationsNewer(path) }
    guard let document = ObservationsDocument(json) else { throw .observationsDamaged(path) }
    return document
  }

  /// Writes the whole file, or nothing.
  ///
  /// - Throws: `OperationFailure`.
  package func write(to path: String) throws {
    try PrivateFolder.make(FilePath.folder(of: path), isInside: true)
    let file = try OutputFile(path: path, mode: 0o600)
    try file.write(Redactor.process.redacted(json).prettyText)
    try file.commit()
  }
}

extension OperationFailure {
  static func observationsDamaged(_ path: String) -> OperationFailure {
    OperationFailure(.damaged, "\(path) is damaged: run again")
  }

  static func observationsNewer(_ path: String) -> OperationFailure {
    OperationFailure(.newerFormat, "\(path): a newer version of Waybill wrote this file: use that version")
  }
}
