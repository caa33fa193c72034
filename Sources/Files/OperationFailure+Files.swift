package import Core
import Glibc

extension OperationFailure {
  /// A file or stream that cannot be opened or read.
  package static func reading(_ path: String, _ reason: String) -> OperationFailure {
    OperationFailure(.inputMissing, "cannot read \(path): \(reason)")
  }

  /// The same, with the reason that the operating system's error number stands for.
  package static func reading(_ path: String, _ error: Int32) -> OperationFailure {
    let reason = SystemReason(error, .reading)
    return reading(path, "\(reason.text): \(reason.remedy)")
  }

  /// A file or stream that cannot be written: a full disk, a folder that does not exist, no permission. A pipe whose reader has gone
  /// is `outputClosed`.
  package static func writing(_ path: String, _ error: Int32) -> OperationFailure {
    let reason = SystemReason(error, .writing)
    return OperationFailure(
      error == EPIPE ? .outputClosed : .cannotWrite,
      "cannot write \(path): \(reason.text): \(reason.remedy)")
  }

  package static func writing(_ path: String, _ reason: String, remedy: String) -> OperationFailure {
    OperationFailure(.cannotWrite, "cannot write \(path): \(reason): \(remedy)")
  }
}
