import Core
import Files

/// A JSON document in a run's folder that carries its format's version.
enum RunDocument {
  /// Nil if there is no file.
  ///
  /// - Throws: `OperationFailure`: `damaged` if it is not JSON, `newerFormat` if a newer version wrote it.
  static func json(at path: String, version: Int) throws(OperationFailure) -> JSONValue? {
    guard FileKind.of(path) == .regular else { return nil }
    guard case .success(let bytes) = SmallFile.bytes(of: path), let json = try? JSONReader.read(bytes) else {
      throw damaged(path)
    }
    // Files of earlier versions have none.
    guard (json["version"]?.intValue ?? 1) <= version else {
      throw OperationFailure(.newerFormat, "\(path): a newer version of Waybill created this file: use that version")
    }
    return json
  }

  static func damaged(_ path: String) -> OperationFailure { OperationFailure(.damaged, "\(path) is damaged: run again") }
}
