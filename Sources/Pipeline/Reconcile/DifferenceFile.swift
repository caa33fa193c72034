import Core
import Files
import PipelineFile
import State
import Values

/// Writes differences as lines of JSON, with values masked as the mapping's `pii` requires, and keeps the first ones.
///
///     {"run":"2026…","destination":"app","mapping":"contacts","key":"c18","what":"different","field":"credit",
///      "loaded":1500.00,"stored":1399.00,"remote_id":"u18"}
///
/// Members without a value are left out; a value that a side does not have is null.
final class DifferenceFile {
  private let file: OutputFile
  private let path: String
  private let isInFolder: Bool
  private let digestKey: DigestKey
  private var part: LoadedPart?
  /// Of the differences.
  private(set) var count = 0
  /// Of the records without a key, which are no differences.
  private(set) var remarks = 0
  /// As many as people read on a terminal.
  private(set) var first: [JSONValue] = []

  /// What was found of the current part.
  private(set) var found = PartFindings()

  private static let mostShown = 20

  /// - Parameter output: the path; nil: a file in the run's folder.
  /// - Throws: `OperationFailure`.
  init(_ output: String?, in folder: RunFolder, digestKey: DigestKey) throws {
    path = output ?? "\(folder.path)/differences.ndjson"
    isInFolder = output == nil
    self.digestKey = digestKey
    file = try OutputFile(path: path, mode: 0o600, isPrivate: true)
  }

  /// A list of differences replaces an earlier one, and nothing else that somebody may need.
  ///
  /// - Throws: `OperationFailure` with the exit code `usage`.
  static func checkReplaced(_ path: String) throws {
    guard FileKind.of(path) == .regular else { return }
    var lines = LineReader(try FileInput(path: path), name: path)
    do {
      guard let first = try lines.next() else { return }
      let line = try? JSONReader.read(Array(first.bytes))
      if let line, names.allSatisfy({ line[$0] != nil }) { return }
    } catch let failure as OperationFailure where failure.code == .wrongFile {
      // A database has no lines.
    }
    throw OperationFailure(
      .usage, "--output \(path) already exists and is not a list of differences, so it was not replaced: choose another path")
  }

  private static let names = ["run", "destination", "mapping", "what"]

  func begin(_ part: LoadedPart) {
    self.part = part
    found = PartFindings()
  }

  func add(_ difference: StoredDifference) throws {
    guard let part else { return }
    var members: [JSONValue.Member] = [
      .init("run", .string(part.loads[0].run)), .init("destination", .string(part.destination.name)),
      .init("mapping", .string(part.form.mapping)),
    ]
    if let location = part.shownLocation { members.append(.init("location", .string(location))) }
    if let key = difference.key { members.append(.init("key", .string(key.text))) }
    members.append(.init("what", .string(difference.kind.rawValue)))
    if let field = difference.field {
      let privacy = difference.column.map { part.form.columns[$0].privacy } ?? .show
      members += [
        .init("field", .string(field)), .init("loaded", masked(difference.loaded, privacy)),
        .init("stored", masked(difference.stored, privacy)),
      ]
    }
    if let id = difference.remoteID { members.append(.init("remote_id", .string(id.text))) }
    let line = Redactor.process.redacted(JSONValue.object(members))
    try file.write(line.text + "\n")
    if difference.kind == .withoutKey { remarks += 1 } else { count += 1 }
    found.add(difference, line)
    if first.count < Self.mostShown { first.append(line) }
  }

  /// Numbers and short lists that may be shown stay what they are, so that `12.5` is not `"12.5"`.
  private func masked(_ value: JSONValue?, _ privacy: Privacy) -> JSONValue {
    guard let value, value != .null else { return .null }
    let text = value.stringValue ?? value.text
    if privacy == .show, value.stringValue == nil, text.utf8.count <= Masking.longestShown { return value }
    return .string(Masking.string(text.utf8Span.span, as: privacy, key: digestKey))
  }

  /// - Returns: its path; nil if there are no differences, and nobody asked for the file.
  /// - Throws: `OperationFailure`.
  func finish() throws -> String? {
    guard count + remarks > 0 || !isInFolder else {
      // One of an earlier comparison.
      file.abandon()
      if FileKind.of(path) == .regular { FileRemoval.file(path) }
      return nil
    }
    try file.commit()
    return path
  }

  func abandon() { file.abandon() }
}
