import Core
package import HTTP
package import Mapping

extension SettingsReader {
  /// An http(s) address without credentials.
  package mutating func address(_ node: YAMLNode, _ what: String) -> ServerAddress? {
    guard let address = text(node, what) else { return nil }
    URLPassword.learn(from: address)
    do throws(ServerAddress.Failure) {
      return try ServerAddress(address)
    } catch {
      // The address is not repeated: it may contain a password.
      report(.badArgument, at: node.place, "\(what) \(error.reason)", hint: error.hint)
      return nil
    }
  }
}
