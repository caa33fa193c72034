import Core
import Files
import Records

/// What `before: save` keeps of a part, and `waybill undo` reads: for each record that a run writes, what was there before and what
/// is there afterwards. One line of JSON for each:
///
///     {"undo":1,"pipeline":"acme","destination":"app","mapping":"contacts","location":"loc1","address":"https://…"}
///     {"before":{"key":"c17","remote_id":"r17","etag":"\"r17-3\"","digest":"ab…","fields":"01…","values":[["city","Rome"]],"record":{…}}}
///     {"after":{"key":"c17","remote_id":"r17","etag":"\"r17-4\"","sent":["name","city"],"record":{…}}}
///
/// A record that was not there has no member `record` in `before`. Without one in `after`, it is not known what the destination made
/// of what was sent. Records are kept byte for byte. What `waybill undo` has put back, but not as it was, has another line:
///
///     {"undone":{"key":"c17","remote_id":"r17","etag":"\"r17-5\"","record":{…}}}
///
/// The order of writing is: `before`, the call's intent, the call, `after`, the call's result. So however the process dies, no
/// record is written without a `before`, and no call has a result without an `after`. A key's `before` counts until there is an
/// `after`: calls that changed nothing may come in between, and so may somebody's change. The last `after` counts, with the members
/// that all of them have sent, and `undone` counts until there is another `after`.
final class UndoLog: Sendable {
  static let version = 1
  /// A record with its line's other members.
  static let longestLine = 4 << 20

  /// Whose records they are.
  struct Head: Sendable, Hashable {
    var pipeline, destination, mapping, location: String
    /// The base URL at which the IDs are valid.
    var address: String
  }

  /// A record as a lookup has shown it.
  struct Image: Sendable, Hashable {
    var remoteID: Name?
    var entityTag: Name?
    /// On one line.
    var record: [UInt8]?
  }

  struct Before: Sendable, Hashable {
    var image = Image()
    /// What the journal knew of the record.
    var digest: [UInt8]?
    var fields: [UInt8] = []
    /// The fields that requests name.
    var values: [Name: Name] = [:]
  }

  struct After: Sendable, Hashable {
    var image = Image()
    /// The names of the members that were sent.
    var sent: Set<Name> = []
    /// A lookup has shown another record than the one that was sent, after a call without a response: it may be the record that was
    /// sent, or somebody else's. From then on, it is not known what was there before.
    var isUncertain = false
  }

  struct Entry: Sendable, Hashable {
    var before: Before
    /// Nil: the run has not written it.
    var after: After?
    /// What the last undo left there, if it could not put everything back.
    var undone: Image?
  }

  let head: Head
  /// In the order in which they were written first.
  let keys: [Name]
  private let path: String
  private let file: FileRegions
  private let places: [Name: Place]

  /// Where a key's lines are.
  private struct Place: Sendable {
    var before: Range<Int>
    var after: Range<Int>?
    /// Those before the last one.
    var earlier: [Range<Int>] = []
    var isUncertain = false
    var undone: Range<Int>?
  }

  /// Reads where each record's lines are, and checks all of them. The beginning of a line at the end, left by a process that was
  /// killed, is ignored: nothing was sent for it.
  ///
  /// - Throws: `OperationFailure` with the code `damaged`, or `newerFormat`; if the file cannot be read.
  init(path: String) throws {
    self.path = path
    file = try FileRegions(path: path)
    var reader = LineReader(try FileInput(path: path), name: path, longest: Self.longestLine)
    var (head, keys, places): (Head?, [Name], [Name: Place]) = (nil, [], [:])
    var start = 0
    while let line = try reader.next(), line.isTerminated {
      let range = start..<start + line.bytes.count
      start = range.upperBound + 1
      func damaged() -> OperationFailure {
        OperationFailure(.damaged, "\(path):\(line.number) is not a valid entry; nothing was undone")
      }
      guard let slice = try? JSONSlicer.slice(Array(line.bytes)) else { throw damaged() }
      guard head != nil else {
        if let version = slice["undo"]?.integerValue, version > Self.version {
          throw OperationFailure(.newerFormat, "\(path): a newer version of Waybill wrote it: use that version")
        }
        guard let found = Head(slice) else { throw damaged() }
        head = found
        continue
      }
      if let before = slice["before"], let key = before["key"]?.stringValue.map({ Name($0) }), Before(before) != nil {
        if places[key] == nil { keys.append(key) }
        if places[key]?.after == nil { places[key] = Place(before: range) }
      } else if let after = slice["after"], let key = after["key"]?.stringValue.map({ Name($0) }), let parsed = After(after) {
        guard places[key] != nil else { throw damaged() }
        if let last = places[key]?.after { places[key]?.earlier.append(last) }
        places[key]?.after = range
        places[key]?.undone = nil
        if parsed.isUncertain { places[key]?.isUncertain = true }
      } else if let key = slice["undone"]?["key"]?.stringValue.map({ Name($0) }) {
        guard places[key]?.after != nil else { throw damaged() }
        places[key]?.undone = range
      } else {
        throw damaged()
      }
    }
    guard let head else { throw OperationFailure(.damaged, "\(path) is empty; nothing was undone") }
    (self.head, self.keys, self.places) = (head, keys, places)
  }

  /// The first line of a log.
  ///
  /// - Throws: as `init`.
  static func head(of path: String) throws -> Head {
    var reader = LineReader(try FileInput(path: path), name: path, longest: longestLine)
    guard let line = try reader.next(), line.isTerminated, let slice = try? JSONSlicer.slice(Array(line.bytes)),
      let head = Head(slice)
    else { throw OperationFailure(.damaged, "\(path):1 is not a valid entry; nothing was undone") }
    return head
  }

  /// Blocks while it reads.
  ///
  /// - Throws: `OperationFailure`.
  func entry(of key: Name) throws -> Entry? {
    guard let place = places[key] else { return nil }
    func slice(_ range: Range<Int>, _ name: String) throws -> JSONSlice? { try JSONSlicer.slice(try file.bytes(range))[name] }
    guard let before = try slice(place.before, "before").flatMap({ Before($0) }) else { throw changed }
    guard let range = place.after else { return Entry(before: before) }
    guard var after = try slice(range, "after").flatMap({ After($0) }) else { throw changed }
    if place.isUncertain { after.isUncertain = true }
    for range in place.earlier {
      guard let earlier = try slice(range, "after").flatMap({ After($0) }) else { throw changed }
      after.sent.formUnion(earlier.sent)
    }
    return Entry(before: before, after: after, undone: try place.undone.flatMap { try slice($0, "undone") }.map { Image($0) })
  }

  private var changed: OperationFailure { OperationFailure(.damaged, "\(path) changed while it was being read") }
}

// MARK: Lines

extension UndoLog.Head {
  var line: [UInt8] {
    JSONValue.object([
      .init("undo", .number(UndoLog.version)), .init("pipeline", .string(pipeline)), .init("destination", .string(destination)),
      .init("mapping", .string(mapping)), .init("location", .string(location)), .init("address", .string(address)),
    ]).bytes
  }

  fileprivate init?(_ slice: JSONSlice) {
    guard slice["undo"]?.integerValue == UndoLog.version, let pipeline = slice["pipeline"]?.stringValue,
      let destination = slice["destination"]?.stringValue, let mapping = slice["mapping"]?.stringValue,
      let location = slice["location"]?.stringValue, let address = slice["address"]?.stringValue
    else { return nil }
    self.init(pipeline: pipeline, destination: destination, mapping: mapping, location: location, address: address)
  }
}

extension UndoLog.Image {
  fileprivate var members: [JSONValue.Member] {
    [
      remoteID.map { JSONValue.Member("remote_id", .string($0.text)) },
      entityTag.map { JSONValue.Member("etag", .string($0.text)) },
    ].compactMap(\.self)
  }

  /// What undo has left there.
  func undoneLine(_ key: Name) -> [UInt8] { line("undone", key, []) }

  /// A line with these members, and the record as it is.
  fileprivate func line(_ name: String, _ key: Name, _ more: [JSONValue.Member]) -> [UInt8] {
    let own = JSONValue.object([.init("key", .string(key.text))] + members + more).bytes
    let end = record.map { Array(#","record":"#.utf8) + $0 + Array("}".utf8) } ?? Array("}".utf8)
    return Array(#"{"\#(name)":"#.utf8) + own.dropLast() + end + Array("}".utf8)
  }

  fileprivate init(_ slice: JSONSlice) {
    func text(_ name: String) -> Name? { slice[name]?.stringValue.map { Name($0) } }
    self.init(remoteID: text("remote_id"), entityTag: text("etag"), record: slice["record"].map { Array($0.raw) })
  }
}

extension UndoLog.Before {
  func line(_ key: Name) -> [UInt8] {
    var more: [JSONValue.Member] = []
    if let digest { more.append(.init("digest", .string(Hexadecimal.text(of: digest)))) }
    if !fields.isEmpty { more.append(.init("fields", .string(Hexadecimal.text(of: fields)))) }
    if !values.isEmpty {
      let pairs = values.sorted { $0.key < $1.key }.map { JSONValue.array([.string($0.key.text), .string($0.value.text)]) }
      more.append(.init("values", .array(pairs)))
    }
    return image.line("before", key, more)
  }

  fileprivate init?(_ slice: JSONSlice) {
    image = .init(slice)
    if let text = slice["digest"] {
      guard let bytes = text.stringValue.flatMap({ Hexadecimal.bytes(of: $0) }) else { return nil }
      digest = bytes
    }
    if let text = slice["fields"] {
      guard let bytes = text.stringValue.flatMap({ Hexadecimal.bytes(of: $0) }) else { return nil }
      fields = bytes
    }
    for pair in slice["values"]?.elements ?? [] {
      let texts = pair.elements.compactMap(\.stringValue)
      guard texts.count == 2 else { return nil }
      values[Name(texts[0])] = Name(texts[1])
    }
  }
}

extension UndoLog.After {
  func line(_ key: Name) -> [UInt8] {
    let sent = JSONValue.Member("sent", .array(sent.sorted().map { .string($0.text) }))
    return image.line("after", key, isUncertain ? [sent, .init("uncertain", .bool(true))] : [sent])
  }

  fileprivate init?(_ slice: JSONSlice) {
    image = .init(slice)
    guard let names = slice["sent"], names.kind == .array else { return nil }
    sent = Set(names.elements.compactMap(\.stringValue).map { Name($0) })
    isUncertain = slice["uncertain"]?.boolValue ?? false
  }
}
