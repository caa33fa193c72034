package import Core

/// A snapshot cannot be written or read.
package struct SnapshotFailure: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable, Hashable { case cannotWrite, missing, damaged }

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
    }
  }

  package var description: String {
    switch kind {
    case .cannotWrite: "cannot write '\(path)', \(detail): free some space or change the folder's rights"
    case .missing: "there is no snapshot at '\(path)'\(detail.isEmpty ? "" : ", \(detail)"): run `waybill extract` first"
    case .damaged: "the snapshot's '\(path)' is damaged, \(detail): run `waybill extract` again"
    }
  }
}
