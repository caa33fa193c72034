package import Core
import Files
import Records
import Values

/// The rejects of one mapping at the destinations of a run as one table for people. The most frequent cause comes first, and
/// within it the most frequent message; rows with the same message are in the order of the input.
///
///     var table = try RejectsTable(run: run, mapping: mapping, folder: temporary)
///     for part in parts { try table.add(part.path, destination: part.destination) }
///     try table.write { try file.write($0) }
///
/// Each row has the run, the mapping, the record's key and its line, so that a corrected row leads back to its source record.
/// An item that the transform rejected is the same at each destination: it is one row without a destination.
///
/// The rows are those of the reject files, which `OutcomeWriter` has written. They are kept in an unnamed file: memory holds
/// only 32 bytes for each, and the counts of the messages.
package struct RejectsTable: ~Copyable {
  package struct Cause: Sendable, Hashable {
    package var code: Name
    /// Empty: the record as a whole.
    package var field: Name

    /// What repairs it. A record without a code is pending, and the next run sends it.
    package var repair: RepairAction { code.text.isEmpty ? .runAgain : RepairAction(slug: code.text) }
  }

  private struct Row {
    /// In `spill`; the row ends where the next one starts.
    var start: Int
    /// The line of the input.
    var line: Int
    /// Indices into `causes` and `messageCounts`.
    var cause: UInt32
    var message: UInt32
  }

  private struct Message: Hashable {
    var cause: UInt32
    /// Equal hashes of different messages would only put their rows together.
    var hash: UInt64
  }

  /// The columns before those of the source.
  package static let own = [
    "run", "mapping", "record", "line", "destination", "outcome", "code", "field", "message", "problems", advice,
  ]

  /// The column that says what to do. Tables of earlier versions do not have it.
  package static let advice = "what_to_do"

  private let run: String
  private let mapping: String
  private let code: Name?
  private let showsPending: Bool
  private let spill: SpillFile
  private var rows: [Row] = []
  private var causes: [(cause: Cause, count: Int)] = []
  private var causeNumbers: [Cause: UInt32] = [:]
  private var messageCounts: [Int] = []
  private var messageNumbers: [Message: UInt32] = [:]
  /// Those of the first file: all files have the same ones.
  private var columns: [String]?
  private var encoder = Self.encoder(own)
  /// Records that were left out because they are pending, by destination.
  package private(set) var pending: [(destination: String, records: Int)] = []
  /// Whether the rows of rejected items have been added.
  private var hasRejected = false

  /// - Parameters:
  ///   - folder: for temporary data.
  ///   - code: only rows with this code; nil: all.
  ///   - showsPending: whether to include records that are pending at a destination.
  /// - Throws: `OperationFailure`.
  package init(
    run: String, mapping: String, folder: String, code: String? = nil, showsPending: Bool = false
  ) throws(OperationFailure) {
    self.run = run
    self.mapping = mapping
    self.code = code.map { Name($0) }
    self.showsPending = showsPending
    spill = try SpillFile(folder: folder)
  }

  package var count: Int { rows.count }

  /// How many rows each repair has, in the order of `RepairAction`; those without rows are left out.
  package var repairs: [(action: RepairAction, count: Int)] {
    var counts: [RepairAction: Int] = [:]
    for cause in causes { counts[cause.cause.repair, default: 0] += cause.count }
    return RepairAction.allCases.compactMap { action in counts[action].map { (action, $0) } }
  }

  /// The causes, the most frequent first.
  package var summary: [(cause: Cause, count: Int)] { order.map { causes[$0] } }

  private var order: [Int] {
    causes.indices.sorted { left, right in
      if causes[left].count != causes[right].count { return causes[left].count > causes[right].count }
      let (one, other) = (causes[left].cause, causes[right].cause)
      return one.code == other.code ? one.field < other.field : one.code < other.code
    }
  }

  /// What the table calls the source's columns, given their names in a reject file: `source.` is put before those that are taken here, and
  /// a name that a spreadsheet would run as a formula is escaped like text.
  package static func titles(_ names: [String]) -> [String] { SourceColumns.titles(names, beside: own).map(FormulaText.escaped) }

  // MARK: Reading

  /// Adds the reject file of a destination.
  ///
  /// - Throws: `OperationFailure`, also if the file is not as a run wrote it.
  package mutating func add(_ path: String, destination: String) throws {
    let input = try FileInput(path: path)
    // The names of JSON members may be anything, so the first row is read like the others.
    var reader = CSVReader(options: .init(hasHeader: false, maximumRowBytes: RecordReading.recordBytes.upperBound))
    let piece = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 << 10)
    defer { piece.deallocate() }
    var form: FileForm?
    var left = 0
    func take(_ reader: borrowing CSVReader, _ table: inout RejectsTable) throws {
      guard reader.failure == nil else { throw Self.damage(path) }
      for index in 0..<reader.rowCount {
        let row = reader.row(at: index)
        guard row.problem == nil else { throw Self.damage(path) }
        if let form {
          guard row.count == form.count else { throw Self.damage(path) }
          left += try table.take(row, form, destination) ? 0 : 1
        } else {
          form = try table.begin(row, path)
        }
      }
    }
    while let base = piece.baseAddress {
      try Task.checkCancellation()
      let count = try input.read(into: base, count: piece.count)
      guard count > 0 else { break }
      reader.feed(Text(start: UnsafePointer(base), count: count).span)
      try take(reader, &self)
    }
    reader.finish()
    try take(reader, &self)
    guard form != nil else { throw Self.damage(path) }
    hasRejected = true
    if left > 0 { pending.append((destination, left)) }
  }

  /// Takes the header of a file.
  private mutating func begin(_ header: CSVRow, _ path: String) throws -> FileForm {
    let names = (0..<header.count).map { header[$0].string }
    guard let form = FileForm(names) else { throw Self.damage(path) }
    let source = Array(names.dropFirst(form.ownCount))
    guard let columns else {
      columns = source
      encoder = Self.encoder(Self.own + Self.titles(source))
      return form
    }
    guard columns.isExactly(source) else { throw Self.damage(path) }
    return form
  }

  /// - Returns: false if the record is pending and was left out.
  private mutating func take(_ row: CSVRow, _ form: FileForm, _ destination: String) throws -> Bool {
    let isRejected = row[FileForm.outcome].string.isExactly(Outcome.rejected.rawValue)
    if isRejected, hasRejected { return true }
    let cause = Cause(code: Name(row[FileForm.code].string), field: Name(row[FileForm.field].string))
    if let code, code != cause.code { return true }
    if !showsPending, row[FileForm.outcome].string.isExactly(Outcome.pending.rawValue) { return false }
    let number = self.number(of: cause)
    let message = self.number(of: Message(cause: number, hash: Hash64.of(row[FileForm.message].span)))
    rows.append(
      Row(start: spill.count, line: Int(row[FileForm.line].string) ?? 0, cause: number, message: message))
    let advice = RepairAdvice.sentence(for: cause.repair, code: cause.code.text, field: cause.field.text)
    let texts = [run, mapping, isRejected ? nil : destination, advice].map { $0.map(FormulaText.escaped) }
    let bytes = Self.bytes { arena in
      Self.withCells(texts) { own in
        func cell(_ index: Int?) -> Cell {
          index.map { row.isNull($0) ? .missing : Cell(kind: .string, text: row[$0]) } ?? .missing
        }
        let cells =
          [own[0], own[1], cell(FileForm.record), cell(FileForm.line), own[2], cell(FileForm.outcome)]
          + [cell(FileForm.code), cell(FileForm.field), cell(FileForm.message), cell(form.problems)]
          + [own[3]]
          + (form.ownCount..<form.count).map { cell($0) }
        cells.withUnsafeBufferPointer { encoder.encode($0, into: &arena) { _ in } }
      }
    }
    try bytes.withUnsafeBytes { try spill.append($0) }
    return true
  }

  private mutating func number(of cause: Cause) -> UInt32 {
    let number = causeNumbers[cause] ?? UInt32(causes.count)
    if causeNumbers.updateValue(number, forKey: cause) == nil { causes.append((cause, 0)) }
    causes[Int(number)].count += 1
    return number
  }

  private mutating func number(of message: Message) -> UInt32 {
    let number = messageNumbers[message] ?? UInt32(messageCounts.count)
    if messageNumbers.updateValue(number, forKey: message) == nil { messageCounts.append(0) }
    messageCounts[Int(number)] += 1
    return number
  }

  // MARK: Writing

  /// Writes the header and the rows, piece by piece.
  ///
  /// - Parameter repair: only the rows that it repairs; nil: all.
  /// - Returns: how many rows it wrote.
  /// - Throws: `OperationFailure`, and what `write` throws.
  @discardableResult
  package func write(repairedBy repair: RepairAction? = nil, _ write: ([UInt8]) throws -> Void) throws -> Int {
    try write(Self.bytes { encoder.encodeHeader(into: &$0) })
    var places = [Int](repeating: 0, count: causes.count)
    for (place, cause) in order.enumerated() { places[cause] = place }
    /// Rows with the same line keep the order of their destinations.
    func precedes(_ left: Int, _ right: Int) -> Bool {
      let (one, other) = (rows[left], rows[right])
      if one.cause != other.cause { return places[Int(one.cause)] < places[Int(other.cause)] }
      if one.message != other.message {
        let counts = (messageCounts[Int(one.message)], messageCounts[Int(other.message)])
        return counts.0 == counts.1 ? one.message < other.message : counts.0 > counts.1
      }
      return (one.line, left) < (other.line, right)
    }
    let wanted = repair.map { repair in causes.map { $0.cause.repair == repair } }
    let chosen = rows.indices.filter { wanted?[Int(rows[$0].cause)] ?? true }
    for index in chosen.sorted(by: precedes) {
      try Task.checkCancellation()
      let start = rows[index].start
      let end = index + 1 < rows.count ? rows[index + 1].start : spill.count
      var bytes = [UInt8](repeating: 0, count: end - start)
      try bytes.withUnsafeMutableBytes { try spill.read($0, at: start) }
      try write(bytes)
    }
    return chosen.count
  }

  // MARK: Cells

  /// Text in the reject files that a spreadsheet would run already has its leading `'`.
  private static func encoder(_ names: [String]) -> CSVRecordEncoder {
    var options = CSVRecordEncoder.Options()
    options.escapesFormulas = false
    return CSVRecordEncoder(layout: RecordLayout(names.map { .init(path: [$0]) }), options: options)
  }

  /// Cells of these texts; nil is an empty cell.
  private static func withCells(_ texts: [String?], _ body: ([Cell]) -> Void) {
    let bytes = texts.flatMap { Array(($0 ?? "").utf8) }
    bytes.withUnsafeBufferPointer { buffer in
      var start = 0
      let cells = texts.map { text -> Cell in
        defer { start += text?.utf8.count ?? 0 }
        guard let text, let base = buffer.baseAddress else { return .missing }
        return Cell(kind: .string, text: Text(start: base + start, count: text.utf8.count))
      }
      body(cells)
    }
  }

  private static func bytes(_ write: (inout ByteArena) -> Void) -> [UInt8] {
    var arena = ByteArena(capacity: 4096)
    arena.begin()
    write(&arena)
    return Array(arena.finish().buffer)
  }

  private static func damage(_ path: String) -> OperationFailure {
    OperationFailure(.damaged, "\(path) is not as the run wrote it: restore it from a backup, or run the pipeline again")
  }
}

/// The columns of a reject file.
private struct FileForm {
  static let (record, outcome, line, code, field, message) = (0, 1, 2, 3, 4, 5)
  private static let names = ["record", "outcome", "line", "code", "field", "message"]

  let count: Int
  let ownCount: Int
  /// Nil in files of earlier versions, which had no such column.
  let problems: Int?

  /// Nil if it is not the header of one.
  init?(_ header: [String]) {
    guard Array(header.prefix(Self.names.count)).isExactly(Self.names) else { return nil }
    count = header.count
    problems = header.count > Self.names.count && header[Self.names.count].isExactly("problems") ? Self.names.count : nil
    ownCount = Self.names.count + (problems == nil ? 0 : 1)
  }
}
