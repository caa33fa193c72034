import Core
import Values

/// The functions, one by one: a `switch` over the program's operations. Null and missing never get here.
extension Evaluator {
  @inline(__always)
  mutating func apply(_ operation: Operation, to cell: inout Cell) -> Bool {
    if cell.kind == .list {
      return operation.takesList ? applyToList(operation, &cell) : applyToEach(operation, &cell)
    }
    return applyToOne(operation, &cell)
  }

  /// A function of one value, given a list, works on each element; nulls stay.
  private mutating func applyToEach(_ operation: Operation, _ cell: inout Cell) -> Bool {
    let elements = cell.elements
    guard elements.count < 4096 || mayMake(cells: elements.count) else { return false }
    let mapped = lists.take(elements.count)
    for index in elements.indices {
      var element = elements[index]
      let earlier = warnings.count
      if !element.isAbsent, !applyToOne(operation, &element) {
        failure.element = Int32(index)
        return false
      }
      if warnings.count > earlier {
        for warning in earlier..<warnings.count { warnings[warning].element = Int32(index) }
      }
      mapped[index] = element
    }
    cell = Cell(list: mapped, count: mapped.count)
    return true
  }

  private mutating func applyToOne(_ operation: Operation, _ cell: inout Cell) -> Bool {
    switch operation {
    case .trim:
      guard cell.kind == .string else { return refuse(Self.wrongType) }
      let text = cell.text
      if Whitespace.isPlainlyTrimmed(text) { return true }
      cell = Cell(kind: .string, text: text[Whitespace.trimmed(text.span)])
    case .lower:
      return rewrite(&cell) { Casing.lower($0, into: &$1) }
    case .upper:
      return rewrite(&cell) { Casing.upper($0, into: &$1) }
    case .title:
      return rewrite(&cell) { TitleCase.title($0, into: &$1) }
    case .collapse:
      return rewrite(&cell) { Whitespace.collapse($0, into: &$1) }
    case .digits:
      return rewrite(&cell) { DigitText.digits($0, into: &$1) }
    case .stripHTML:
      return rewrite(&cell) { HTMLText.strip($0, into: &$1) }
    case .replace(let index):
      guard cell.kind == .string else { return refuse(Self.wrongType) }
      return replace(Int(index), &cell)
    case .truncate(let limit):
      guard cell.kind == .string else { return refuse(Self.wrongType) }
      let text = cell.text
      // A text of at most this many bytes has no more characters.
      guard text.count > Int(limit) else { return true }
      let end = CharacterCount.prefix(of: text.span, limit: Int(limit))
      if end < text.count { mark(.truncated) }
      cell = Cell(kind: .string, text: text[0..<end])
    case .split(let separator):
      guard cell.kind == .string else { return refuse(Self.wrongType) }
      return split(&cell, on: tables.constants[Int(separator)].text)
    case .join, .first, .last, .unique, .sort, .count, .compact, .at:
      return refuse(Self.wrongType)
    case .email:
      guard cell.kind == .string else { return refuse(Self.wrongType) }
      if PlainEmail.passes(cell.text.span) { return true }
      arena.begin()
      if let refusal = Email.normalise(cell.text.span, into: &arena) {
        return refuse(Failure(code: .emailInvalid, detail: .email(refusal)))
      }
      cell = Cell(kind: .string, text: arena.finish())
    case .phone(let region, let regionSlot, let mustBeValid, let extensions):
      guard cell.kind == .string else { return refuse(Self.wrongType) }
      let region = self.region(region, regionSlot)
      guard !ScientificNotation.isWritten(cell.text.span) else {
        return refuse(Failure(code: .phoneInvalid, detail: .phone(.scientific)))
      }
      arena.begin()
      switch PhoneNumber.write(
        cell.text.span, region: region, mustBeValid: mustBeValid, keepsExtension: extensions == .keep, into: &arena)
      {
      case .written: break
      case .writtenWithoutExtension: if extensions != .drop { warn(Failure(code: .phoneExtensionDropped)) }
      // Not an extension, so the argument `extension` does not cover it.
      case .writtenWithoutRest: warn(Failure(code: .phoneExtensionDropped, detail: .phoneRest))
      case .refused(let failure): return refuse(Failure(code: .phoneInvalid, detail: .phone(failure)))
      }
      cell = Cell(kind: .string, text: arena.finish())
    case .country:
      guard cell.kind == .string else { return refuse(Self.wrongType) }
      guard let code = Country.alpha2(of: cell.text.span) else { return refuse(Failure(code: .countryUnknown)) }
      cell = Cell(kind: .string, text: code)
    case .postalCode(let region, let regionSlot): return postalCode(region, regionSlot, &cell)
    case .kernel(let index): return kernel(Int(index), &cell)
    case .epoch(let isMilliseconds): return epoch(isMilliseconds, &cell)
    case .format(let index): return format(Int(index), &cell)
    case .round(let places): return round(Int(places), &cell)
    case .date(let index): return date(Int(index), &cell)
    case .datetime(let index): return datetime(Int(index), &cell)
    case .int(let form): return int(form, &cell)
    case .decimal(let form): return number(form, &cell, isDecimal: true)
    case .number(let form): return number(form, &cell, isDecimal: false)
    case .text(let index): return text(Int(index), &cell)
    case .bool(let index): return bool(Int(index), &cell)
    case .lookup(let table, let column, let miss, let constant):
      return lookup(Int(table), Int(column), miss, constant, &cell)
    }
    return true
  }

  /// Sets the failure that the caller finds; false, so that it can be returned.
  mutating func refuse(_ failure: Failure) -> Bool {
    self.failure = failure
    return false
  }

  static var wrongType: Failure { Failure(code: .wrongType) }

  /// Booleans as keys of a lookup, and as texts.
  static var trueText: Text { word("true") }
  static var falseText: Text { word("false") }

  @inline(__always)
  private static func word(_ word: StaticString) -> Text { Text(start: word.utf8Start, count: word.utf8CodeUnitCount) }

  /// A text function that may leave its input unchanged, and reports that.
  @inline(__always)
  mutating func rewrite(_ cell: inout Cell, _ kernel: (Span<UInt8>, inout ByteArena) -> Bool) -> Bool {
    guard cell.kind == .string else { return refuse(Self.wrongType) }
    // What is held of a record is seldom near its limit, and a text of this size adds little.
    guard cell.length < 4096 || room >= cell.count else { return refuse(Self.tooLarge) }
    arena.begin()
    let text = cell.text
    if kernel(text.span, &arena) { cell = Cell(kind: .string, text: arena.finish()) }
    return true
  }

  private mutating func replace(_ index: Int, _ cell: inout Cell) -> Bool {
    let text = cell.text
    arena.begin()
    let replacement = tables.replacements[index]
    switch replacement.pattern.replaceAll(text.span, with: replacement.with, workspace, limit: room, into: &arena) {
    case .replaced: cell = Cell(kind: .string, text: arena.finish())
    case .unchanged: break
    case .limitExceeded: return refuse(Failure(code: .patternLimit))
    case .tooLong: return refuse(Self.tooLarge)
    }
    return true
  }

  private mutating func split(_ cell: inout Cell, on separator: Text) -> Bool {
    let text = cell.text
    var count = 0
    var pieces = TextPieces()
    while pieces.next(in: text.span, on: separator.span) != nil { count += 1 }
    guard count < 4096 || mayMake(cells: count) else { return false }
    let parts = lists.take(count)
    pieces = TextPieces()
    var index = 0
    while let range = pieces.next(in: text.span, on: separator.span) {
      parts[index] = Cell(kind: .string, text: text[range])
      index += 1
    }
    cell = Cell(list: parts, count: count)
    return true
  }

  /// Inlined, as `key` is.
  @inline(__always)
  func region(_ fixed: UInt16, _ slot: UInt16) -> RegionCode? {
    guard slot != Operation.noSlot else { return RegionCode(packed: fixed) }
    let cell = slots[Int(slot)]
    guard cell.kind == .string else { return isEmpty(cell) ? RegionCode(packed: fixed) : nil }
    if let region = RegionCode(cell.text.span), region.isSupported { return region }
    let text = cell.text[Whitespace.trimmed(cell.text.span)]
    guard text.count > 0 else { return RegionCode(packed: fixed) }
    // A country by its name or in other letters. An unreadable one must not make the number belong to another country.
    return Country.alpha2(of: text.span).flatMap { RegionCode($0) }
  }

  /// The row of a number that the table does not have as it is written, but has as an integer: of `1.0` that of `1`.
  private mutating func rowOfWhole(_ cell: Cell, _ table: Int) -> Int? {
    guard cell.kind == .number || cell.kind == .decimal else { return nil }
    return whole(cell).flatMap { tables.lookups[table].find($0.text) }
  }

  private mutating func lookup(
    _ table: Int, _ column: Int, _ miss: Operation.Miss, _ constant: UInt16, _ cell: inout Cell
  ) -> Bool {
    let key: Text
    switch cell.kind {
    case .string, .integer, .decimal, .number, .date, .datetime: key = cell.text
    case .true: key = Self.trueText
    case .false: key = Self.falseText
    default: return refuse(Self.wrongType)
    }
    if let row = tables.lookups[table].find(key) ?? rowOfWhole(cell, table) {
      if let coverage { coverage.mark(lookup: table, row: row) }
      cell = tables.lookups[table].value(row: row, column: column)
      return true
    }
    switch miss {
    case .error:
      missed = (table, key)
      return refuse(Failure(code: .lookupMiss))
    case .value:
      mark(.lookupFallback)
      cell = tables.constants[Int(constant)]
    case .keep: break
    case .nullify: cell = .null
    }
    return true
  }
}
