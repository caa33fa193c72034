import Foundation

/// A folder that is removed with its content when the value goes.
final class TemporaryFolder {
  let path: String

  init() {
    var template = Array("/tmp/waybill-ledger-XXXXXX".utf8CString)
    path = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func mode(of name: String) -> UInt32 {
    var status = stat()
    return stat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o777 : 0
  }
}
