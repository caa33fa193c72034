import Core
import Values

/// A time as written in a mapping's tests and on the command line: RFC 3339, with an offset.
package enum MomentText {
  package static func isMoment(_ text: String) -> Bool {
    let reader = DateTimeReader(formats: [.iso], zone: nil)
    var arena = ByteArena(capacity: 64)
    arena.begin()
    if case .value = reader.read(Array(text.utf8).span, into: &arena) { return true }
    return false
  }
}
