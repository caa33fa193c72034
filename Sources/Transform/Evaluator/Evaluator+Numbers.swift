import Core
import Values

/// Numbers, truth values, dates: functions that change a value's type because the mapping says so.
extension Evaluator {
  mutating func int(_ cell: inout Cell) -> Failure? {
    let value: Int64
    switch cell.kind {
    case .integer: return nil
    case .true: value = 1
    case .false: value = 0
    case .string, .number, .decimal:
      switch Numbers.integer(cell.text.span) {
      case .value(let number): value = number
      case .refused(let refusal): return Failure(code: .numberInvalid, detail: refusal.rawValue)
      }
    default: return Self.wrongType
    }
    setInteger(value, &cell)
    return nil
  }

  mutating func setInteger(_ value: Int64, _ cell: inout Cell) {
    arena.begin()
    arena.append(decimal: value)
    cell = Cell(kind: .integer, text: arena.finish(), number: value)
  }

  mutating func number(_ cell: inout Cell, isDecimal: Bool) -> Failure? {
    switch cell.kind {
    case .integer: return nil
    case .decimal where isDecimal: return nil
    case .string, .number, .decimal: break
    default: return Self.wrongType
    }
    arena.begin()
    let refusal = isDecimal
      ? Numbers.decimal(cell.text.span, into: &arena) : Numbers.number(cell.text.span, into: &arena)
    if let refusal { return Failure(code: .numberInvalid, detail: refusal.rawValue) }
    cell = Cell(kind: isDecimal ? .decimal : .number, text: arena.finish())
    return nil
  }

  mutating func bool(_ index: Int, _ cell: inout Cell) -> Failure? {
    switch cell.kind {
    case .true, .false: return nil
    case .string, .integer:
      guard let value = tables.booleans[index].value(of: cell.text.span) else { return Self.wrongType }
      cell = .boolean(value)
      return nil
    default: return Self.wrongType
    }
  }

  mutating func date(_ index: Int, _ cell: inout Cell) -> Failure? {
    let text = cell.text
    arena.begin()
    let result: DateResult
    switch cell.kind {
    case .date: return nil
    case .datetime:
      // RFC 3339 starts with the date as it is written.
      result = tables.dates[index].text.read(text[0..<10].span, into: &arena)
    case .string: result = tables.dates[index].text.read(text.span, into: &arena)
    case .integer: result = tables.dates[index].whole.read(text.span, into: &arena)
    default: return Self.wrongType
    }
    switch result {
    case .value(let days): cell = Cell(kind: .date, text: arena.finish(), number: Int64(days))
    case .failure(let failure): return Failure(code: failure.code, reason: failure.reason)
    }
    return nil
  }

  mutating func datetime(_ index: Int, _ cell: inout Cell) -> Failure? {
    let text = cell.text
    arena.begin()
    let result: DateTimeResult
    switch cell.kind {
    case .datetime: return nil
    case .string: result = tables.dateTimes[index].text.read(text.span, into: &arena)
    case .integer: result = tables.dateTimes[index].whole.read(text.span, into: &arena)
    default: return Self.wrongType
    }
    switch result {
    case .value(let seconds, let code):
      if let code { warning = Failure(code: code) }
      cell = Cell(kind: .datetime, text: arena.finish(), number: seconds)
    case .failure(let failure): return Failure(code: failure.code, reason: failure.reason)
    }
    return nil
  }
}
