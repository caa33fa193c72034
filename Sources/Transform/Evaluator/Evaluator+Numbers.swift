import Core
import Values

/// Numbers, booleans, dates: functions that change a value's type because the mapping requests it.
extension Evaluator {
  mutating func int(_ cell: inout Cell) -> Bool {
    let value: Int64
    switch cell.kind {
    // `-0` is an integer, and written `0`.
    case .integer where cell.number != 0 || cell.count == 1: return true
    case .integer: value = 0
    case .true: value = 1
    case .false: value = 0
    case .string, .number, .decimal:
      switch Numbers.integer(cell.text.span) {
      case .value(let number): value = number
      case .refused(let refusal): return refuse(Failure(code: .numberInvalid, detail: .number(refusal)))
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
    case .integer where !isDecimal || cell.number != 0: return true
    case .integer: break
    case .decimal where isDecimal: return true
    case .string, .number, .decimal: break
    default: return refuse(Self.wrongType)
    }
    arena.begin()
    let refusal =
      isDecimal
      ? Numbers.decimal(cell.text.span, into: &arena) : Numbers.number(cell.text.span, into: &arena)
    if let refusal { return refuse(Failure(code: .numberInvalid, detail: .number(refusal))) }
    cell = Cell(kind: isDecimal ? .decimal : .number, text: arena.finish())
    return true
  }

  /// Keeps the kind: integers stay integers, decimals stay decimals.
  mutating func round(_ places: Int, _ cell: inout Cell) -> Bool {
    let kind = cell.kind
    guard kind == .integer || kind == .decimal || kind == .number else { return refuse(Self.wrongType) }
    if kind == .integer, places >= 0 { return true }
    arena.begin()
    switch Rounding.halfEven(cell.text.span, places: places, into: &arena) {
    case .same: return true
    case .refused(let refusal): return refuse(Failure(code: .numberInvalid, detail: .number(refusal)))
    case .rounded: break
    }
    let text = arena.finish()
    guard kind == .integer else {
      cell = Cell(kind: kind, text: text)
      return true
    }
    switch Numbers.integer(text.span) {
    case .value(let value): cell = Cell(kind: .integer, text: text, number: value)
    case .refused(let refusal): return refuse(Failure(code: .numberInvalid, detail: .number(refusal)))
    }
    return true
  }

  mutating func epoch(_ isMilliseconds: Bool, _ cell: inout Cell) -> Bool {
    switch cell.kind {
    case .date: setInteger(cell.number * 86_400 * (isMilliseconds ? 1_000 : 1), &cell)
    case .datetime:
      let seconds = cell.number
      setInteger(isMilliseconds ? EpochCount.milliseconds(cell.text.span, seconds: seconds) : seconds, &cell)
    default: return refuse(Self.wrongType)
    }
    return true
  }

  mutating func format(_ index: Int, _ cell: inout Cell) -> Bool {
    arena.begin()
    let failure: DateFailure?
    switch cell.kind {
    case .date: failure = tables.dateWriters[index].write(date: cell.text.span, into: &arena)
    case .datetime: failure = tables.dateWriters[index].write(datetime: cell.text.span, into: &arena)
    default: return refuse(Self.wrongType)
    }
    if let failure { return refuse(Failure(code: failure.code, detail: .date(failure))) }
    cell = Cell(kind: .string, text: arena.finish())
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
      // RFC 3339 starts with the date as written.
      result = tables.dates[index].iso.read(text[0..<10].span, into: &arena)
    case .string: result = tables.dates[index].text.read(text.span, into: &arena)
    case .integer: result = tables.dates[index].whole.read(text.span, into: &arena)
    default: return refuse(Self.wrongType)
    }
    switch result {
    case .value(let days): cell = Cell(kind: .date, text: arena.finish(), number: Int64(days))
    case .failure(let failure): return refuse(Failure(code: failure.code, detail: .date(failure)))
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
    case .failure(let failure): return refuse(Failure(code: failure.code, detail: .date(failure)))
    }
    return true
  }
}
