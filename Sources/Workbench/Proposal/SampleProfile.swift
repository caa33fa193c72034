package import Core
package import Records

/// What a sample of source records looks like: its fields, in the order in which they came, and their values.
package struct SampleProfile: Sendable {
  var fields: [FieldProfile] = []
  /// Records of the input, and those that were examined.
  package private(set) var records = 0
  package private(set) var seen = 0
  /// Lines that are not JSON objects, or rows with a wrong number of cells.
  package private(set) var unusable = 0
  /// The first of them.
  package private(set) var firstUnusable: (line: Int, reason: String)?
  /// Fields beyond the limit, or deeper than it.
  package private(set) var isCut = false
  /// Notes about the input as a whole.
  package private(set) var notes: [InputNote] = []
  /// Compared by the bytes of their names: two names that look alike are two fields.
  private var index: [[[UInt8]]: Int] = [:]

  static let maximumFields = 5_000
  static let maximumDepth = 6
  /// All records up to here are examined, and every tenth of the rest, which is enough to show patterns.
  static let wholePart = 10_000
  static let step = 10

  /// Reads an input to its end.
  ///
  /// - Throws: `OperationFailure` if the format cannot be determined, or does not accept a part of `reading`.
  package init(path: String, format: SourceFormat?, reading: FileReading = .init()) throws {
    guard let format = format ?? SourceFormat(path: path) else {
      throw OperationFailure(
        .usage,
        "the format of the sample \(path) cannot be determined from its name: pass \(CommandOption.inputFormat) \(SourceFormats.standard.listed)"
      )
    }
    try reading.check(for: format)
    var how = RecordReading()
    how.file = reading
    var source = try RecordInput.open(path, format: format, reading: how)
    try take(&source)
  }

  init(_ source: inout any RecordSource) throws { try take(&source) }

  /// Nothing was examined.
  init() {}

  private mutating func take(_ source: inout any RecordSource) throws {
    let batch = RecordBatch()
    let dates = DateProbe()
    while try source.fill(batch) {
      for item in batch.items {
        records += 1
        guard records <= Self.wholePart || records % Self.step == 0 else { continue }
        let bytes = Array(batch.bytes[item.start..<max(item.start, item.end)])
        let record = item.fault == nil ? try? JSONReader.read(bytes) : nil
        guard let members = record?.objectValue else {
          unusable += 1
          if firstUnusable == nil { firstUnusable = (item.line, Self.reason(item, in: batch, isJSON: record != nil)) }
          continue
        }
        seen += 1
        take(members, under: [], dates)
      }
    }
    notes = source.notes
    // A member that is sometimes an object and sometimes a value is read whole.
    let mixed = Set(fields.filter { $0.filled > 0 }.map { $0.path.map { Name($0) } })
    fields.removeAll { field in (1..<max(1, field.path.count)).contains { mixed.contains(field.path.prefix($0).map { Name($0) }) }
    }
  }

  private static func reason(_ item: RecordBatch.Item, in batch: RecordBatch, isJSON: Bool) -> String {
    guard let fault = item.fault else { return isJSON ? "the record is not an object" : "the record is not valid JSON" }
    return batch.note(of: item, about: fault) ?? "the record cannot be read (\(fault.slug))"
  }

  private mutating func take(_ members: [JSONValue.Member], under prefix: [String], _ dates: DateProbe) {
    for member in members {
      let path = prefix + [member.name]
      if case .object(let inner) = member.value {
        // An empty one does not show what it could contain.
        guard path.count >= Self.maximumDepth else {
          take(inner, under: path, dates)
          continue
        }
        isCut = true
      }
      let place: Int
      let key = path.map { Array($0.utf8) }
      if let known = index[key] {
        place = known
      } else {
        guard fields.count < Self.maximumFields else {
          isCut = true
          continue
        }
        place = fields.count
        index[key] = place
        fields.append(FieldProfile(path: path))
      }
      fields[place].take(member.value, dates: dates)
    }
  }

  /// Fields without a value in any examined record.
  var unfilled: [FieldProfile] { fields.filter { $0.filled == 0 } }

  /// Those that have a value anywhere and a name that a path can express.
  var usable: [FieldProfile] { fields.filter { $0.filled > 0 && SourcePathText.text($0.path) != nil } }
}

/// Source paths as a mapping writes them.
enum SourcePathText {
  private static let roots: Set<String> = ["vars", "custom", "item", "parent", "record"]

  /// Nil where a name cannot be written: it is empty, or has both kinds of quotes.
  static func text(_ path: [String]) -> String? {
    var text = ""
    for (index, name) in path.enumerated() {
      guard !name.isEmpty else { return nil }
      if name.contains(where: { ".[]\"'".contains($0) }) || (index == 0 && roots.contains(name)) {
        let quote = name.contains("\"") ? "'" : "\""
        guard !name.contains(quote) else { return nil }
        if index == 0 { text = "record" }
        text += "[\(quote)\(name)\(quote)]"
      } else {
        text += (index == 0 ? "" : ".") + name
      }
    }
    return text
  }
}
