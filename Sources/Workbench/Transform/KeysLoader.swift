import Core
import Files
import Records
import Transform
import Values

/// Reads the keys of a file.
struct KeysLoader: ~Copyable {
  private let file: KeysFile
  private var keys: LoadedKeys
  private var scratch = ByteArena(capacity: 4096)
  private var keyless = 0

  /// - Throws: `OperationFailure` if a record does not have the field, or its value cannot be a key.
  static func load(_ file: KeysFile, folder: String) throws -> LoadedKeys {
    var loader = KeysLoader(file, LoadedKeys(file: file, registry: try KeyRegistry(folder: folder)))
    if let format = SourceFormat(path: file.path) { try loader.readRecords(format) } else { try loader.readLines() }
    if loader.keyless > 0 {
      loader.note("\(loader.keyless == 1 ? "1 record has" : "\(loader.keyless) records have") no key")
    }
    try loader.keys.registry.seal()
    return loader.keys
  }

  private init(_ file: KeysFile, _ keys: LoadedKeys) {
    self.file = file
    self.keys = keys
  }

  private mutating func note(_ text: String) { keys.notes.append("\(file.path): \(text)") }

  // MARK: records

  private mutating func readRecords(_ format: SourceFormat) throws {
    keys.format = format
    let isTable = format.traits.contains(.isTable)
    var reading = RecordReading()
    reading.file = file.reading(for: format)
    reading.place = .keys
    if isTable, let field = file.field { reading.expectedColumns = [field] }
    var source = try RecordInput.open(file.path, format: format, reading: reading)
    var walker = RecordWalker()
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: 1)
    cells.initialize(repeating: .missing)
    defer { cells.deallocate() }
    let batch = RecordBatch()
    var isFirst = true
    var warnings = CSVRowWarnings()
    while try source.fill(batch) {
      for item in batch.items {
        if let fault = item.fault { throw broken(item.line, batch.note(of: item, about: fault)) }
        warnings.add(item.warnings, line: item.line)
        let bytes = UnsafeBufferPointer(start: batch.base + item.start, count: item.end - item.start)
        if isFirst {
          isFirst = false
          guard let name = file.field ?? Self.firstMember(bytes) else { throw broken(item.line) }
          // The names of columns are whole: `address.id` is one.
          let path: [String] = isTable ? [name] : name.split(exactly: ".").filter { !$0.isEmpty }
          walker.addPath(path.map { .member($0) }, slot: 0)
          if isTable { keys.registry.title = digest(ofText: name) }
        }
        guard walker.indexRecord(bytes) == nil, walker.walk(0..<bytes.count, into: cells) == nil else { throw broken(item.line) }
        try add(cells[0], of: bytes, item.line, format)
      }
    }
    for note in source.notes { self.note(note.text) }
    for (line, text) in warnings.sentences { note("\(text); the first is on line \(line)") }
  }

  private mutating func add(
    _ cell: Cell, of record: UnsafeBufferPointer<UInt8>, _ line: Int, _ format: SourceFormat
  ) throws {
    let what = "\(file.path), line \(line)"
    let remedy = "name the field, \(CommandOption.keys) \(file.mapping)=\(file.path):FIELD"
    switch cell.kind {
    case .missing, .blocked:
      throw OperationFailure(
        .inputMissing,
        "\(what): the record has no '\(file.field ?? "key")', which \(CommandOption.keys) \(file.mapping) requires: "
          + (hint(record) ?? remedy))
    case .list, .object:
      let kind = cell.kind == .list ? "a list" : "an object"
      let place = file.field.map { "'\($0)'" } ?? "the first member"
      throw OperationFailure(.inputMissing, "\(what): \(place) is \(kind), which cannot be a key: \(remedy)")
    default: try add(cell, isText: format.traits.contains(.hasTextsOnly))
    }
  }

  // MARK: lines

  private mutating func readLines() throws {
    var input = try RecordInput.text(of: file.path, encoding: file.reading.encoding)
    var line: [UInt8] = []
    var number = 1
    var controls = (count: 0, first: 0)
    var endedWithReturn = false
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
    defer { buffer.deallocate() }
    func take(_ loader: inout KeysLoader) throws {
      while line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
      if number > loader.file.reading.skipLines, !line.isEmpty {
        try line.withUnsafeBufferPointer { bytes in
          guard let base = bytes.baseAddress else { return }
          let text = Text(start: base, count: bytes.count)
          if InvalidUTF8.firstInvalid(text.span) != nil {
            let sentence = InvalidUTF8.sentence("line \(number)", text.span)
              .replacing(InvalidUTF8.remedy, with: Self.encodingRemedy)
            throw OperationFailure(.inputMissing, "\(loader.file.path): \(sentence)")
          }
          if ControlCharacters.first(in: text) != nil {
            controls = (controls.count + 1, controls.count == 0 ? number : controls.first)
          }
          try loader.add(Cell(kind: .string, text: text), isText: true)
        }
      }
      line.removeAll(keepingCapacity: true)
      number += 1
    }
    while let base = buffer.baseAddress {
      let count = try input.read(into: base, count: buffer.count)
      guard count > 0 else { break }
      for byte in buffer[..<count] {
        defer { endedWithReturn = byte == 0x0D }
        if byte == 0x0A, endedWithReturn { continue }
        if byte == 0x0A || byte == 0x0D { try take(&self) } else { line.append(byte) }
      }
      if line.count > 16 << 20 {
        throw OperationFailure(.inputMissing, "\(file.path) has a line of more than 16 MiB: it is not a list of keys")
      }
    }
    try take(&self)
    guard controls.count > 0 else { return }
    let lines = controls.count == 1 ? "1 line has" : "\(controls.count) lines have"
    note("\(lines) a control character, which is kept; the first is line \(controls.first)")
  }

  // MARK: keys

  /// In a file without types, a text of digits also counts as the number.
  private mutating func add(_ cell: Cell, isText: Bool) throws {
    guard !cell.isAbsent, cell.kind != .string || cell.count > 0 else {
      keyless += 1
      return
    }
    keys.count += 1
    try keys.registry.insert(KeyText.digest(of: cell, &scratch))
    guard isText, cell.kind == .string, cell.count < 64, let value = try? JSONReader.read(cell.text.string), case .number = value
    else { return }
    try keys.registry.insert(KeyText.digest(of: Cell(kind: .number, text: cell.text), &scratch))
  }

  private mutating func digest(ofText text: String) -> KeyDigest? {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { KeyText.digest(of: Cell(kind: .string, text: Text(start: $0, count: bytes.count)), &scratch) }
    }
  }

  private static func firstMember(_ record: UnsafeBufferPointer<UInt8>) -> String? {
    guard let value = try? JSONReader.read(Array(record)), case .object(let members) = value else { return nil }
    return members.first?.name
  }

  /// What the record has where the first missing name of the field's path should be.
  private func hint(_ record: UnsafeBufferPointer<UInt8>) -> String? {
    guard let field = file.field, var value = try? JSONReader.read(Array(record)) else { return nil }
    for name in field.split(exactly: ".") where !name.isEmpty {
      guard case .object(let members) = value else { return nil }
      guard let next = value[name] else { return NearestName.hint(name, in: members.map(\.name)) }
      value = next
    }
    return nil
  }

  /// The advice for other files names another option than the one for keys.
  private static let encodingRemedy =
    "if the file uses another encoding, such as windows-1252, specify it with \(CommandOption.keysEncoding)"

  private func broken(_ line: Int, _ reason: String? = nil) -> OperationFailure {
    let why = reason.map { " (\($0.replacing(InvalidUTF8.remedy, with: Self.encodingRemedy)))" } ?? ""
    return OperationFailure(
      .inputMissing, "\(file.path), line \(line): it cannot be read as a record\(why), so keys would be missing")
  }
}
