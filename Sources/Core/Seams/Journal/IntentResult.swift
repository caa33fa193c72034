/// What became of one record of a call.
package struct IntentResult: Sendable, Hashable {
  package enum Fate: Sendable, Hashable {
    /// The destination accepted the record, and nothing more is sent for it.
    ///
    /// - Parameters:
    ///   - remoteID: nil: the one that was known before.
    ///   - entityTag: nil: the destination gives none.
    ///   - fields: replaces `IntentRecord.fields` if the destination did not apply all fields; nil if it did.
    case accepted(remoteID: Name? = nil, entityTag: Name? = nil, fields: [UInt8]? = nil)
    /// The destination has the record, but not as it was sent: a lookup has shown it with other values.
    ///
    /// - Parameters: as for `accepted`, except that nil for `fields` means that there are none.
    case present(remoteID: Name? = nil, entityTag: Name? = nil, fields: [UInt8]? = nil)
    /// The destination no longer has the record.
    case removed
    /// Nothing has changed at the destination: it refused the record, or the call was never sent.
    case refused
    /// The destination refused the record as it was sent, so that the same content would be refused again. Nothing has changed there;
    /// `Accepted.refusal` remembers it until something is accepted.
    ///
    /// - Parameter digest: of all that would have to be the same for it to be refused again.
    case declined(digest: [UInt8])
    /// The result can no longer be determined. The destination may have the record as it was sent, as it was before, or not at
    /// all.
    case unknown
  }

  package var ordinal: UInt64
  package var fate: Fate

  package init(_ ordinal: UInt64, _ fate: Fate) {
    self.ordinal = ordinal
    self.fate = fate
  }
}
