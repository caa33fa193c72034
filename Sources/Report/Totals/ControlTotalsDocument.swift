package import Core
import Files

/// The control totals of a run, `totals.json` in its folder: what each mapping has read, and what each of its destinations has accepted.
package struct ControlTotalsDocument: Sendable, Hashable {
  package struct Source: Sendable, Hashable {
    /// As in the identity: with `each`, the elements.
    package var items: Int
    /// The records of the input; nil: it cannot be read again, or only some of it was taken.
    package var records: Int?
    /// Nil: not recorded.
    package var distinctKeys: Int?
    /// Over the bytes of the records: 64 hexadecimal digits; nil as for `records`.
    package var digest: String?

    package init(items: Int, records: Int? = nil, distinctKeys: Int? = nil, digest: String? = nil) {
      self.items = items
      self.records = records
      self.distinctKeys = distinctKeys
      self.digest = digest
    }
  }

  package struct Destination: Sendable, Hashable {
    package var destination: String
    /// The destination has accepted these records; false: they are what the mapping let through, but nothing was loaded.
    package var isLoaded: Bool
    /// Nil: the form of the records is known only once the destination has been read.
    package var totals: RecordFigures?

    package init(destination: String, isLoaded: Bool, totals: RecordFigures?) {
      self.destination = destination
      self.isLoaded = isLoaded
      self.totals = totals
    }
  }

  package struct Mapping: Sendable, Hashable {
    package var mapping: String
    package var source: Source
    package var destinations: [Destination]

    package init(mapping: String, source: Source, destinations: [Destination]) {
      self.mapping = mapping
      self.source = source
      self.destinations = destinations
    }
  }

  package var run: String
  /// RFC 3339, UTC.
  package var time: String
  package var mappings: [Mapping]

  static let version = 1

  package init(run: String, time: String, mappings: [Mapping]) {
    self.run = run
    self.time = time
    self.mappings = mappings
  }

  package func totals(of mapping: String, at destination: String) -> RecordFigures? {
    mappings.first { $0.mapping.isExactly(mapping) }?.destinations.first { $0.destination.isExactly(destination) }?.totals
  }

  /// - Throws: `OperationFailure`.
  package func write(to path: String) throws {
    let file = try OutputFile(path: path, mode: 0o600)
    try file.write(json.prettyText)
    try file.commit()
  }

  /// Nil if there is no file: the totals were not recorded.
  ///
  /// - Throws: `OperationFailure`: `damaged` if it cannot be read, `newerFormat` if a newer version wrote it.
  package static func read(_ path: String) throws(OperationFailure) -> ControlTotalsDocument? {
    guard let json = try RunDocument.json(at: path, version: version) else { return nil }
    guard let run = json["run"]?.stringValue, let time = json["time"]?.stringValue, let mappings = json["mappings"]?.arrayValue
    else { throw RunDocument.damaged(path) }
    return ControlTotalsDocument(run: run, time: time, mappings: mappings.compactMap { Mapping($0) })
  }
}

extension ControlTotalsDocument {
  package var json: JSONValue {
    .object([
      .init("version", .number(Self.version)), .init("run", .string(run)), .init("time", .string(time)),
      .init("mappings", .array(mappings.map(\.json))),
    ])
  }
}

extension ControlTotalsDocument.Mapping {
  fileprivate var json: JSONValue {
    .object([
      .init("mapping", .string(mapping)),
      .init(
        "source",
        .object([
          .init("items", .number(source.items)), .init("records", SummaryJSON.number(source.records)),
          .init("distinct_keys", SummaryJSON.number(source.distinctKeys)), .init("digest", SummaryJSON.text(source.digest)),
        ])),
      .init(
        "destinations",
        .array(
          destinations.map { one in
            let members: [JSONValue.Member] = [
              .init("destination", .string(one.destination)), .init("of", .string(one.isLoaded ? "loaded" : "staged")),
            ]
            return .object(members + (one.totals?.members ?? [.init("records", .null)]))
          })),
    ])
  }

  fileprivate init?(_ json: JSONValue) {
    guard let mapping = json["mapping"]?.stringValue, let source = json["source"], let items = source["items"]?.intValue else {
      return nil
    }
    self.init(
      mapping: mapping,
      source: .init(
        items: items, records: source["records"]?.intValue, distinctKeys: source["distinct_keys"]?.intValue,
        digest: source["digest"]?.stringValue),
      destinations: (json["destinations"]?.arrayValue ?? []).compactMap { one in
        guard let name = one["destination"]?.stringValue, let of = one["of"]?.stringValue else { return nil }
        return .init(destination: name, isLoaded: of == "loaded", totals: RecordFigures(one))
      })
  }
}
