import Core

@testable import Records

/// Walks one record and describes the cells of its paths, for tests.
func walk(_ json: String, _ paths: [[RecordWalker.Step]]) -> Result<[String], RecordWalker.Fault> {
  walk(Array(json.utf8), paths)
}

func walk(_ json: [UInt8], _ paths: [[RecordWalker.Step]]) -> Result<[String], RecordWalker.Fault> {
  var walker = RecordWalker()
  for (slot, path) in paths.enumerated() { walker.addPath(path, slot: slot) }
  let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: json.count + RecordWalker.padding)
  defer { bytes.deallocate() }
  bytes.initialize(repeating: UInt8(ascii: "\""))
  _ = bytes.update(fromContentsOf: json)
  let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: max(1, paths.count))
  defer { cells.deallocate() }
  cells.initialize(repeating: .missing)
  let record = UnsafeBufferPointer(start: bytes.baseAddress, count: json.count)
  if let fault = walker.indexRecord(record) { return .failure(fault) }
  if let fault = walker.walk(0..<json.count, into: cells) { return .failure(fault) }
  return .success(cells.prefix(paths.count).map(describe))
}

func describe(_ cell: Cell) -> String {
  switch cell.kind {
  case .missing: "missing"
  case .null: "null"
  case .true: "true"
  case .false: "false"
  case .integer: "integer \(cell.text.string)=\(cell.number)"
  case .decimal: "decimal \(cell.text.string)"
  case .number: "number \(cell.text.string)"
  case .string: "string \(cell.text.string)"
  case .date: "date \(cell.text.string)"
  case .datetime: "datetime \(cell.text.string)"
  case .list: "[" + cell.elements.map(describe).joined(separator: ", ") + "]"
  case .object: "object \(cell.text.string)"
  case .blocked: describe(cell.obstacle) + ": \(cell.text.string)"
  }
}

private func describe(_ obstacle: Obstacle) -> String {
  let reason =
    switch obstacle.reason {
    case .otherShape: "blocked"
    case .strayElement: "stray"
    case .repeatedField: "repeated"
    case .severalValues: "several"
    case .unknownValueName: "unknown"
    }
  return "\(reason) \(obstacle.kind == .string ? "text" : "\(obstacle.kind)") \(obstacle.steps)"
}
