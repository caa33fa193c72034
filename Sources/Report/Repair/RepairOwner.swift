/// Who can repair a problem. A person may have several of these roles.
package enum RepairOwner: String, Sendable, Hashable, CaseIterable {
  case dataOwner = "data-owner"
  case engineer = "integration-engineer"
  case runner = "operator"
  case administrator = "administrator"

  /// In words, as reports show it.
  package var title: String {
    switch self {
    case .dataOwner: "data owner"
    case .engineer: "integration engineer"
    case .runner: "operator"
    case .administrator: "administrator"
    }
  }
}
