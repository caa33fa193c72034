import Core

extension OperationFailure {
  static func snapshotMissing(_ path: String, _ detail: String) -> OperationFailure {
    OperationFailure(.inputMissing, "there is no snapshot at '\(path)', \(detail): run `waybill extract` first")
  }

  static func snapshotDamaged(_ path: String, _ detail: String) -> OperationFailure {
    OperationFailure(.damaged, "the snapshot's '\(path)' is damaged, \(detail): run `waybill extract` again")
  }

  static func snapshotNewer(_ path: String, _ detail: String) -> OperationFailure {
    OperationFailure(
      .newerFormat,
      "a newer version of Waybill wrote the snapshot's '\(path)' (\(detail)): use that version, or move the snapshot away")
  }
}
