/// How a sandbox is set up. The defaults are a small location that behaves as the documents and `facts.md` say.
package struct SandboxOptions: Sendable {
  /// 0: the system chooses one.
  package var port = 0
  package var host = "127.0.0.1"
  package var contacts = 1000
  package var businesses = 5
  package var seed: UInt64 = 1
  /// Multiplies GHL's limits (100 requests in 10 seconds, 200,000 in a day) and that of Your App (1,000 in 10 seconds).
  package var limitScale = 1.0
  /// The window of GHL's limit of 100 requests, in milliseconds.
  package var limitInterval = 10_000
  /// Requests in a day; nil is 200,000 times `limitScale`.
  package var dailyLimit: Int?
  /// nil derives one from the seed.
  package var locationID: String?
  package var token: String?
  package var faults = FaultPlan()
  /// How many locations it hosts: the first one has the contacts, the others start without any.
  package var locations = 1
  /// Which location these options are for; 0 is the first one.
  private(set) var locationNumber = 0

  package init() {}

  package init(contacts: Int, businesses: Int, seed: UInt64 = 1, limitScale: Double = 1, faults: FaultPlan = FaultPlan()) {
    self.contacts = contacts
    self.businesses = businesses
    self.seed = seed
    self.limitScale = limitScale
    self.faults = faults
  }

  package var burstLimit: Int { Self.scaled(100, limitScale) }
  /// The number of requests that Your App allows in ten seconds.
  package var appLimit: Int { Self.scaled(AppWindow.usualLimit, limitScale) }
  package var effectiveDailyLimit: Int { dailyLimit ?? faults.dailyLimit ?? Self.scaled(200_000, limitScale) }

  private static func scaled(_ limit: Int, _ scale: Double) -> Int {
    let value = Double(limit) * scale
    return value.isFinite && value < 1e15 ? max(Int(value.rounded()), 1) : Int(1e15)
  }

  package var data: SyntheticData {
    SyntheticData(
      contacts: contacts, businesses: businesses, seed: seed, locationID: locationID,
      identifiers: SyntheticIdentifier(seed: identifierSeed))
  }

  /// The seed of everything that differs between locations: identifiers, tokens and faults.
  var identifierSeed: UInt64 { Self.identifierSeed(seed, location: locationNumber) }

  static func identifierSeed(_ seed: UInt64, location number: Int) -> UInt64 {
    number == 0 ? seed : Draw.mix(seed ^ Draw.mix(UInt64(number)))
  }

  /// Those of another location of the same sandbox: it has no contacts, and an identifier and tokens of its own.
  func forLocation(_ number: Int) -> SandboxOptions {
    var options = self
    options.contacts = 0
    options.locationID = nil
    options.token = nil
    options.locationNumber = number
    return options
  }
}

/// The tokens of a location. Only `location` and `second` are accepted; each other one is refused in its own way (`facts.md` 2.3).
package struct SandboxTokens: Sendable {
  /// A private integration token of the location.
  package var location: String
  /// The next one of the location, for a rotation: both are good until `rotate-after`.
  package var second: String
  /// A private integration token of the agency: the wrong class of user.
  package var agency: String
  /// An OAuth token of the company, not yet exchanged for one of the location.
  package var company: String
  /// A token of a location that the sandbox does not host.
  package var otherLocation: String
  /// The access token of Your App.
  package var app: String

  init(seed: UInt64, token: String?) {
    func make(_ number: Int, prefix: String = "pit-") -> String {
      var draw = Draw(seed: seed, stream: .identifier, index: number)
      return prefix + [8, 4, 4, 4, 12].map { draw.hexadecimal($0) }.joined(separator: "-")
    }
    location = token ?? make(0)
    agency = make(1)
    company = "sandbox.company." + make(2)
    otherLocation = make(3)
    second = make(4)
    app = make(5, prefix: "app-")
  }

  func accepts(_ token: String) -> Bool { token == location || token == second }
}

/// Where a running sandbox is reached, as `waybill sandbox --json` prints it.
package struct SandboxAddress: Sendable, Hashable {
  /// `http://127.0.0.1:49152`, without a slash at the end.
  package var baseURL: String
  package var port: Int
  package var token: String
  /// The next one, for `auth.fallback`.
  package var fallbackToken: String?
  package var location: String
  /// The base URL of the look-alike of Your App: `http://127.0.0.1:49152/app/v1`.
  package var appBaseURL: String
  package var appToken: String
  /// All locations in their order; the first one is `location` with `token`.
  package var locations: [Location]

  package struct Location: Sendable, Hashable {
    package var id: String
    package var token: String
    /// The next one, for `auth.fallback`.
    package var fallbackToken: String?
  }
}
