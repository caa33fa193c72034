package import Control
package import Core
package import Files
package import Records

/// `manifest.json` of a snapshot: the files beside it, and whether they are complete.
package struct SnapshotManifest: Sendable, Hashable {
  package struct Entity: Sendable, Hashable {
    /// The file's name in the snapshot's folder.
    package var file: String
    /// How the file is read; of a file that was copied, the pipeline's words for it.
    package var reading = FileReading()
    /// The dialect of a CSV file, as detected before it was copied; nil in manifests of older versions.
    package var dialect: CSVDialect?
    /// For a copied file that declares no fields: the member names in its first records, including those that a limit left out.
    /// Nil for tables, if no record could be read, if there are too many names, and in manifests without them.
    package var members: [String]?
    /// Records in the file.
    package var count: Int
    /// What the source has: for contacts, those listed plus those it reports but did not return; for notes, tasks and
    /// appointments, those received plus one for each list that was refused.
    package var expected: Int
    /// The number that the source reports; unreliable.
    package var claimed: Int?
    /// Lists that broke off with an unknown number of missing records: the coverage is unknown.
    package var unknown = 0
    /// Records, or lists of records, that the source refused after all retries or did not return.
    package var refused: Int
    /// Contacts that were listed but no longer existed when they were read.
    package var gone: Int
    package var bytes: Int
    /// SHA-256 of the file, hexadecimal.
    package var sha256: String
  }

  /// The format that this version writes; it also reads earlier ones.
  package static let currentVersion = 3

  package var id: String
  /// Numbers the snapshots of a state in the order in which they were started, from 1; nil in manifests of version 1.
  package var sequence: Int?
  package var location: String
  package var locationName: String?
  /// An IANA name.
  package var timezone: String?
  package var country: String?
  /// RFC 3339, UTC.
  package var started: String
  package var finished: String?
  package var isComplete: Bool
  /// Why it is not complete.
  package var failure: String?
  /// At most this many contacts were requested: the snapshot is not complete.
  package var limit: Int?
  /// Only the contacts of these businesses, by ID or name, were requested; nil: all.
  package var businesses: [String]?
  /// How the extraction was narrowed on request; a selection made by the pipeline itself does not narrow. Manifests of
  /// version 1 do not distinguish the two, so there both count as narrowing.
  package var narrowing: Narrowing?
  /// What was done with contacts that belong to no business, as the raw value of `FetchPlan.WithoutBusiness`; nil in copies
  /// of files, and in manifests of version 1.
  package var withoutBusiness: String?
  /// What was left out: the number of lines of `outside.ndjson` by reason.
  package var leftOut: [LeftOut: Int] = [:]
  /// The calls that were made, as raw values of `FetchCall`, sorted: data of other calls is not in the files. Nil for copied
  /// files, and in manifests of older versions.
  package var calls: [String]?
  package var entities: [Name: Entity]
  /// The other files, by name; empty in manifests of older versions.
  package var files: [Name: FileMark] = [:]
  /// The number of definitions in `custom-fields.json`; nil if they could not be read.
  package var customFields: Int?
  package var outsideBusinesses: Int?
  package var quota: Quota
  package var pages: Int

  /// The snapshot has everything that the source has: it was not narrowed to a number of contacts, or to businesses other
  /// than those in `wanted`, which a pipeline always reads.
  package func isWhole(businesses wanted: [String]? = nil) -> Bool {
    guard isComplete, limit == nil else { return false }
    guard let businesses else { return true }
    return wanted.map { Set(names: $0) == Set(names: businesses) } ?? false
  }

  /// How the snapshot is narrowed for a pipeline that always reads the businesses in `wanted` (nil: all of them).
  package func narrowing(forBusinesses wanted: [String]?) -> Narrowing? {
    let isOwnChoice = businesses.map { Set(names: $0) == wanted.map { Set(names: $0) } } ?? true
    return Narrowing(limit: limit ?? narrowing?.limit, businesses: isOwnChoice ? nil : businesses)
  }

  package static let fileName = "manifest.json"

  /// The valid sequence numbers, all of which can be read back exactly. Once the last one is reached, it is used again each
  /// time.
  static let sequences = 1...((1 << 53) - 1)

  /// The percentage of the source's records that the snapshot has; nil if nothing was expected, or the total is unknown.
  package func coverage(of entity: String) -> Double? {
    guard let entity = entities[entity], entity.expected > 0, entity.unknown == 0 else { return nil }
    return Double(entity.count) * 100 / Double(entity.expected)
  }

  package var json: JSONValue {
    func number(_ value: Int?) -> JSONValue { value.map { .number($0) } ?? .null }
    // The API's texts, and messages that quote them.
    func text(_ value: String?) -> JSONValue { value.map { .string(Redactor.process.redacted($0)) } ?? .null }
    func list(_ value: [String]?) -> JSONValue { value.map { .array($0.map { .string($0) }) } ?? .null }
    let files = entities.sorted { $0.key < $1.key }.map { name, entity in
      JSONValue.Member(
        name.text,
        .object([
          .init("file", .string(entity.file)), .init("reading", entity.reading.json),
          .init("dialect", entity.dialect?.json ?? .null), .init("members", list(entity.members)),
          .init("count", .number(entity.count)),
          .init("expected", .number(entity.expected)),
          .init("claimed", number(entity.claimed)), .init("refused", .number(entity.refused)),
          .init("gone", .number(entity.gone)), .init("unknown", .number(entity.unknown)),
          .init("bytes", .number(entity.bytes)), .init("sha256", .string(entity.sha256)),
        ]))
    }
    return .object([
      .init("version", .number(Self.currentVersion)), .init("id", .string(id)), .init("sequence", number(sequence)),
      .init("base", .null),
      .init(
        "location",
        .object([
          .init("id", .string(location)), .init("name", text(locationName)), .init("timezone", text(timezone)),
          .init("country", text(country)),
        ])),
      .init("started", .string(started)), .init("finished", text(finished)), .init("complete", .bool(isComplete)),
      .init("failure", text(failure)), .init("limit", number(limit)),
      .init("businesses", list(businesses)), .init("narrowed", narrowing?.json ?? .null),
      .init("without_business", text(withoutBusiness)),
      .init(
        "left_out",
        .object(leftOut.sorted { $0.key.rawValue < $1.key.rawValue }.map { .init($0.key.rawValue, .number($0.value)) })),
      .init("calls", list(calls)), .init("entities", .object(files)),
      .init(
        "files",
        .object(
          self.files.sorted { $0.key < $1.key }.map { name, mark in
            .init(name.text, .object([.init("bytes", .number(mark.bytes)), .init("sha256", .string(mark.sha256))]))
          })),
      .init("custom_fields", number(customFields)), .init("outside_businesses", number(outsideBusinesses)),
      .init(
        "requests",
        .object([
          .init("made", .number(quota.made)), .init("retried", .number(quota.retried)),
          .init("throttled", .number(quota.throttled)),
          .init("quota_remaining", number(quota.remaining)), .init("quota_daily", number(quota.dailyLimit)),
          .init("burst_limit", number(quota.burstLimit)),
          .init("burst_seconds", quota.burstSeconds.map { .number($0) } ?? .null),
        ])),
      .init("pages", .number(pages)),
    ])
  }

  package init?(_ json: JSONValue) {
    guard let version = json["version"]?.intValue, 1...Self.currentVersion ~= version, let id = json["id"]?.stringValue,
      let location = json["location"]?["id"]?.stringValue,
      let started = json["started"]?.stringValue, let isComplete = json["complete"]?.boolValue
    else { return nil }
    self.init(id: id, location: location, started: started)
    self.isComplete = isComplete
    locationName = json["location"]?["name"]?.stringValue
    timezone = json["location"]?["timezone"]?.stringValue
    country = json["location"]?["country"]?.stringValue
    finished = json["finished"]?.stringValue
    failure = json["failure"]?.stringValue
    limit = json["limit"]?.intValue
    businesses = json["businesses"]?.arrayValue?.compactMap(\.stringValue)
    sequence = json["sequence"]?.intValue.flatMap { Self.sequences.contains($0) ? $0 : nil }
    narrowing =
      version == 1 ? Narrowing(limit: limit, businesses: businesses) : json["narrowed"].flatMap { Narrowing($0) }
    withoutBusiness = json["without_business"]?.stringValue
    for reason in LeftOut.allCases { leftOut[reason] = json["left_out"]?[reason.rawValue]?.intValue }
    calls = json["calls"]?.arrayValue?.compactMap(\.stringValue)
    customFields = json["custom_fields"]?.intValue
    outsideBusinesses = json["outside_businesses"]?.intValue
    pages = json["pages"]?.intValue ?? 0
    quota.made = json["requests"]?["made"]?.intValue ?? 0
    quota.retried = json["requests"]?["retried"]?.intValue ?? 0
    quota.throttled = json["requests"]?["throttled"]?.intValue ?? 0
    quota.remaining = json["requests"]?["quota_remaining"]?.intValue
    quota.dailyLimit = json["requests"]?["quota_daily"]?.intValue
    quota.burstLimit = json["requests"]?["burst_limit"]?.intValue
    quota.burstSeconds = json["requests"]?["burst_seconds"]?.doubleValue
    for member in json["entities"]?.objectValue ?? [] {
      guard let file = member.value["file"]?.stringValue, let count = member.value["count"]?.intValue,
        let sha256 = member.value["sha256"]?.stringValue, var reading = FileReading(member.value["reading"] ?? .null)
      else { return nil }
      if version < 3, file.hasSuffix(".csv") {
        // Before version 3, the dialect was not detected, a bare quote made its row invalid, and a row of empty cells was a record.
        reading.delimiter = UInt8(ascii: ",")
        reading.quotes = .strict
        reading.keepsEmptyRows = true
      }
      var dialect: CSVDialect?
      if let recorded = member.value["dialect"], recorded != .null {
        guard let known = CSVDialect(recorded) else { return nil }
        dialect = known
      }
      entities[member.name] = Entity(
        file: file, reading: reading, dialect: dialect,
        members: member.value["members"]?.arrayValue?.compactMap(\.stringValue), count: count,
        expected: member.value["expected"]?.intValue ?? count,
        claimed: member.value["claimed"]?.intValue, unknown: member.value["unknown"]?.intValue ?? 0,
        refused: member.value["refused"]?.intValue ?? 0, gone: member.value["gone"]?.intValue ?? 0,
        bytes: member.value["bytes"]?.intValue ?? 0, sha256: sha256)
    }
    for member in json["files"]?.objectValue ?? [] {
      guard let bytes = member.value["bytes"]?.intValue, let sha256 = member.value["sha256"]?.stringValue else { return nil }
      files[member.name] = FileMark(bytes: bytes, sha256: sha256)
    }
  }

  init(id: String, location: String, started: String) {
    self.id = id
    self.location = location
    self.started = started
    isComplete = false
    entities = [:]
    quota = Quota()
    pages = 0
  }
}
