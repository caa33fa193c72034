import Core
import Records
import Transform

/// Columns of the input: `source.optional`, `on_bad_quote` and `max_record_bytes`, and columns that the mapping reads but
/// the input lacks.
extension MappingBuilder {
  mutating func readInputOptions(_ node: YAMLNode) {
    if let list = node["optional"] {
      for element in list.elements ?? [list] {
        guard let name = element.word("source.optional", &diagnostics) else { continue }
        optional.append((name, element.place))
        declareOptional(name)
      }
    }
    if let word = node["on_bad_quote"] {
      let words = RecordReading.BadQuote.allCases.map(\.rawValue)
      if let found = word.word("source.on_bad_quote", oneOf: words, &diagnostics).flatMap(RecordReading.BadQuote.init) {
        reading.onBadQuote = found
      }
    }
    if let size = node["max_record_bytes"] {
      let bytes = size.integer("source.max_record_bytes", in: RecordReading.recordBytes, &diagnostics)
      if let bytes { reading.maximumRecordBytes = bytes }
    }
  }

  /// A column that may be missing reads as null if it is.
  private mutating func declareOptional(_ name: String) {
    if let index = scope.shape.fields.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
      scope.shape.fields[index].isNullable = true
    } else if isOfHeader {
      scope.shape.fields.append(FieldShape(name, .string, privacy: DefaultPrivacy.policy(of: name)))
    }
  }

  /// The columns of the input, if they are known.
  var columns: [String]? { entity.isEmpty ? nil : catalog.columns(of: entity) }

  /// Whether the source's shape comes from the input's columns.
  var isOfHeader: Bool { !hasOwnSchema && columns != nil }

  /// Records that something reads `path`.
  mutating func markRead(_ path: SourcePath, at place: SourcePlace) {
    guard readPaths.insert(path).inserted else { return }
    reads.append(SourceRead(path: path, place: place))
  }

  /// Reports columns that are read but missing, each once, and optional ones that nothing reads.
  mutating func checkColumns() {
    if let columns {
      var seen: Set<[UInt8]> = []
      for read in reads {
        guard let name = read.member, seen.insert(Array(name.utf8)).inserted else { continue }
        let isThere = columns.contains { $0.utf8.elementsEqual(name.utf8) }
        let isDeclared = optional.contains { $0.name.utf8.elementsEqual(name.utf8) }
        if !isThere, !isDeclared { reportMissingColumn(name, read, in: columns) }
      }
      for (name, place) in optional where isRead(name) { warnOfLookAlike(name, at: place, in: columns) }
    }
    for (name, place) in optional where !isRead(name) {
      let hint = NearestName.hint(name, in: reads.compactMap(\.member)) ?? "remove it, or read it"
      report(.warning, .unusedOptional, at: place, "source.optional names '\(name)', which nothing reads", hint: hint)
    }
  }

  /// An optional column that is missing reads as null: a column that looks the same was probably meant.
  private mutating func warnOfLookAlike(_ name: String, at place: SourcePlace, in columns: [String]) {
    guard !columns.contains(exactly: name) else { return }
    let folded = name.lowercased()
    guard
      let other = NearestName.lookAlike(of: name, in: columns)?.other ?? columns.first(where: { $0.lowercased() == folded })
    else { return }
    report(
      .warning, .similarNames, at: place, "the input has no column '\(name)', but it has '\(other)', which looks similar",
      hint: NearestName.question(name, other))
  }

  private func isRead(_ name: String) -> Bool {
    readNames.contains(name)
      || reads.contains { name.utf8.elementsEqual($0.path.text.utf8) || $0.member?.utf8.elementsEqual(name.utf8) == true }
  }

  private mutating func reportMissingColumn(_ name: String, _ read: SourceRead, in columns: [String]) {
    // In a CSV file a nested field is one column: its name is not a path.
    let whole = columns.first { $0.utf8.elementsEqual(read.path.text.utf8) }
    let hint = whole.map { "the column '\($0)' is read as record[\(JSONValue.string($0).text)]" }
    report(
      .missingColumn, at: read.place, "the input has no column '\(name)'", hint: hint ?? Self.columnHint(name, in: columns))
  }

  static func columnHint(_ name: String, in columns: [String]) -> String {
    if let near = NearestName.hint(name, in: columns) { return near }
    let more = columns.count > 12 ? " and \(columns.count - 12) more" : ""
    return "it has: \(columns.prefix(12).joined(separator: ", "))\(more)"
  }
}
