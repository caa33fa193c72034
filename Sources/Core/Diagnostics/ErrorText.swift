/// An error whose description is our own text, written for people. The descriptions of other errors come from the system or from
/// a library, and are not shown.
package protocol DescribedError: Error, CustomStringConvertible {}

/// An error as text: our own description, never a library's, and never a dump of its fields.
package enum ErrorText {
  package static func describe(_ error: any Error) -> String {
    if let described = error as? any DescribedError { return described.description }
    // An error without a description prints as a Swift value, with whatever it holds.
    return "an internal error (\(type(of: error))), which is a bug in Waybill: please report it"
  }
}
