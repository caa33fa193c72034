import Core
import Glibc

/// A short-lived private folder. The creator must remove it.
package enum TemporaryFolderPath {
  /// - Throws: `OperationFailure`.
  package static func make() throws -> String {
    let parent = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var template = Array("\(parent)/waybill-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw OperationFailure(
        .cannotWrite,
        "cannot create a temporary folder in \(parent): \(SystemReason(errno, .writing).text): point TMPDIR to a folder that you can write"
      )
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
