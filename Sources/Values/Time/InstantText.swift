/// The instant of an ISO 8601 timestamp with an offset, as `ISODateTime` parses it.
package enum InstantText {
  /// Whole seconds since 1970-01-01T00:00:00Z, rounded down; nil if the text is not a timestamp with an offset.
  package static func seconds(of text: Span<UInt8>) -> Int64? {
    var fields = DateTimeFields()
    guard ISODateTime.read(text, into: &fields) == nil else { return nil }
    switch fields.zone {
    case .zulu: return fields.localSeconds
    case .offset(let offset): return fields.localSeconds - Int64(offset)
    case .local: return nil
    }
  }
}
