package import Core
import Files

/// Why most of an input's records could not be used, as far as its first bytes show it: its format is not the one that it was
/// read in, or its records are in a list inside a document.
///
/// It is asked for only when most records were refused: what it recognizes may be intended.
package enum InputAdvice {
  private static let headBytes = 64 * 1024
  /// The most content that is read to find a list, which takes about a second.
  package static let listBytes = 64 << 20

  /// A sentence about the file; nil if it shows nothing, or can be read only once.
  package static func sentence(
    _ path: String, format: SourceFormat, _ reading: FileReading = .init(), in place: ReadingPlace = .options
  ) -> String? {
    guard format == .ndjson || format == .json, RecordInput.isRegular(path),
      let text = try? RecordInput.text(of: path, encoding: reading.encoding)
    else { return nil }
    var input = PeekedInput(text)
    var head = input.peek(headBytes)[...]
    if head.starts(with: UnicodeForm.utf8.mark) { head = head.dropFirst(3) }
    head = head.drop { $0 <= 0x20 }
    let found = format == .ndjson ? ofLines(head, input, place) : ofDocument(head, input, reading, place)
    return found.map { "\(path) \($0)" }
  }

  /// A file in which no record was found is refused for what it is; it would yield only rejected records.
  ///
  /// - Parameter source: a source that was just opened.
  /// - Throws: `OperationFailure`.
  package static func check(
    _ source: any RecordSource, _ path: String, format: SourceFormat, _ reading: FileReading, in place: ReadingPlace = .options
  ) throws {
    let isCut = format == .ndjson && beginsList(path, reading)
    guard try isCut || !hasRecords(source), let sentence = sentence(path, format: format, reading, in: place) else { return }
    throw OperationFailure(.wrongFile, sentence)
  }

  /// Whether the first line begins a list that it does not end: its other lines may be objects.
  private static func beginsList(_ path: String, _ reading: FileReading) -> Bool {
    guard let text = try? RecordInput.text(of: path, encoding: reading.encoding) else { return false }
    var input = PeekedInput(text)
    let line = input.peek(headBytes).drop { $0 <= 0x20 || UnicodeForm.utf8.mark.contains($0) }.prefix { $0 != 0x0A }
    return isListOfObjects(line) && line.endIndex < headBytes && (try? JSONReader.read(Array(line))) == nil
  }

  /// Whether any of the first records is an object, or there is none.
  private static func hasRecords(_ source: any RecordSource) throws -> Bool {
    var records: any RecordSource = LimitedSource(source, limit: 100)
    let batch = RecordBatch()
    var isEmpty = true
    while try records.fill(batch) {
      isEmpty = false
      let isAny = batch.items.contains { item in
        item.fault == nil && (try? JSONReader.read(Array(batch.bytes[item.start..<item.end])))?.objectValue != nil
      }
      if isAny { return true }
    }
    return isEmpty
  }

  /// How to read the records of a document that is one object, if they are in its only list of objects.
  ///
  /// - Parameter most: documents with more bytes than this are not examined.
  package static func list(
    _ path: String, format: SourceFormat, _ reading: FileReading, in place: ReadingPlace = .options, within most: Int = listBytes
  ) -> String? {
    guard format == .json || format == .ndjson, reading.records == nil,
      let text = try? RecordInput.text(of: path, encoding: reading.encoding)
    else {
      return nil
    }
    return list(PeekedInput(PrefixInput(text, count: most))).map { "\(path) \(sentence($0, format, place))" }
  }

  private static func sentence(_ list: RecordsPointer, _ format: SourceFormat, _ place: ReadingPlace) -> String {
    "is one object with a list of objects: to read those as records, "
      + (format == .json ? "" : "\(place.reading(as: .json)), and ") + place.setting(.records, "\(list)")
  }

  // MARK: Forms

  private static func ofLines(_ head: ArraySlice<UInt8>, _ input: PeekedInput, _ place: ReadingPlace) -> String? {
    if ScriptForm.matches(head) { return script }
    if isDocument(head) { return "looks like one JSON document, not like one record per line: \(place.reading(as: .json))" }
    if let pointer = list(input) { return sentence(pointer, .ndjson, place) }
    let line = head.prefix { $0 != 0x0A && $0 != 0x0D }
    if line.first == UInt8(ascii: "{"), line.last == UInt8(ascii: ","), (try? JSONReader.read(Array(line.dropLast()))) != nil {
      return "has a comma after each object, which neither NDJSON nor JSON has: remove the commas"
    }
    return ofOthers(head, place)
  }

  private static func ofDocument(
    _ head: ArraySlice<UInt8>, _ input: PeekedInput, _ reading: FileReading, _ place: ReadingPlace
  ) -> String? {
    if let other = ofOthers(head, place) { return other }
    guard reading.records == nil, head.first == UInt8(ascii: "{") else { return nil }
    if let pointer = list(input) { return sentence(pointer, .json, place) }
    return head.contains(0x0A) && JSONForm.of(head) == .lines
      ? "looks like one object per line (NDJSON): \(place.reading(as: .ndjson))" : nil
  }

  /// What is not JSON.
  private static func ofOthers(_ head: ArraySlice<UInt8>, _ place: ReadingPlace) -> String? {
    guard let first = head.first else { return nil }
    if isTable(head) { return "looks like CSV: \(place.reading(as: .csv))" }
    if ScriptForm.matches(head) { return script }
    let isNumber = first == UInt8(ascii: "-") && head.dropFirst().first.map { "0123456789".utf8.contains($0) } == true
    guard !isNumber, !"{[\"0123456789tfn".utf8.contains(first), first > 0x20, first < 0x7F else { return nil }
    return
      "does not begin like JSON, but with '\(UnicodeScalar(first))': export it as JSON, or remove what is before the records"
  }

  private static let script =
    "looks like a Python or JavaScript object, not like JSON, which has names and strings in double quotes: export it as JSON"

  /// The only list of objects in the document, which is one object.
  private static func list(_ input: PeekedInput) -> RecordsPointer? {
    var bytes = JSONBytes(input)
    guard let lists = try? JSONMembers(path: "").lists(&bytes), lists.count == 1, (try? bytes.skipSpace()) == .some(nil) else {
      return nil
    }
    return lists[0]
  }

  /// The first line is a list, or breaks off where a document that was written over several lines does.
  private static func isDocument(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first else { return false }
    if first == UInt8(ascii: "[") {
      // A line such as `[2024-01-31 12:00] exported` is not part of a document.
      let line = text.prefix { $0 != 0x0A }
      return isListOfObjects(line) || (try? JSONReader.read(Array(line))) != nil
    }
    // The only line of a file is a truncated record.
    guard !text.drop(while: { $0 != 0x0A }).drop(while: { $0 <= 0x20 }).isEmpty else { return false }
    let line = Array(text.prefix { $0 != 0x0A }.reversed().drop { $0 <= 0x20 }.reversed())
    guard first == UInt8(ascii: "{"), let last = line.last, "{[,".utf8.contains(last) else { return false }
    // A record that breaks off inside a text is one that was cut.
    guard line.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) else { return false }
    var scan = JSONElementScan()
    return !line.withUnsafeBufferPointer { scan.take($0).hasEnded }
  }

  /// `[{"id"…`, or a line with the bracket alone.
  private static func isListOfObjects(_ line: ArraySlice<UInt8>) -> Bool {
    guard line.first == UInt8(ascii: "[") else { return false }
    let rest = line.dropFirst().drop { $0 <= 0x20 }
    return rest.isEmpty || rest.first == UInt8(ascii: "{")
  }

  /// The first line is not a JSON value, and contains a possible delimiter.
  private static func isTable(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first, first != UInt8(ascii: "{"), first != UInt8(ascii: "[") else { return false }
    let line = Array(text.prefix { $0 != 0x0A && $0 != 0x0D })
    guard line.contains(where: { ",;\t|".utf8.contains($0) }), (try? JSONReader.read(line)) == nil else { return false }
    // A call around a document (`callback([…]);`), or a mark before it.
    return !line.contains { "{[".utf8.contains($0) } && first != UInt8(ascii: ")")
  }
}
