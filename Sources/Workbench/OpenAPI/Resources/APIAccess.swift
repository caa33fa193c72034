import Core
import HTTP

/// How requests are authorized, as the pipeline writes it.
struct APIAccess {
  /// The content of `auth`; nil: nothing is sent.
  private(set) var auth: String?
  private(set) var remarks: [String] = []
  /// Variables of the environment that must be set, and what each is.
  private(set) var variables: [(name: String, meaning: String)] = []

  /// - Parameter prefix: of variables: `YOUR_APP`.
  init(_ operations: [APIOperation], _ document: APIDocument, prefix: String) {
    let schemes = document.isSwagger ? document.root["securityDefinitions"] : document.root["components"]?["securitySchemes"]
    let required = operations.first.map { $0.value["security"] ?? document.root["security"] } ?? document.root["security"]
    guard let required else {
      guard let first = schemes?.members.first, let scheme = document.resolve(first.value) else {
        fromHeader(operations, prefix)
        return
      }
      take(scheme, prefix)
      remarks.append("the document does not say which requests need it")
      return
    }
    let alternatives = required.elements.map { $0.members.map(\.name) }
    guard alternatives.contains(where: { !$0.isEmpty }) else { return }
    var best: (rank: Int, schemes: [APIValue])?
    for names in alternatives where !names.isEmpty {
      let found = names.compactMap { schemes?[$0].flatMap(document.resolve) }
      guard let first = found.first, best.map({ Self.rank(first) < $0.rank }) ?? true else { continue }
      best = (Self.rank(first), found)
    }
    guard let best, let first = best.schemes.first else {
      remarks.append("the document names a security scheme that it does not describe")
      return
    }
    take(first, prefix)
    for other in best.schemes.dropFirst() {
      remarks.append("it also requires \(Self.name(other)), which must be added under headers if it is not a secret")
    }
  }

  /// The lower, the simpler.
  private static func rank(_ scheme: APIValue) -> Int {
    switch (scheme.text("type"), scheme.text("scheme")?.lowercased(), scheme.text("in")) {
    case ("http", "bearer", _): 0
    case ("apiKey", _, "header"): 1
    case ("http", "basic", _), ("basic", _, _): 2
    case ("apiKey", _, "query"): 3
    case ("oauth2", _, _), ("openIdConnect", _, _): 4
    default: 5
    }
  }

  private static func name(_ scheme: APIValue) -> String {
    scheme.text("name").map { "'\(VisibleText.escaped($0))'" } ?? scheme.text("scheme") ?? scheme.text("type") ?? "another scheme"
  }

  private mutating func take(_ scheme: APIValue, _ prefix: String) {
    let given = scheme.text("name")
    let name = given.map(YAMLText.scalar)
    let rank = Self.rank(scheme)
    if let given, rank == 1 && !RequestParts.isHeaderName(given) || rank == 3 && !RequestParts.isParameterName(given) {
      let what = rank == 1 ? "header" : "parameter"
      remarks.append(
        "the document requires an API key in the \(what) '\(VisibleText.escaped(given))', which is not a valid name: requests are sent without it"
      )
      return
    }
    switch rank {
    case 0: useBearer(prefix, "its bearer token")
    case 1:
      auth = "{header: {name: \(name ?? "X-API-Key"), value: {env: \(prefix)_API_KEY}}}"
      variables.append(("\(prefix)_API_KEY", "its API key"))
    case 2:
      auth = "{basic: {user: \"${\(prefix)_USER:-put-the-user-here}\", password: {env: \(prefix)_PASSWORD}}}"
      variables += [("\(prefix)_USER", "its user name"), ("\(prefix)_PASSWORD", "its password")]
    case 3:
      auth = "{query: {name: \(name ?? "api_key"), value: {env: \(prefix)_API_KEY}}}"
      variables.append(("\(prefix)_API_KEY", "its API key"))
    case 4:
      useBearer(prefix, "an access token of the API")
      remarks.append("OAuth 2.0 is not supported yet, so this sends an access token that you get yourself")
    default: remarks.append("the document requires \(Self.name(scheme)), which is not supported: requests are sent without it")
    }
  }

  private mutating func useBearer(_ prefix: String, _ meaning: String) {
    auth = "{bearer: {env: \(prefix)_TOKEN}}"
    variables.append(("\(prefix)_TOKEN", meaning))
  }

  /// Where no scheme is described, a required header can be one.
  private mutating func fromHeader(_ operations: [APIOperation], _ prefix: String) {
    guard
      let parameter = operations.first?.parameters.first(where: { parameter in
        let words = NameMatch.words(parameter.name)
        return parameter.place == .header
          && (words.suffix(2) == ["api", "key"] || words.contains("token") || words == ["authorization"])
      })
    else { return }
    auth = "{header: {name: \(YAMLText.scalar(parameter.name)), value: {env: \(prefix)_API_KEY}}}"
    variables.append(("\(prefix)_API_KEY", "the value of the header \(parameter.name)"))
  }
}

/// The address under which an API is served.
struct APIServer: Hashable {
  /// Without a slash at its end. It can have `${NAME:-text}`.
  private(set) var address: String
  private(set) var remarks: [String] = []
  private(set) var variables: [String] = []

  /// - Parameter servers: of an operation, a path or the document.
  init(_ servers: APIValue?, _ document: APIDocument, prefix: String) {
    guard !document.isSwagger else {
      address = ""
      let host = document.root.text("host")
      let schemes = document.root.value["schemes"]?.arrayValue?.compactMap(\.stringValue) ?? []
      let scheme = schemes.contains("https") || schemes.isEmpty ? "https" : schemes[0]
      take(
        host.map { "\(scheme)://\($0)" + (document.root.text("basePath") ?? "") } ?? document.root.text("basePath") ?? "/", prefix
      )
      return
    }
    address = ""
    let all = (servers ?? document.root["servers"])?.elements ?? []
    let urls = all.map { Self.filled($0) }
    let usual = urls.first { $0.hasPrefix("https://") } ?? urls.first
    take(usual ?? "/", prefix)
    let others = urls.filter { $0 != usual }
    if !others.isEmpty { remarks.append("other servers: \(others.prefix(4).joined(separator: ", "))") }
  }

  /// With the defaults of its variables.
  private static func filled(_ server: APIValue) -> String {
    var url = server.text("url") ?? "/"
    for (name, variable) in server["variables"]?.members ?? [] {
      url = url.replacing(
        "{\(name)}", with: variable.text("default") ?? variable.value["enum"]?.arrayValue?.first?.stringValue ?? "")
    }
    return url
  }

  private mutating func take(_ url: String, _ prefix: String) {
    var plain = url
    while plain.hasSuffix("/") { plain.removeLast() }
    let variable = "\(prefix)_URL"
    if plain.hasPrefix("http://"), !Self.isLoopback(plain) {
      plain = "https://" + plain.dropFirst("http://".count)
      remarks.append("the document says http://, which would send the credentials unencrypted")
    }
    if plain.contains("://") {
      do throws(ServerAddress.Failure) {
        _ = try ServerAddress(plain)
        address = plain
        return
      } catch {
        address = "${\(variable):-https://put-the-host-here.invalid}"
        remarks.append("the address in the document \(error.reason)")
      }
    } else {
      let path = plain.isEmpty || plain.hasPrefix("/") ? plain : "/" + plain
      let isUsable = (try? ServerAddress("https://host.invalid" + path)) != nil
      address = "${\(variable):-https://put-the-host-here.invalid\(isUsable ? path : "")}"
      remarks.append("the document does not name the host")
    }
    variables.append(variable)
  }

  private static func isLoopback(_ url: String) -> Bool {
    let host = url.dropFirst("http://".count).prefix { $0 != "/" }
    return host.hasPrefix("127.0.0.1") || host.hasPrefix("localhost") || host.hasPrefix("[::1]")
  }
}
