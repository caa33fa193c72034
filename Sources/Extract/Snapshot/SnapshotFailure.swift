package import Core

/// A snapshot cannot be written or read.
package struct SnapshotFailure: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, Hashable {
    case cannotWrite, missing, damaged
    /// It was written by a newer version of the program.
    case newer
  }

  package var kind: Kind
  package var path: String
  package var detail: String

  package init(kind: Kind, path: String, detail: String) {
    self.kind = kind
    self.path = path
    self.detail = detail
  }

  package var exitCode: ExitCode {
    switch kind {
    case .cannotWrite: .cannotWrite
    case .missing, .damaged: .inputMissing
    case .newer: .configuration
    }
  }

  package var description: String {
    switch kind {
    case .cannotWrite: "cannot write '\(path)', \(detail): free some space or change the folder's rights"
    case .missing: "there is no snapshot at '\(path)'\(detail.isEmpty ? "" : ", \(detail)"): run `waybill extract` first"
    case .newer:
      "a newer version of Waybill wrote the snapshot's '\(path)' (\(detail)): use that version, or move the snapshot away"
    case .damaged: "the snapshot's '\(path)' is damaged, \(detail): run `waybill extract` again"
    }
  }
}
