/// An error as text: its own description, never a dump of its fields.
package enum ErrorText {
  package static func describe(_ error: any Error) -> String {
    if let described = error as? any CustomStringConvertible { return described.description }
    // An error without its own description prints as a Swift value, with whatever it holds.
    return "an internal error (\(type(of: error))), which is a bug in Waybill: please report it"
  }
}
