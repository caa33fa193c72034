import Core
import Files
package import Records
import Transform
import Values

/// `--keys MAPPING=FILE`: the keys that a mapping let through, from what it wrote: a CSV file's column, the member of NDJSON or
/// JSON records, or plain text with a key per line.
package struct KeysFile: Sendable, Hashable {
  package var mapping: String
  package var path: String
  /// The column or member (`address.id`); nil: the first one of the file.
  package var field: String?
  package var reading = FileReading()

  /// `contacts=out/contacts.csv`, `contacts=out/contacts.csv:contactId`; nil if it does not have this form.
  package init?(_ text: String) {
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")), equals != text.startIndex else { return nil }
    mapping = String(text[..<equals])
    path = String(text[text.utf8.index(after: equals)...])
    if let colon = path.lastIndex(of: ":"), !path[colon...].contains("/"), !FilePath.exists(path) {
      field = String(path[path.index(after: colon)...])
      path = String(path[..<colon])
    }
    if path.isEmpty || field?.isEmpty == true { return nil }
  }

  /// Reads the keys.
  ///
  /// - Throws: `OperationFailure` if a record does not have the field.
  func load(folder: String) throws -> KeyRegistry {
    let registry = try KeyRegistry(folder: folder)
    if let format = SourceFormat(path: path) {
      var reading = RecordReading()
      reading.file = fitting(format)
      reading.place = .keys
      try load(
        try RecordInput.open(path, format: format, reading: reading), isText: format.traits.contains(.hasTextsOnly),
        into: registry)
    } else {
      try loadLines(into: registry)
    }
    try registry.seal()
    return registry
  }

  /// Several files may be given: a delimiter is for those that have one.
  private func fitting(_ format: SourceFormat) -> FileReading {
    var reading = reading
    if !format.readingParts.contains(.delimiter) { reading.delimiter = nil }
    return reading
  }

  private func load(_ records: any RecordSource, isText: Bool, into registry: KeyRegistry) throws {
    var source = records
    var walker = RecordWalker()
    var scratch = ByteArena(capacity: 4096)
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: 1)
    cells.initialize(repeating: .missing)
    defer { cells.deallocate() }
    let batch = RecordBatch()
    var isFirst = true
    while try source.fill(batch) {
      for item in batch.items {
        if let fault = item.fault { throw broken(item.line, batch.note(of: item, about: fault)) }
        let bytes = UnsafeBufferPointer(start: batch.base + item.start, count: item.end - item.start)
        if isFirst {
          isFirst = false
          guard let name = field ?? firstMember(bytes) else { throw broken(item.line) }
          walker.addPath(name.split(exactly: ".").filter { !$0.isEmpty }.map { .member($0) }, slot: 0)
        }
        guard walker.indexRecord(bytes) == nil, walker.walk(0..<bytes.count, into: cells) == nil else { throw broken(item.line) }
        guard cells[0].kind != .missing, cells[0].kind != .blocked else {
          throw OperationFailure(
            .inputMissing,
            "\(path), line \(item.line): the record has no '\(field ?? "key")', which \(CommandOption.keys) \(mapping) requires: "
              + (hint(bytes) ?? "name the field, \(CommandOption.keys) \(mapping)=\(path):FIELD"))
        }
        try add(cells[0], isText: isText, to: registry, &scratch)
      }
    }
  }

  private func loadLines(into registry: KeyRegistry) throws {
    var input = try RecordInput.text(of: path, encoding: reading.encoding)
    var isFirst = true
    var scratch = ByteArena(capacity: 4096)
    var line: [UInt8] = []
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
    defer { buffer.deallocate() }
    func addLine() throws {
      if isFirst, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
      isFirst = false
      if line.last == 0x0D { line.removeLast() }
      if !line.isEmpty {
        try line.withUnsafeBufferPointer { bytes in
          guard let base = bytes.baseAddress else { return }
          try add(Cell(kind: .string, text: Text(start: base, count: bytes.count)), isText: true, to: registry, &scratch)
        }
      }
      line.removeAll(keepingCapacity: true)
    }
    while let base = buffer.baseAddress {
      let count = try input.read(into: base, count: buffer.count)
      guard count > 0 else { break }
      for byte in buffer[..<count] { if byte == 0x0A { try addLine() } else { line.append(byte) } }
      if line.count > 16 << 20 {
        throw OperationFailure(.inputMissing, "\(path) has a line of more than 16 MiB: it is not a list of keys")
      }
    }
    try addLine()
  }

  /// In a file without types, a text of digits also counts as the number.
  private func add(_ cell: Cell, isText: Bool, to registry: KeyRegistry, _ scratch: inout ByteArena) throws {
    try registry.insert(KeyText.digest(of: cell, &scratch))
    guard isText, cell.kind == .string, cell.count < 64, let value = try? JSONReader.read(cell.text.string), case .number = value
    else { return }
    try registry.insert(KeyText.digest(of: Cell(kind: .number, text: cell.text), &scratch))
  }

  private func firstMember(_ record: UnsafeBufferPointer<UInt8>) -> String? {
    guard let value = try? JSONReader.read(Array(record)), case .object(let members) = value else { return nil }
    return members.first?.name
  }

  /// What the record has in the place of the first name of the field's path that it lacks.
  private func hint(_ record: UnsafeBufferPointer<UInt8>) -> String? {
    guard let field, var value = try? JSONReader.read(Array(record)) else { return nil }
    for name in field.split(exactly: ".") where !name.isEmpty {
      guard case .object(let members) = value else { return nil }
      guard let next = value[name] else { return NearestName.hint(name, in: members.map(\.name)) }
      value = next
    }
    return nil
  }

  private func broken(_ line: Int, _ reason: String? = nil) -> OperationFailure {
    // What other files are told to do has another option here.
    let remedy = "if the file uses another encoding, such as windows-1252, specify it with \(CommandOption.keysEncoding)"
    let why = reason.map { " (\($0.replacing(InvalidUTF8.remedy, with: remedy)))" } ?? ""
    return OperationFailure(
      .inputMissing, "\(path), line \(line): it cannot be read as a record\(why), so keys would be missing")
  }
}
