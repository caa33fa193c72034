package import Control
package import Core
import Files
import FoundationEssentials

/// `facts.ndjson` of a run: one fact per line with its time, each durable before the next step starts.
///
///     {"fact":{"judged":[…]},"time":"2026-11-29T02:14:07Z"}
///
/// The file stays after the run has ended: it is what a later process resumes the run from.
package final class FactLog {
  private struct Line: Codable {
    var time: String
    var fact: RunFact
  }

  private let file: AppendedLines

  /// A new log.
  ///
  /// - Throws: `OperationFailure`.
  package init(path: String) throws(OperationFailure) { file = try AppendedLines(path: path) }

  /// Opens the log of a run that was stopped, and returns its facts. A line that was not finished is removed.
  ///
  /// - Throws: `OperationFailure`: `damaged` if a line is not a fact.
  package static func reopen(path: String) throws(OperationFailure) -> (log: FactLog, facts: [RunFact]) {
    let (file, lines) = try AppendedLines.reopen(path: path)
    return (FactLog(file), try Self.facts(lines, path))
  }

  /// The facts of a run, without opening it.
  ///
  /// - Throws: as `reopen`.
  package static func read(_ path: String) throws(OperationFailure) -> [RunFact] { try facts(AppendedLines.read(path), path) }

  private static func facts(_ lines: [[UInt8]], _ path: String) throws(OperationFailure) -> [RunFact] {
    var facts: [RunFact] = []
    for (index, line) in lines.enumerated() {
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(line)) else {
        throw OperationFailure(.damaged, "\(path):\(index + 1) is not a valid run fact: start over")
      }
      facts.append(line.fact)
    }
    return facts
  }

  private init(_ file: AppendedLines) { self.file = file }

  /// Returns when the fact is durable.
  ///
  /// - Throws: `OperationFailure`.
  package func append(_ fact: RunFact, at time: String) throws(OperationFailure) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      let line = try encoder.encode(Line(time: time, fact: fact))
      // Messages quote names and addresses.
      try file.append(Array(Redactor.process.redacted(String(decoding: line, as: UTF8.self)).utf8))
    } catch {
      throw OperationFailure(error)
    }
  }
}
