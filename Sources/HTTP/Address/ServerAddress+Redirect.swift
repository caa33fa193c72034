extension ServerAddress {
  /// Where a redirect leads, if it stays at this origin (scheme, host and port); otherwise nil.
  ///
  /// - Parameters:
  ///   - location: an address, or a reference relative to `url`.
  ///   - url: where the response came from.
  package func sameOrigin(_ location: String, from url: String) -> String? {
    guard location.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else { return nil }
    let plain = String(location.prefix { $0 != "#" })
    if let colon = plain.firstRange(of: "://") { return isOrigin(of: plain, after: colon.upperBound) ? plain : nil }
    if plain.hasPrefix("//") { return sameOrigin("\(scheme.rawValue):\(plain)", from: url) }
    // Another scheme: `mailto:x`.
    if plain.prefix(while: { $0 != "/" && $0 != "?" }).contains(":") { return nil }
    if plain.hasPrefix("/") { return origin + plain }
    guard !plain.isEmpty, url.hasPrefix(origin) else { return nil }
    let path = url.dropFirst(origin.count).prefix { $0 != "?" }
    if plain.hasPrefix("?") { return origin + path + plain }
    let names = plain.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false)
    guard !names.contains("."), !names.contains("..") else { return nil }
    return origin + (path.lastIndex(of: "/").map { path[...$0] } ?? "/") + plain
  }

  /// Path and query of an address at this origin, as for `sameOrigin`; otherwise nil.
  package func target(of location: String, from url: String) -> String? {
    guard let address = sameOrigin(location, from: url), let scheme = address.firstRange(of: "://") else { return nil }
    let target = address[scheme.upperBound...].drop { $0 != "/" && $0 != "?" }
    return target.hasPrefix("/") ? String(target) : "/" + target
  }

  /// The address without a path.
  package var origin: String { String(text.dropLast(path.count)) }

  private func isOrigin(of address: String, after start: String.Index) -> Bool {
    let authority = address[start...].prefix { $0 != "/" && $0 != "?" }
    guard let other = try? ServerAddress(String(address[..<start]) + authority) else { return false }
    return other.scheme == scheme && other.host == host && other.port == port
  }
}
