import Core
import Files
import Glibc
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
      if let marks, !marks.contains(where: { has($0, in: line.bytes) }) { continue }
      guard let value = try? JSONReader.read(Array(line.bytes)) else { continue }
      if !body(value) { return }
    }
  }
}

extension PageFiles {
  /// - Parameter mark: begins with a byte that is not frequent in the line.
  private static func has(_ mark: [UInt8], in line: ArraySlice<UInt8>) -> Bool {
    line.withUnsafeBytes { line in
      mark.withUnsafeBytes { mark in
        guard var place = line.baseAddress, let wanted = mark.baseAddress, let first = mark.first else { return false }
        let end = place + line.count
        while end - place >= mark.count, let found = memchr(place, Int32(first), end - place - mark.count + 1) {
          if memcmp(found, wanted, mark.count) == 0 { return true }
          place = UnsafeRawPointer(found) + 1
        }
        return false
      }
    }
  }
}

extension RunFolder {
  /// The profile of a mapping's source and target fields.
  func storedProfile(of mapping: String) -> String { "\(path)/profiles/\(SortableName.safe(mapping)).json" }
}
