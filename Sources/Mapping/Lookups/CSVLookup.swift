import Core
import Files
import Records
import Transform

/// A lookup table from a CSV file: `{file: PATH, key: COLUMN, values: COLUMN or [COLUMN, …]}`. Without `values`, all
/// other columns are values. `file` may be a map: `{path: PATH, delimiter: ";"}`.
enum CSVLookup {
  static func load(
    name: String, node: YAMLNode, relativeTo directory: String, within boundary: FileBoundary?, diagnostics: inout Diagnostics
  ) -> LoadedLookup? {
    let what = "lookup '\(name)'"
    let keys = MappingKeywords.lookupFileGroup
    guard node.checkKeys(what, known: keys.names, required: keys.required, &diagnostics) else { return nil }
    guard let (fileNode, file) = node["file"].flatMap({ FileKeywords.read($0, "\(what): file", .csv, &diagnostics) }),
      let fileName = fileNode.text("\(what): file", &diagnostics),
      let keyNode = node["key"], let keyName = keyNode.word("\(what): key", &diagnostics)
    else { return nil }
    let path = fileName.hasPrefix(exactly: "/") || directory.isEmpty ? fileName : directory + "/" + fileName
    guard let bytes = TextFile.read(path, at: fileNode.place, within: boundary, encoding: file.encoding, &diagnostics)
    else { return nil }

    var reading = Reading(name: name, path: path, file: file, bytes: bytes)
    // Names that are missing or misspelled are reported below.
    let wanted = node["values"].map { $0.elements ?? [$0] } ?? []
    reading.expectedColumns = [keyName] + wanted.compactMap { $0.scalar?.text }
    let rows = reading.rows()
    if let refusal = reading.refusal {
      diagnostics.add(.init(.error, .wrongKind, at: fileNode.place, "lookup '\(name)': \(refusal)"))
      return nil
    }
    if let failure = reading.brokenQuote {
      reading.report(failure, &diagnostics)
      return nil
    }
    guard let header = reading.header else {
      reading.report(reading.failure ?? .missing, &diagnostics)
      return nil
    }
    guard let keyColumn = column(keyName, at: keyNode.place, in: header, of: path, &diagnostics),
      let values = valueColumns(node, what, header: header, keyColumn: keyColumn, path: path, &diagnostics)
    else { return nil }
    return reading.table(rows, keyColumn: keyColumn, valueColumns: values, header: header, &diagnostics)
  }

  private static func column(
    _ name: String, at place: SourcePlace, in header: CSVHeader, of path: String, _ diagnostics: inout Diagnostics
  ) -> Int? {
    if let index = header.index(of: name) { return index }
    let hint =
      NearestName.hint(name, in: header.names) ?? UnsplitTable.hint(of: header.names, .lookup) ?? "it has: "
      + header.names.joined(separator: ", ")
    diagnostics.add(.init(.error, .unknownColumn, at: place, "'\(path)' has no column '\(name)'", hint: hint))
    return nil
  }

  private static func valueColumns(
    _ node: YAMLNode, _ what: String, header: CSVHeader, keyColumn: Int, path: String, _ diagnostics: inout Diagnostics
  ) -> [Int]? {
    guard let values = node["values"] else {
      let others = header.names.indices.filter { $0 != keyColumn }
      guard others.isEmpty else { return others }
      diagnostics.add(.init(.error, .unknownColumn, at: node.place, "\(what): '\(path)' has no column besides its key"))
      return nil
    }
    let wanted = values.elements ?? [values]
    var columns: [Int] = []
    var isWhole = true
    for element in wanted {
      guard let name = element.word("\(what): values", &diagnostics),
        let column = column(name, at: element.place, in: header, of: path, &diagnostics)
      else {
        isWhole = false
        continue
      }
      guard !columns.contains(column) else {
        diagnostics.add(.init(.error, .duplicateKey, at: element.place, "\(what) names the column '\(name)' twice"))
        isWhole = false
        continue
      }
      columns.append(column)
    }
    if wanted.isEmpty {
      diagnostics.add(.init(.error, .wrongKind, at: values.place, "\(what): values must name at least one column"))
      return nil
    }
    return isWhole ? columns : nil
  }

  /// One row: its line, its trimmed cells, and its problem.
  private struct Row {
    var line: Int
    var cells: [String]
    var problem: String?
  }

  private struct Reading {
    let name: String
    let path: String
    let file: FileReading
    let bytes: [UInt8]
    /// The columns that the mapping names.
    var expectedColumns: [String] = []
    private var notes: [InputNote] = []
    private var warnings = CSVRowWarnings()
    private(set) var header: CSVHeader?
    private(set) var failure: CSVHeader.Failure?
    /// Its first lines do not say how the file is written.
    private(set) var refusal: OperationFailure?
    /// A quoted cell that is too large to resume reading after its opening quote.
    private(set) var brokenQuote: CSVReader.Failure?

    init(name: String, path: String, file: FileReading, bytes: [UInt8]) {
      self.name = name
      self.path = path
      self.file = file
      self.bytes = bytes
    }

    mutating func rows() -> [Row] {
      var reading = RecordReading()
      reading.file = file
      reading.place = .lookup
      reading.expectedColumns = expectedColumns
      var input: any ByteInput = MemoryInput(bytes)
      let dialect: CSVDialect
      do { dialect = try CSVOpening(&input, path: path, reading).dialect } catch {
        refusal = error
        return []
      }
      var reader = CSVReader(options: dialect.options(reading))
      var rows: [Row] = []
      func collect(_ reader: borrowing CSVReader) {
        for index in 0..<reader.rowCount {
          let row = reader.row(at: index)
          // The bad quote before it has been reported.
          guard row.resynchronizedFrom == nil else { continue }
          if row.problem == nil { warnings.add(row.warnings, line: row.line) }
          let cells = row.problem == nil ? (0..<row.count).map { CSVLookup.trimmed(row[$0].string) } : []
          rows.append(Row(line: row.line, cells: cells, problem: row.problemText))
        }
      }
      reader.feed(bytes.span)
      collect(reader)
      reader.finish()
      collect(reader)
      header = reader.header
      failure = reader.headerFailure
      brokenQuote = reader.failure
      notes = dialect.notes + reader.tally.notes
      return rows
    }

    /// The text of the file, registered so that messages can show its lines.
    private func register(_ diagnostics: inout Diagnostics) {
      guard diagnostics.files[path] == nil else { return }
      let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
      let isConverted = (try? SmallFile.bytes(of: path).get()).map { !$0.elementsEqual(text) } ?? false
      diagnostics.register(
        SourceFile(name: path, text: String(decoding: text, as: UTF8.self), hidesSections: false, isConverted: isConverted))
    }

    func report(_ failure: CSVReader.Failure, _ diagnostics: inout Diagnostics) {
      register(&diagnostics)
      let place = SourcePlace(file: path, line: failure.line, column: 1)
      diagnostics.add(.init(.error, .wrongKind, at: place, "lookup '\(name)': \(failure)"))
    }

    func report(_ failure: CSVHeader.Failure, _ diagnostics: inout Diagnostics) {
      register(&diagnostics)
      let code: DiagnosticCode =
        switch failure {
        case .duplicateName: .duplicateKey
        case .missing, .skipped: .inputMissing
        case .unreadable, .emptyName: .wrongKind
        }
      diagnostics.add(
        .init(.error, code, at: SourcePlace(file: path, line: failure.line, column: 1), "lookup '\(name)': \(failure)"))
    }

    /// What was accepted but may be a mistake.
    private func reportNotes(at line: Int, isEmpty: Bool, _ diagnostics: inout Diagnostics) {
      func report(_ severity: Severity, _ line: Int, _ text: String) {
        register(&diagnostics)
        diagnostics.add(
          .init(severity, .lookupFile, at: SourcePlace(file: path, line: line, column: 1), "lookup '\(name)': \(text)"))
      }
      // A place has at most one diagnostic per code.
      let texts = (isEmpty ? ["it has no rows below its header, so no key will be found"] : []) + notes.map(\.text)
      if !texts.isEmpty { report(isEmpty ? .warning : .note, line, texts.joined(separator: "; ")) }
      for (line, text) in warnings.sentences { report(.warning, line, text) }
    }

    func table(
      _ rows: [Row], keyColumn: Int, valueColumns: [Int], header: CSVHeader, _ diagnostics: inout Diagnostics
    ) -> LoadedLookup? {
      reportNotes(at: header.line, isEmpty: rows.isEmpty, &diagnostics)
      let names = valueColumns.map { header.names[$0] }
      var loaded = LoadedLookup(table: LookupTable(name: name, columns: names, entries: [:], keys: []))
      let lines = Lines(path: path, bytes: bytes)
      var isWhole = true
      func refuse(_ code: DiagnosticCode, at place: SourcePlace, _ message: String) {
        register(&diagnostics)
        diagnostics.add(.init(.error, code, at: place, "lookup '\(name)': \(message)"))
        isWhole = false
      }
      for row in rows {
        if let problem = row.problem {
          refuse(.wrongKind, at: SourcePlace(file: path, line: row.line, column: 1), problem)
          continue
        }
        let key = row.cells[keyColumn]
        let place = lines.place(of: key, line: row.line)
        if key.isEmpty {
          refuse(.wrongKind, at: place, "the row has no key in the column '\(header.names[keyColumn])'")
        } else if let first = loaded.place(ofKey: key) {
          refuse(.duplicateKey, at: place, "the key '\(key)' is already on line \(first.line)")
        } else {
          let cells = valueColumns.map { row.cells[$0] }
          loaded.add(
            key, at: place, cells.map { $0.isEmpty ? .null : .string($0) }, at: cells.map { lines.place(of: $0, line: row.line) })
        }
      }
      return isWhole ? loaded : nil
    }
  }

  /// The place of a cell's text on its line: the first occurrence there, or the beginning of the line.
  private struct Lines {
    let path: String
    private let lines: [Substring]

    init(path: String, bytes: [UInt8]) {
      self.path = path
      let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
      let text = String(decoding: bytes[(isMarked ? 3 : 0)...], as: UTF8.self)
      lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    }

    func place(of cell: String, line: Int) -> SourcePlace {
      let beginning = SourcePlace(file: path, line: line, column: 1)
      guard !cell.isEmpty, line <= lines.count else { return beginning }
      let text = lines[line - 1]
      var start = text.startIndex
      while start < text.endIndex {
        if text[start...].hasPrefix(exactly: cell) {
          let column = text.distance(from: text.startIndex, to: start) + 1
          return SourcePlace(file: path, line: line, column: column, length: cell.count)
        }
        start = text.index(after: start)
      }
      return beginning
    }
  }

  private static func trimmed(_ cell: String) -> String {
    guard cell.first?.isWhitespace == true || cell.last?.isWhitespace == true else { return cell }
    return cell.trimmedExactly
  }
}
