/// What `waybill undo` does with one record, according to what was there before the run, what the run left there, and what is
/// there now. No I/O.
package enum UndoVerdict: Sendable, Hashable {
  /// It is as it was before the run: the run has not changed it, or it was put back already.
  case isBack
  /// It is as the run left it, so it is changed back.
  case putBack
  /// The run created it, and it is as the run left it.
  case remove
  case leave(Left)

  /// Why a record is left as it is.
  package enum Left: String, Sendable, Hashable, CaseIterable {
    /// It is neither as it was before the run nor as the run left it, so somebody has changed it.
    case changedSince = "changed-since"
    /// Somebody has removed it.
    case goneSince = "gone-since"
    /// It is not known what the run left there, or what became of a call.
    case resultUnknown = "result-unknown"
    /// The run created it, and the pipeline has no request that removes it.
    case noDelete = "no-delete"
    /// The run created it, and records that refer to it stay.
    case needed
  }

  /// What the log and a lookup say about a record.
  package struct Facts: Sendable, Hashable {
    /// The destination had the record before the run.
    package var wasThere: Bool
    /// A lookup shows it now.
    package var isThere: Bool
    /// There before and now, with the same content.
    package var isAsBefore: Bool
    package var result: Result
    package var canDelete: Bool

    package init(wasThere: Bool, isThere: Bool, isAsBefore: Bool, result: Result, canDelete: Bool) {
      self.wasThere = wasThere
      self.isThere = isThere
      self.isAsBefore = isAsBefore
      self.result = result
      self.canDelete = canDelete
    }
  }

  /// What the run left at the destination, compared with what is there now.
  package enum Result: Sendable, Hashable, CaseIterable {
    /// The run has not written the record: the destination refused it, or it was never sent.
    case notWritten
    /// The run has written it, but no lookup has shown what the destination made of it.
    case unknown
    case same, different
  }

  package init(_ facts: Facts) {
    if facts.isAsBefore || !facts.wasThere && !facts.isThere {
      self = .isBack
      return
    }
    guard facts.isThere else {
      self = .leave(.goneSince)
      return
    }
    switch facts.result {
    case .notWritten, .different: self = .leave(.changedSince)
    case .unknown: self = .leave(.resultUnknown)
    case .same where facts.wasThere: self = .putBack
    case .same: self = facts.canDelete ? .remove : .leave(.noDelete)
    }
  }
}
