import Core
import Values

/// Numbers, booleans, dates: functions that change a value's type because the mapping requests it.
extension Evaluator {
  mutating func int(_ form: UInt16, _ cell: inout Cell) -> Bool {
    var result: Numbers.IntegerResult
    switch cell.kind {
    // `-0` is an integer, and written `0`.
    case .integer where cell.number != 0 || cell.count == 1: return true
    case .integer, .false: result = .value(0)
    case .true: result = .value(1)
    case .number, .decimal: result = Numbers.integer(cell.text.span)
    case .string:
      result = form == 0 ? Numbers.integer(cell.text.span, allowsExponent: false) : .refused(.notANumber)
      if case .refused(.notANumber) = result {
        guard let text = written(cell.text, form) else { return false }
        result = Numbers.integer(text.span)
      }
    default: return refuse(Self.wrongType)
    }
    switch result {
    case .value(let value): setInteger(value, &cell)
    case .refused(let refusal): return refuse(Failure(code: .numberInvalid, detail: .number(refusal)))
    }
    return true
  }

  /// A text's number in the form of JSON. Nil: the text is not a number in this form, and `failure` says why.
  @inline(never)
  private mutating func written(_ text: Text, _ form: UInt16) -> Text? {
    arena.begin()
    if let refusal = tables.numberForms[Int(form)].read(text.span, into: &arena) {
      _ = refuse(Failure(code: .numberInvalid, detail: .number(refusal)))
      return nil
    }
    return arena.finish()
  }

  mutating func setInteger(_ value: Int64, _ cell: inout Cell) {
    arena.begin()
    arena.append(decimal: value)
    cell = Cell(kind: .integer, text: arena.finish(), number: value)
  }

  mutating func number(_ form: UInt16, _ cell: inout Cell, isDecimal: Bool) -> Bool {
    var text = cell.text
    var isWritten = false
    switch cell.kind {
    case .integer where !isDecimal || cell.number != 0: return true
    case .decimal where isDecimal: return true
    case .integer, .number, .decimal: break
    case .string where form == 0: isWritten = true
    case .string:
      guard let number = written(text, form) else { return false }
      text = number
    default: return refuse(Self.wrongType)
    }
    arena.begin()
    var refusal = number(text, allowsExponent: !isWritten, isDecimal)
    if isWritten, refusal == .notANumber {
      guard let number = written(text, form) else { return false }
      arena.begin()
      refusal = self.number(number, allowsExponent: false, isDecimal)
    }
    if let refusal { return refuse(Failure(code: .numberInvalid, detail: .number(refusal))) }
    cell = Cell(kind: isDecimal ? .decimal : .number, text: arena.finish())
    return true
  }

  @inline(__always)
  private mutating func number(_ text: Text, allowsExponent: Bool, _ isDecimal: Bool) -> NumberRefusal? {
    isDecimal
      ? Numbers.decimal(text.span, allowsExponent: allowsExponent, into: &arena)
      : Numbers.number(text.span, allowsExponent: allowsExponent, into: &arena)
  }

  /// The digits of a number, the word of a boolean, dates and texts as they are written.
  @inline(never)
  mutating func text(_ index: Int, _ cell: inout Cell) -> Bool {
    switch cell.kind {
    case .string where !tables.numberWriters[index].isForNumbersOnly: return true
    case .true: cell = Cell(kind: .string, text: Self.trueText)
    case .false: cell = Cell(kind: .string, text: Self.falseText)
    case .date, .datetime: cell = Cell(kind: .string, text: cell.text)
    case .integer, .decimal, .number:
      if let refusal = tables.numberWriters[index].write(cell.text.span, into: &arena) {
        return refuse(Failure(code: .numberInvalid, detail: .number(refusal)))
      }
      cell = Cell(kind: .string, text: arena.finish())
    default: return refuse(Self.wrongType)
    }
    return true
  }

  /// A JSON number whose value is whole, as an integer: `1.0`, `1e2` and `1.7040672E12` are the integers that JSON Schema takes them
  /// for. One beyond 64 bits stays a number, with its digits alone. Nil: the value is not whole.
  @inline(never)
  mutating func whole(_ cell: Cell) -> Cell? {
    var result = cell
    switch Numbers.integer(cell.text.span) {
    case .value(let value): setInteger(value, &result)
    case .refused(.outOfRange):
      arena.begin()
      guard Numbers.whole(cell.text.span, into: &arena) else { return nil }
      result = Cell(kind: .number, text: arena.finish())
    case .refused: return nil
    }
    return result
  }

  /// The digits of a number without an exponent, and without a fraction where it is whole.
  @inline(never)
  private mutating func plainDigits(_ cell: Cell) -> Text {
    if let integer = whole(cell) { return integer.text }
    arena.begin()
    return Numbers.decimal(cell.text.span, into: &arena) == nil ? arena.finish() : cell.text
  }

  /// A list whose elements may be integers but not other numbers, with its whole numbers as integers.
  @inline(never)
  mutating func wholeElements(_ list: Cell) -> Cell {
    let elements = list.elements
    let copy = lists.take(elements.count)
    for (index, element) in elements.enumerated() {
      copy[index] = element.kind == .number || element.kind == .decimal ? whole(element) ?? element : element
    }
    return Cell(list: copy, count: copy.count)
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
    case .string, .integer, .number:
      let text = cell.kind == .number ? whole(cell)?.text ?? cell.text : cell.text
      guard let value = tables.booleans[index].value(of: text.span) else { return refuse(Self.wrongType) }
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
    case .number, .decimal:
      let digits = plainDigits(cell)
      arena.begin()
      result = tables.dates[index].whole.read(digits.span, into: &arena)
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
    case .number, .decimal:
      let digits = plainDigits(cell)
      arena.begin()
      result = tables.dateTimes[index].whole.read(digits.span, into: &arena)
    default: return refuse(Self.wrongType)
    }
    switch result {
    case .value(let seconds, let code):
      if let code { warn(Failure(code: code)) }
      cell = Cell(kind: .datetime, text: arena.finish(), number: seconds)
    case .failure(let failure): return refuse(Failure(code: failure.code, detail: .date(failure)))
    }
    return true
  }
}
