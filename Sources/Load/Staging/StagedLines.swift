import Core
import Files
import Records

/// Reads single staged records by their numbers, which is rarely needed: the file is indexed when the first one is read, with eight
/// bytes of memory for each record.
final class StagedLines {
  private let path: String
  /// Where each line begins.
  private var starts: [Int] = []
  private var regions: FileRegions?

  /// - Parameter path: of a file that has not been compressed.
  init(path: String) { self.path = path }

  /// The target record; nil if there is none with this number.
  ///
  /// - Throws: `OperationFailure`.
  func record(_ ordinal: UInt64) async throws -> JSONValue? {
    if regions == nil {
      let path = path
      starts = try await BlockingWork.perform { try Self.starts(in: path) }
      regions = try FileRegions(path: path)
    }
    guard let index = Int(exactly: ordinal), index + 1 < starts.count,
      let bytes = try regions?.bytes(starts[index]..<starts[index + 1])
    else { return nil }
    return (try? JSONReader.read(bytes))?["record"]
  }

  private static func starts(in path: String) throws -> [Int] {
    let input = try FileInput(path: path)
    var buffer = [UInt8](repeating: 0, count: 256 * 1024)
    var position = 0
    var starts = [0]
    while true {
      let count = try buffer.withUnsafeMutableBufferPointer { bytes in
        try bytes.baseAddress.map { try input.read(into: $0, count: bytes.count) } ?? 0
      }
      if count == 0 { return starts }
      for index in 0..<count where buffer[index] == UInt8(ascii: "\n") { starts.append(position + index + 1) }
      position += count
    }
  }
}
