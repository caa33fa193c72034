import Control
import Core
import FoundationEssentials

/// What a run was asked to do: the options that decide its result. They are in `run.json`, so that a resumed run has them again.
struct RunRequest: Codable, Hashable {
  var snapshot: String?
  var location: String?
  var businesses: [String]?
  var limit: Int?
  var mappings: [String]?
  var destinations: [String]?
  var shard: String?
  var isLenient: Bool
  var isDryRun: Bool
  var publishesPartial: Bool
  var acceptedGates: [String]
  /// `now` of expressions.
  var moment: String

  init(_ options: RunEngine.Options, moment: String) {
    snapshot = options.source.snapshot
    location = options.source.location
    businesses = options.source.businesses
    limit = options.source.limit
    mappings = options.source.mappings
    destinations = options.source.destinations
    shard = options.source.shard
    isLenient = options.isLenient
    isDryRun = options.isDryRun
    publishesPartial = options.publishesPartial
    acceptedGates = options.acceptedGates
    self.moment = moment
  }

  /// The same options, with everything that does not change a result as it is now.
  func apply(to options: inout RunEngine.Options) {
    options.source.snapshot = snapshot
    options.source.location = location
    options.source.businesses = businesses
    options.source.limit = limit
    options.source.mappings = mappings
    options.source.destinations = destinations
    options.source.shard = shard
    options.isLenient = isLenient
    options.isDryRun = isDryRun
    options.publishesPartial = publishesPartial
    options.acceptedGates = acceptedGates
    options.moment = moment
  }

  var json: JSONValue {
    get throws { try JSONReader.read(Array(try JSONEncoder().encode(self))) }
  }

  /// - Throws: if the value is not a request.
  init(_ json: JSONValue) throws { self = try JSONDecoder().decode(Self.self, from: Data(json.text.utf8)) }
}
