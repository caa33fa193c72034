package import Control
package import Core
import Files
import Records

/// Copies the success and reject files of a run to where people can use them, and checks them row by row while it does: together,
/// both files of a mapping at a destination have each item that was read, once.
///
/// The files that `OutcomeWriter` has written have their rows in the order of the item log, as `outcomes.ndjson` has its lines. So
/// each line must be the next row of one of the two files. If one is not, no file appears.
package struct OutcomeExport {
  package struct Part: Sendable {
    package var part: RunPart
    /// How many items the mapping read.
    package var read: Int
    /// The files of the run.
    package var success: String
    package var errors: String
    /// Where they are copied to.
    package var successCopy: String
    package var errorsCopy: String

    package init(part: RunPart, read: Int, success: String, errors: String, successCopy: String, errorsCopy: String) {
      self.part = part
      self.read = read
      self.success = success
      self.errors = errors
      self.successCopy = successCopy
      self.errorsCopy = errorsCopy
    }
  }

  /// The items of a part, by what became of them.
  package struct Result: Sendable {
    package var part: Part
    package var counts: OutcomeCounts

    package var errors: Int { OutcomeExport.errors.reduce(0) { $0 + counts[$1] } }
    package var success: Int { counts.total - errors }
  }

  /// The outcomes of rows in the error file. All others are in the success file: also those of items that were filtered out or merged
  /// into another, because nothing is wrong with them.
  package static let errors: [Outcome] = [.rejected, .failed, .pending]

  /// The first columns of both files.
  private static let columns = ["record", "outcome", "line"]

  /// What is in a file that a copy would replace: `rejects` if it is an earlier copy.
  ///
  /// - Throws: `OperationFailure` if the file cannot be read.
  package static func content(of path: String) throws -> RejectsTable.FileContent {
    guard let names = try FileHead.names(of: path) else { return .nothing }
    return Array(names.prefix(columns.count)).isExactly(columns) ? .rejects : .other
  }

  /// Copies the files of all parts, or none.
  ///
  /// - Parameter outcomes: the run's `outcomes.ndjson`.
  /// - Throws: `OperationFailure` if the files do not have exactly what was read, or cannot be read or written; `CancellationError`.
  package static func write(_ parts: [Part], outcomes: String) throws -> [Result] {
    var copies: [PartCopy] = []
    do {
      for part in parts { copies.append(try PartCopy(part)) }
      let places = Dictionary(copies.enumerated().map { ($1.part.part, $0) }, uniquingKeysWith: { first, _ in first })
      try OutcomeLine.forEach(in: outcomes) { line in
        try Task.checkCancellation()
        guard let place = places[RunPart(mapping: line.mapping, destination: line.destination)] else { return true }
        try copies[place].take(line)
        return true
      }
      for copy in copies { try copy.finish() }
      for copy in copies { try copy.seal() }
      for copy in copies { try copy.commit() }
    } catch {
      for copy in copies { copy.abandon() }
      throw error
    }
    return copies.map { Result(part: $0.part, counts: $0.counts) }
  }
}

/// The two files of a part while they are copied.
private final class PartCopy {
  let part: OutcomeExport.Part
  private let success: CopiedRows
  private let errors: CopiedRows
  private(set) var counts = OutcomeCounts()

  init(_ part: OutcomeExport.Part) throws {
    self.part = part
    success = try CopiedRows(part.success, to: part.successCopy)
    do { errors = try CopiedRows(part.errors, to: part.errorsCopy) } catch {
      success.abandon()
      throw error
    }
  }

  func take(_ line: OutcomeLine) throws {
    let rows = OutcomeExport.errors.contains(line.outcome) ? errors : success
    guard try rows.next() == CopiedRows.Row(line: line.line, outcome: line.outcome) else { throw rows.damage() }
    counts[line.outcome] += 1
  }

  /// - Throws: `OperationFailure` if there are more rows, or not as many as items were read.
  func finish() throws {
    for rows in [success, errors] where try rows.next() != nil { throw rows.damage() }
    guard counts.total == part.read else {
      throw OperationFailure(
        .damaged,
        "'\(part.part.mapping)' read \(part.read) items, and the files of '\(part.part.destination)' have \(counts.total): "
          + "nothing was written; restore the run's folder from a backup, or run the pipeline again")
    }
  }

  func seal() throws {
    try success.seal()
    try errors.seal()
  }

  func commit() throws {
    try success.commit()
    try errors.commit()
  }

  func abandon() {
    success.abandon()
    errors.abandon()
  }
}
