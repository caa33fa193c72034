import Files
import Glibc
import NIOCore
import NIOPosix

/// Why a connection gave no response, in our own words: what the network libraries say names their types and build paths, and
/// never what to do.
package struct ConnectionTrouble: Sendable, Hashable {
  /// "the server refuses the connection on port 8080".
  package let reason: String
  /// What to do; nil if the usual advice fits: check the network and the address, and try again later.
  package let remedy: String?

  package init(_ reason: String, remedy: String? = nil) {
    (self.reason, self.remedy) = (reason, remedy)
  }
}

extension ConnectionTrouble {
  /// No connection was established.
  ///
  /// - Parameters:
  ///   - error: what the client threw.
  ///   - url: where the request went.
  ///   - connectTimeout: how long the client waits for a connection.
  /// - Returns: nil for errors of connections that were established.
  static func connecting(_ error: any Error, to url: String, connectTimeout: Duration) -> ConnectionTrouble? {
    if let failure = error as? NIOConnectionError {
      if let dns = failure.dnsAError ?? failure.dnsAAAAError, failure.connectionErrors.isEmpty {
        return lookup(dns, of: failure.host)
      }
      let numbers = failure.connectionErrors.compactMap { ($0.error as? IOError)?.errnoCode }
      // With several addresses, a refusal says more than an address family that this machine does not have.
      guard let number = numbers.first(where: { $0 == ECONNREFUSED }) ?? numbers.first else {
        return silence(port: failure.port, connectTimeout)
      }
      return refusal(number, port: failure.port)
    }
    if error is SocketAddressError.UnknownHost { return lookup(error, of: ShownURL.host(of: url)) }
    if let failure = error as? IOError { return refusal(failure.errnoCode, port: ShownURL.port(of: url)) }
    if case .connectTimeout? = error as? ChannelError { return silence(port: ShownURL.port(of: url), connectTimeout) }
    return handshake(String(reflecting: error), host: ShownURL.host(of: url))
  }

  /// Whether it certainly happened before a connection was up, so that no byte of a request has left. Established connections fail
  /// with the same error numbers, and with TLS errors of their own.
  static func precedesRequest(_ error: any Error) -> Bool {
    if error is NIOConnectionError || error is SocketAddressError.UnknownHost { return true }
    if case .connectTimeout? = error as? ChannelError { return true }
    let text = String(reflecting: error).lowercased()
    if let failure = error as? IOError {
      return failure.errnoCode == ECONNREFUSED || text.contains("connect(") || text.contains("non-blocking connect")
    }
    return text.contains("handshake") || text.contains("hostname")
  }

  /// - Parameter port: nil if it is not known.
  static func silence(port: Int?, _ connectTimeout: Duration) -> ConnectionTrouble {
    ConnectionTrouble("no connection\(at(port)) within \(connectTimeout.components.seconds) s")
  }

  private static func at(_ port: Int?) -> String { port.map { " on port \($0)" } ?? "" }

  private static func lookup(_ error: any Error, of host: String) -> ConnectionTrouble {
    let code = (error as? SocketAddressError.UnknownHost)?.errorCode
    if code == Int(EAI_AGAIN) {
      return ConnectionTrouble(
        "the name server does not respond, so the host '\(host)' cannot be found",
        remedy: "check the network and this machine's name servers, and try again later")
    }
    return ConnectionTrouble("the host '\(host)' does not exist", remedy: "check the address, and this machine's name servers")
  }

  /// The error number of a socket.
  static func refusal(_ number: Int32, port: Int?) -> ConnectionTrouble? {
    switch number {
    case ECONNREFUSED: ConnectionTrouble("the server refuses the connection\(at(port))")
    case EHOSTUNREACH: ConnectionTrouble("there is no route to the server")
    case ENETUNREACH, ENETDOWN: ConnectionTrouble("the network is unreachable")
    case ETIMEDOUT: ConnectionTrouble("the server does not respond\(at(port))")
    case EADDRNOTAVAIL:
      ConnectionTrouble("this machine has no free port left", remedy: "close connections of other programs, and try again later")
    case EACCES, EPERM:
      ConnectionTrouble("this machine forbids the connection\(at(port))", remedy: "check its firewall and sandbox rules")
    case EMFILE, ENFILE, ENOMEM, ENOBUFS:
      ConnectionTrouble(SystemReason(number, .writing).text, remedy: SystemReason(number, .writing).remedy)
    default: nil
    }
  }

  /// A failed TLS handshake, recognized by the library's own description: its types are not part of any interface of ours.
  static func handshake(_ description: String, host: String) -> ConnectionTrouble? {
    let text = description.uppercased()
    guard ["SSL", "TLS", "HANDSHAKE"].contains(where: { text.contains($0) }) else { return nil }
    func has(_ signs: String...) -> Bool { signs.contains { text.contains($0) } }
    if has("FAILEDTOVALIDATEHOSTNAME", "HOSTNAMEIMPOSSIBLETOMATCH", "COULDN'T FIND <", "CANNOTMATCHULABEL") {
      return ConnectionTrouble("the server's certificate is not valid for the host '\(host)'", remedy: "check the address")
    }
    if has("CERTIFICATE_VERIFY_FAILED", "NOCERTIFICATETOVALIDATE", "UNABLETOVALIDATECERTIFICATE") {
      return ConnectionTrouble(
        "the server's certificate is not trusted: it has expired or is not yet valid, or this machine does not know its issuer",
        remedy: "check this machine's clock, and install the issuer's certificate (on Debian, the package `ca-certificates`)")
    }
    if has("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST") {
      return ConnectionTrouble(
        "the server does not speak TLS on this port", remedy: "check the port, and whether the address begins with `https://`")
    }
    if has("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION", "NO_PROTOCOLS_AVAILABLE", "NO_SHARED_CIPHER", "HANDSHAKE_FAILURE") {
      return ConnectionTrouble(
        "the server and Waybill have no TLS version or cipher in common", remedy: "the server must offer TLS 1.2 or later")
    }
    if has("BAD_CERTIFICATE", "CERTIFICATE_REQUIRED", "UNKNOWN_CA", "CERTIFICATE_UNKNOWN") {
      return ConnectionTrouble(
        "the server asks for a client certificate, which Waybill does not have", remedy: "check the address")
    }
    if has("EOF DURING HANDSHAKE", "UNCLEANSHUTDOWN") {
      return ConnectionTrouble("the server closed the connection before the TLS handshake was complete")
    }
    return ConnectionTrouble("a secure connection to the server cannot be established")
  }

  /// A connection that ended before the response did.
  static func breaking(_ error: any Error) -> ConnectionTrouble {
    if let number = (error as? IOError)?.errnoCode {
      switch number {
      case ECONNRESET, EPIPE, ECONNABORTED, ENOTCONN: return closed
      default: return refusal(number, port: nil) ?? ConnectionTrouble("the connection failed (error number \(number))")
      }
    }
    return ConnectionTrouble("the connection failed")
  }

  static let closed = ConnectionTrouble("the server closed the connection before its response was complete")
}

/// Parts of an address for messages.
private enum ShownURL {
  static func host(of url: String) -> String {
    let authority = authority(of: url)
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
    return String(authority.prefix { $0 != ":" })
  }

  static func port(of url: String) -> Int? {
    let authority = authority(of: url)
    if let colon = authority.lastIndex(of: ":"), let port = Int(authority[authority.index(after: colon)...]) { return port }
    return url.hasPrefix("https:") ? 443 : 80
  }

  private static func authority(of url: String) -> Substring {
    guard let start = url.firstRange(of: "://")?.upperBound else { return "" }
    return url[start...].prefix { $0 != "/" && $0 != "?" }
  }
}
