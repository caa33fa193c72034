import Core
import Values

/// Constants of a program, as cells whose bytes live as long as the pool. Equal constants share a number.
final class ConstantPool {
  private(set) var cells: [Cell] = []
  private var memory: [UnsafeMutableRawPointer] = []
  /// By the bytes of their JSON text: strings that are canonically equivalent are two constants, as they are two values.
  private var numbers: [[UInt8]: UInt16] = [:]

  deinit { for block in memory { block.deallocate() } }

  func number(of value: JSONValue) -> UInt16 {
    let key = Array(value.text.utf8)
    if let number = numbers[key] { return number }
    let number = UInt16(truncatingIfNeeded: cells.count)
    cells.append(cell(of: value))
    numbers[key] = number
    return number
  }

  /// The same for a literal of a type that JSON does not tell; of a list, each element.
  func number(of value: JSONValue, as form: ConstantForm) -> UInt16 {
    let key = Array("\(form) \(value.text)".utf8)
    if let number = numbers[key] { return number }
    let number = UInt16(truncatingIfNeeded: cells.count)
    cells.append(cell(of: value, as: form))
    numbers[key] = number
    return number
  }

  private func cell(of value: JSONValue, as form: ConstantForm) -> Cell {
    switch (value, form) {
    case (.array(let elements), _): return list(elements.map { cell(of: $0, as: form) })
    case (.string(let text), .date):
      let reader = DateReader(formats: [.iso])
      var arena = ByteArena(capacity: 64)
      arena.begin()
      guard case .value(let days) = reader.read(Array(text.utf8).span, into: &arena) else { break }
      return Cell(kind: .date, text: keep(arena.finish().string), number: Int64(days))
    case (.string(let text), .datetime):
      let reader = DateTimeReader(formats: [.iso], zone: nil)
      var arena = ByteArena(capacity: 64)
      arena.begin()
      guard case .value(let seconds, _) = reader.read(Array(text.utf8).span, into: &arena) else { break }
      return Cell(kind: .datetime, text: keep(arena.finish().string), number: seconds)
    case (.number(let digits), .decimal): return Cell(kind: .decimal, text: keep(digits))
    default: break
    }
    return cell(of: value)
  }

  private func list(_ cells: [Cell]) -> Cell {
    let block = UnsafeMutablePointer<Cell>.allocate(capacity: max(1, cells.count))
    memory.append(UnsafeMutableRawPointer(block))
    for (index, cell) in cells.enumerated() { (block + index).initialize(to: cell) }
    return Cell(kind: .list, pointer: UnsafeRawPointer(block), count: cells.count)
  }

  /// A moment that is RFC 3339 text.
  func number(ofMoment text: String) -> UInt16 {
    let reader = DateTimeReader(formats: [.iso], zone: nil)
    var arena = ByteArena(capacity: 64)
    arena.begin()
    let number = UInt16(truncatingIfNeeded: cells.count)
    if case .value(let seconds, _) = reader.read(Array(text.utf8).span, into: &arena) {
      cells.append(Cell(kind: .datetime, text: keep(arena.finish().string), number: seconds))
    } else {
      cells.append(.null)
    }
    return number
  }

  /// A cell whose bytes the pool owns.
  func cell(of value: JSONValue) -> Cell {
    switch value {
    case .null: return .null
    case .bool(let value): return .boolean(value)
    case .string(let text): return Cell(kind: .string, text: keep(text))
    case .number(let digits):
      let text = keep(digits)
      if let integer = Int64(digits) { return Cell(kind: .integer, text: text, number: integer) }
      return Cell(kind: .number, text: text)
    case .array(let elements): return list(elements.map { cell(of: $0) })
    case .object: return Cell(kind: .object, text: keep(value.text))
    }
  }

  /// A copy of the text's bytes, followed by zeros so that kernels may read ahead.
  func keep(_ text: String) -> Text {
    let bytes = Array(text.utf8)
    let block = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 64)
    block.initialize(repeating: 0, count: bytes.count + 64)
    block.update(from: bytes, count: bytes.count)
    memory.append(UnsafeMutableRawPointer(block))
    return Text(start: block, count: bytes.count)
  }
}
