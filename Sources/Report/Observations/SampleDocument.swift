package import Core
import Files
import FoundationEssentials
import Records
import Values

/// Records of a mapping that were chosen at random, source next to target: `samples/MAPPING.ndjson` in the run's folder.
package struct SampleDocument: Sendable, Equatable {
  package static let version = 1
  /// The most records.
  package static let size = 25

  package struct Record: Sendable, Equatable {
    /// As in the ledger; nil if it has no key.
    package var record: String?
    /// Of the input, from 1.
    package var line: Int
    /// Of `each`.
    package var element: Int?
    package var fates: [Fate]
    /// Why it was rejected or failed.
    package var problem: Problem?
    /// The source or the target could not be read back.
    package var isUnread = false
    /// Every field of the target.
    package var fields: [Field]
  }

  package struct Fate: Sendable, Equatable {
    package var destination: String
    package var outcome: Outcome
  }

  package struct Problem: Sendable, Equatable {
    package var code: String
    package var field: String?
    package var message: String?
  }

  package struct Field: Sendable, Equatable {
    package var field: String
    package var sources: [Source]
    /// Nil: no value.
    package var target: String?
  }

  package struct Source: Sendable, Equatable {
    package var path: String
    /// Nil: no value.
    package var value: String?
  }

  package var mapping: String
  /// The same seed chooses the same records of the same input.
  package var seed: String
  /// The items that they were chosen from: all but those that were filtered or merged.
  package var of: Int
  /// In the order of the input.
  package var records: [Record]

  package init(mapping: String, seed: String, of: Int, records: [Record]) {
    self.mapping = mapping
    self.seed = seed
    self.of = of
    self.records = records
  }

  /// The seed of a run for which nobody chose one.
  package static func seed(of run: String) -> String {
    let digits = String(Hash64.of(Array(run.utf8).span), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Nil if the run has not recorded it.
  ///
  /// - Throws: `OperationFailure` if the file cannot be read, or a newer version wrote it.
  package static func read(_ path: String) throws(OperationFailure) -> SampleDocument? {
    guard FilePath.exists(path) else { return nil }
    let lines = (FileManager.default.contents(atPath: path).map { Array($0) } ?? []).split(separator: UInt8(ascii: "\n"))
      .map { try? JSONReader.read(Array($0)) }
    guard let head = lines.first ?? nil, let version = head["version"]?.intValue else { throw .observationsDamaged(path) }
    guard version <= Self.version else { throw .observationsNewer(path) }
    let records = lines.dropFirst().compactMap { line in line.flatMap { Record($0) } }
    guard let mapping = head["mapping"]?.stringValue, let seed = head["seed"]?.stringValue, let of = head["of"]?.intValue,
      head["records"]?.intValue == records.count, records.count == lines.count - 1
    else { throw .observationsDamaged(path) }
    return SampleDocument(mapping: mapping, seed: seed, of: of, records: records)
  }

  /// Writes the whole file, or nothing.
  ///
  /// - Throws: `OperationFailure`.
  package func write(to path: String) throws {
    try PrivateFolder.make(FilePath.folder(of: path), isInside: true)
    let file = try OutputFile(path: path, mode: 0o600)
    let head = JSONValue.object([
      .init("version", .number(Self.version)), .init("mapping", .string(mapping)), .init("seed", .string(seed)),
      .init("of", .number(of)), .init("records", .number(records.count)),
    ])
    for line in [head] + records.map(\.json) { try file.write(Redactor.process.redacted(line).text + "\n") }
    try file.commit()
  }
}
