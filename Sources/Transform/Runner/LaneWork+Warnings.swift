import Core
import Records

/// Warnings about a record that is processed anyway.
extension LaneWork {
  @inline(never)
  mutating func warn(of item: RecordBatch.Item, _ mark: RecordMark, _ batch: RecordBatch) {
    for code in item.warnings.codes {
      let note = batch.note(of: item, about: code).map { log.copy(note: $0) } ?? .empty
      log.append(Problem(code, severity: .warning, record: mark, key: copiedKey(), note: note))
    }
  }

  /// Warns of the first control character in the values that the mapping reads, if there is one: like the source of a CSV row, once
  /// per record, or per element of `source.each`.
  @inline(never)
  mutating func warnOfControlCharacter(
    in cells: UnsafeMutableBufferPointer<Cell>, _ paths: [[RecordWalker.Step]], _ mark: RecordMark
  ) {
    for (slot, path) in paths.enumerated() {
      // Its elements are items of their own.
      if mark.element < 0, program.eachSlot == UInt16(slot) { continue }
      guard let found = Self.controlCharacter(in: cells[slot]) else { continue }
      let place = ObstacleText.text(path[...], mark.element < 0 ? nil : "item")
      let note = log.copy(note: "\(place) contains \(ControlCharacters.name(found))")
      log.append(Problem(.controlCharacter, severity: .warning, record: mark, key: copiedKey(), note: note))
      return
    }
  }

  private static func controlCharacter(in cell: Cell) -> UInt32? {
    switch cell.kind {
    case .string: return ControlCharacters.first(in: cell.text)
    case .list:
      for element in cell.elements { if let found = controlCharacter(in: element) { return found } }
      return nil
    // Copied with its escapes, which stand for the character wherever the copy is read.
    case .object: return (try? JSONReader.read(Array(cell.text.buffer))).flatMap(controlCharacter)
    default: return nil
    }
  }

  private static func controlCharacter(in value: JSONValue) -> UInt32? {
    switch value {
    case .string(let text): return controlCharacter(in: text)
    case .array(let elements): return elements.lazy.compactMap(controlCharacter).first
    case .object(let members):
      return members.lazy.compactMap { controlCharacter(in: $0.name) ?? controlCharacter(in: $0.value) }.first
    default: return nil
    }
  }

  private static func controlCharacter(in text: String) -> UInt32? {
    text.unicodeScalars.first { ControlCharacters.contains($0.value) }?.value
  }
}
