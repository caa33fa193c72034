import HTTP

/// Which of two tokens is used.
package enum TokenRole: String, Sendable, Hashable { case primary, fallback }

/// The token in use: the first one until it is refused, then the fallback for the rest of the run.
actor TokenChoice {
  private let primary: Secret
  private let fallback: Secret?
  private(set) var role: TokenRole = .primary

  init(_ primary: Secret, fallback: Secret?) {
    self.primary = primary
    self.fallback = fallback
  }

  var current: (role: TokenRole, secret: Secret) {
    if role == .fallback, let fallback { return (.fallback, fallback) }
    return (.primary, primary)
  }

  /// The token was refused. True: try again with the other one.
  func giveUp(_ refused: TokenRole) -> Bool {
    guard fallback != nil, refused == .primary else { return false }
    // Another request may have switched tokens in the meantime.
    role = .fallback
    return true
  }
}
