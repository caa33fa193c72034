import Core
import Values

/// Numbers, truth values, dates: functions that change a value's type because the mapping says so.
extension Evaluator {
  mutating func int(_ cell: inout Cell) -> Bool {
    let value: Int64
    switch cell.kind {
    case .integer: return true
    case .true: value = 1
    case .false: value = 0
    case .string, .number, .decimal:
      switch Numbers.integer(cell.text.span) {
      case .value(let number): value = number
      case .refused(let refusal): return refuse(Failure(code: .numberInvalid, detail: refusal.rawValue))
      }
    default: return refuse(Self.wrongType)
    }
    setInteger(value, &cell)
    return true
  }

  mutating func setInteger(_ value: Int64, _ cell: inout Cell) {
    arena.begin()
    arena.append(decimal: value)
    cell = Cell(kind: .integer, text: arena.finish(), number: value)
  }

  mutating func number(_ cell: inout Cell, isDecimal: Bool) -> Bool {
    switch cell.kind {
    case .integer: return true
    case .decimal where isDecimal: return true
    case .string, .number, .decimal: break
    default: return refuse(Self.wrongType)
    }
    arena.begin()
    let refusal =
      isDecimal
      ? Numbers.decimal(cell.text.span, into: &arena) : Numbers.number(cell.text.span, into: &arena)
    if let refusal { return refuse(Failure(code: .numberInvalid, detail: refusal.rawValue)) }
    cell = Cell(kind: isDecimal ? .decimal : .number, text: arena.finish())
    return true
  }

  mutating func bool(_ index: Int, _ cell: inout Cell) -> Bool {
    switch cell.kind {
    case .true, .false: return true
    case .string, .integer:
      guard let value = tables.booleans[index].value(of: cell.text.span) else { return refuse(Self.wrongType) }
      cell = .boolean(value)
      return true
    default: return refuse(Self.wrongType)
    }
  }

  mutating func date(_ index: Int, _ cell: inout Cell) -> Bool {
    let text = cell.text
    arena.begin()
    let result: DateResult
    switch cell.kind {
    case .date: return true
    case .datetime:
      // RFC 3339 starts with the date as it is written.
      result = tables.dates[index].iso.read(text[0..<10].span, into: &arena)
    case .string: result = tables.dates[index].text.read(text.span, into: &arena)
    case .integer: result = tables.dates[index].whole.read(text.span, into: &arena)
    default: return refuse(Self.wrongType)
    }
    switch result {
    case .value(let days): cell = Cell(kind: .date, text: arena.finish(), number: Int64(days))
    case .failure(let failure): return refuse(Failure(code: failure.code, reason: failure.reason))
    }
    return true
  }

  mutating func datetime(_ index: Int, _ cell: inout Cell) -> Bool {
    let text = cell.text
    arena.begin()
    let result: DateTimeResult
    switch cell.kind {
    case .datetime: return true
    case .string:
      if tables.dateTimes[index].beginsWithISO, let seconds = CanonicalDateTime.seconds(of: text.span) {
        cell = Cell(kind: .datetime, text: text, number: seconds)
        return true
      }
      result = tables.dateTimes[index].text.read(text.span, into: &arena)
    case .integer: result = tables.dateTimes[index].whole.read(text.span, into: &arena)
    default: return refuse(Self.wrongType)
    }
    switch result {
    case .value(let seconds, let code):
      if let code { warnings.append(Failure(code: code)) }
      cell = Cell(kind: .datetime, text: arena.finish(), number: seconds)
    case .failure(let failure): return refuse(Failure(code: failure.code, reason: failure.reason))
    }
    return true
  }
}
