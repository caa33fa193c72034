import CAllocationCounter
import Core
import Expressions
import Glibc

/// What expressions cost per record: heap allocations, which must be none, and nanoseconds beside the same condition written by
/// hand in Swift over the same cells. Ends with 1 where an expression allocates.
///
///     swift run -c release ExpressionsBenchmark
@main struct ExpressionsBenchmark {
  static let expressions = [
    "type == 'lead' && tags != null && size(tags) > 0",
    "tags != null && 'trial' in tags",
    "tags != null && tags.exists(t, t.startsWith('tr'))",
    "score != null ? score * 2 + 1 : 0",
    "score != null && score >= 80",
    "email != null && email.matches('^[^@]+@example\\\\.com$')",
    "dateAdded.getFullYear('Europe/Berlin') == 2024 && dateAdded < now",
    "email != null ? type + ':' + email : type",
    "tags != null ? tags.filter(t, t != 'vip') : []",
    "address != null && 'city' in address && address.city != null",
    "timestamp('2024-01-01T00:00:00Z') < dateAdded || now - dateAdded > duration('24h')",
  ]

  static let scope = ExpressionScope(
    roots: [
      .init(
        "record",
        .object(
          ObjectShape([
            FieldShape("type", .string, isNullable: false), FieldShape("tags", .list(.string)), FieldShape("score", .integer),
            FieldShape("email", .string), FieldShape("dateAdded", .datetime, isNullable: false),
            FieldShape("address", .object(ObjectShape([FieldShape("city", .string)], others: .any))),
          ])), label: "record"), .init("now", .datetime),
    ], bareRoot: "record")

  static func main() {
    let cells = record()
    var isFlat = true
    for text in expressions {
      let compilation = ExpressionCompiler.compile(text, scope: scope)
      guard let expression = compilation.expression else {
        for diagnostic in compilation.diagnostics { print(ExpressionFrame.text(of: diagnostic, in: text)) }
        exit(65)
      }
      let slots = expression.paths.map { cells[$0.text(bareRoot: "record")] ?? .missing } + [.missing]
      let (allocations, time) = slots.withUnsafeBufferPointer { measure(expression.program, $0) }
      print("\(allocations) allocations, \(time) ns: \(text)")
      if allocations > 0 { isFlat = false }
    }
    print("by hand: \(byHand(cells)) ns: \(expressions[0])")
    print(isFlat ? "per-record allocations: 0" : "per-record allocations: NOT 0")
    exit(isFlat ? 0 : 1)
  }

  /// In how many evaluations something is counted.
  static let rounds = 200_000

  private static func measure(_ program: ExpressionProgram, _ slots: UnsafeBufferPointer<Cell>) -> (UInt64, Int) {
    guard let base = slots.baseAddress else { return (0, 0) }
    var evaluator = ExpressionEvaluator()
    var checked = 0
    for _ in 0..<100 {
      evaluator.reset()
      if evaluator.evaluate(program, slots: base).isError { checked += 1 }
    }
    let before = waybill_allocation_count()
    let start = nanoseconds()
    for _ in 0..<rounds {
      evaluator.reset()
      if evaluator.evaluate(program, slots: base).isError { checked += 1 }
    }
    let time = nanoseconds() - start
    let made = waybill_allocation_count() - before
    if checked > 0 { print("an error: \(checked) times") }
    return (made, Int(time) / rounds)
  }

  /// The first expression as one would write it in Swift.
  private static func byHand(_ cells: [String: Cell]) -> Int {
    guard let type = cells["type"], let tags = cells["tags"] else { return 0 }
    let word: StaticString = "lead"
    var slots = [type, tags]
    return slots.withUnsafeMutableBufferPointer { slots in
      var count = 0
      let start = nanoseconds()
      for _ in 0..<rounds {
        let type = slots[0]
        let text = type.text
        if type.kind == .string, text.count == word.utf8CodeUnitCount, memcmp(text.start, word.utf8Start, text.count) == 0,
          !slots[1].isAbsent, slots[1].elements.count > 0
        {
          count += 1
        }
        // Not to be moved out of the loop.
        slots[0].number = Int64(count)
      }
      let time = nanoseconds() - start
      return count == rounds ? Int(time) / rounds : -1
    }
  }

  private static func nanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  private static func record() -> [String: Cell] {
    [
      "type": text(.string, "lead"), "tags": list(["vip", "trial", "2024"]), "score": text(.integer, "87", number: 87),
      "email": text(.string, "ada.lovelace@example.com"),
      "dateAdded": text(.datetime, "2024-03-10T12:30:00Z", number: 1_710_073_800),
      "address": text(.object, #"{"line1": "1 Main St", "city": "Köln", "country": "DE"}"#),
      "address.city": text(.string, "Köln"),
      "now": text(.datetime, "2024-06-01T00:00:00Z", number: 1_717_200_000),
    ]
  }

  /// Memory that lives as long as the process.
  private static func text(_ kind: CellKind, _ text: String, number: Int64 = 0) -> Cell {
    let bytes = Array(text.utf8)
    let block = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 64)
    block.initialize(repeating: 0, count: bytes.count + 64)
    block.update(from: bytes, count: bytes.count)
    return Cell(kind: kind, text: Text(start: block, count: bytes.count), number: number)
  }

  private static func list(_ texts: [String]) -> Cell {
    let block = UnsafeMutablePointer<Cell>.allocate(capacity: texts.count)
    for (index, word) in texts.enumerated() { (block + index).initialize(to: text(.string, word)) }
    return Cell(kind: .list, pointer: UnsafeRawPointer(block), count: texts.count)
  }
}
