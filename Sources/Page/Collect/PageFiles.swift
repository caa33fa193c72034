import Core
import Files
import State

/// Files of runs that a page is made of.
enum PageFiles {
  /// Profiles of wide records are the largest.
  private static let mostBytes = 64 << 20

  /// Nil if the file does not exist or is not JSON.
  static func json(_ path: String) -> JSONValue? {
    guard FileKind.of(path) == .regular, case .success(let bytes) = SmallFile.bytes(of: path, atMost: mostBytes) else {
      return nil
    }
    return try? JSONReader.read(bytes)
  }

  /// Passes the lines of a file, as JSON, to `body` until it returns false. A line that is not JSON is skipped.
  ///
  /// - Parameter marks: only lines with one of these texts are read.
  static func lines(_ path: String, with marks: [[UInt8]]? = nil, _ body: (JSONValue) -> Bool) {
    guard FileKind.of(path) == .regular, let input = try? FileInput(path: path) else { return }
    var lines = LineReader(input, name: path, longest: 16 << 20)
    while let line = try? lines.next() {
      if let marks, !marks.contains(where: { line.bytes.firstRange(of: $0) != nil }) { continue }
      guard let value = try? JSONReader.read(Array(line.bytes)) else { continue }
      if !body(value) { return }
    }
  }
}

/// Files that other parts of a run write. Their names are those of Operating.md, "The state folder".
extension RunFolder {
  var totalsPath: String { "\(path)/totals.json" }
  var reconciliationPath: String { "\(path)/reconcile.json" }
  func profilePath(of mapping: String) -> String { "\(path)/profiles/\(SortableName.safe(mapping)).json" }
  func changesMadePath(of mapping: String) -> String { "\(path)/changes-made/\(SortableName.safe(mapping)).json" }
  func samplePath(of mapping: String) -> String { "\(path)/samples/\(SortableName.safe(mapping)).ndjson" }
  var differencesPath: String { "\(path)/differences.ndjson" }
}
