import Control
package import Core
import FoundationEssentials

/// What a run was asked to do: the options that decide its result. They are in `run.json`, so that a resumed run has them again.
package struct RunRequest: Codable, Hashable {
  package var snapshot: String?
  package var location: String?
  package var businesses: [String]?
  package var limit: Int?
  package var mappings: [String]?
  package var destinations: [String]?
  package var shard: String?
  package var isLenient: Bool
  package var isDryRun: Bool
  /// A dry run compares with what the destinations have. Nil in requests of earlier versions.
  package var comparesDestination: Bool?
  package var publishesPartial: Bool
  package var acceptedGates: [String]
  /// `now` of expressions.
  package var moment: String
  /// Nil if the run reads the pipeline's source.
  package var load: Load?

  /// Nil if the run is not a replay.
  package var replay: Replay?

  /// The open items that a replay replays.
  package struct Replay: Codable, Hashable, Sendable {
    /// The ID of the run whose items they are.
    package var run: String
    /// Those of these mappings; nil: of all.
    package var mappings: [String]?
    /// Those with this code; nil: with any.
    package var code: String?
    /// Those with this key; nil: with any.
    package var record: String?
    /// Those in this table, with the values that they have there; nil: with those of the source.
    package var corrections: Corrections?

    package init(
      run: String, mappings: [String]? = nil, code: String? = nil, record: String? = nil, corrections: Corrections? = nil
    ) {
      self.run = run
      self.mappings = mappings
      self.code = code
      self.record = record
      self.corrections = corrections
    }
  }

  /// A table of rejects that people have corrected.
  package struct Corrections: Codable, Hashable, Sendable {
    /// The path as given.
    package var file: String
    /// Of its content: a file that has changed since is not read.
    package var digest: String
    /// Columns that may differ in most of its rows; nil: none.
    package var changed: [String]?

    package init(file: String, digest: String, changed: [String]? = nil) {
      self.file = file
      self.digest = digest
      self.changed = changed
    }
  }

  /// The input of `waybill load`: the file name as given, and its format.
  package struct Load: Codable, Hashable {
    package var input: String
    package var format: String

    package init(input: String, format: String) {
      self.input = input
      self.format = format
    }
  }

  package init(
    snapshot: String? = nil, location: String? = nil, businesses: [String]? = nil, limit: Int? = nil, mappings: [String]? = nil,
    destinations: [String]? = nil, shard: String? = nil, isLenient: Bool, isDryRun: Bool, publishesPartial: Bool,
    acceptedGates: [String], moment: String, load: Load? = nil, comparesDestination: Bool? = nil, replay: Replay? = nil
  ) {
    self.snapshot = snapshot
    self.location = location
    self.businesses = businesses
    self.limit = limit
    self.mappings = mappings
    self.destinations = destinations
    self.shard = shard
    self.isLenient = isLenient
    self.isDryRun = isDryRun
    self.publishesPartial = publishesPartial
    self.acceptedGates = acceptedGates
    self.moment = moment
    self.load = load
    self.comparesDestination = comparesDestination
    self.replay = replay
  }

  package var json: JSONValue {
    get throws { try JSONReader.read(Array(try JSONEncoder().encode(self))) }
  }

  /// - Throws: if the value is not a request.
  package init(_ json: JSONValue) throws { self = try JSONDecoder().decode(Self.self, from: Data(json.text.utf8)) }
}
