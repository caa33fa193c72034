package import Core

/// What kind of value there is.
package enum ValueKind: UInt8, BitwiseCopyable, Sendable {
  /// The evaluation failed: an `ExpressionError` in `word`, its instruction in `count`.
  case error
  case null
  /// `word` is 0 or 1.
  case bool
  case int
  /// Its bits in `word`.
  case uint
  /// Its bits in `word`.
  case double
  /// Canonical digits at `pointer`.
  case decimal
  case string
  case bytes
  /// `count` values at `pointer`.
  case list
  /// A list as the record has it: `count` cells at `pointer`.
  case cells
  /// `count` pairs of key and value at `pointer`.
  case map
  /// A JSON object's text, read when it is needed.
  case object
  /// A JSON array's text.
  case array
  /// Seconds since 1970 in `word`, nanoseconds from there on in `count`.
  case timestamp
  /// Seconds in `word` (rounded down), nanoseconds from there on in `count`.
  case duration
  /// A `TypeName` in `word`.
  case type

  @inline(__always)
  package static func == (left: ValueKind, right: ValueKind) -> Bool { left.rawValue == right.rawValue }
}

/// A value of an expression: 24 trivial bytes that point into the record, the program or the evaluator's arenas.
package struct ExpressionValue: BitwiseCopyable, @unchecked Sendable {
  package var pointer: UnsafeRawPointer?
  package var word: Int64
  package var count: UInt32
  package var kind: ValueKind

  @inline(__always)
  init(_ kind: ValueKind, pointer: UnsafeRawPointer? = nil, word: Int64 = 0, count: Int = 0) {
    self.kind = kind
    self.pointer = pointer
    self.word = word
    self.count = UInt32(truncatingIfNeeded: count)
  }

  static let null = ExpressionValue(.null)

  @inline(__always)
  static func bool(_ value: Bool) -> ExpressionValue { ExpressionValue(.bool, word: value ? 1 : 0) }
  @inline(__always)
  static func int(_ value: Int64) -> ExpressionValue { ExpressionValue(.int, word: value) }
  @inline(__always)
  static func int(_ value: Int) -> ExpressionValue { ExpressionValue(.int, word: Int64(value)) }
  @inline(__always)
  static func uint(_ value: UInt64) -> ExpressionValue { ExpressionValue(.uint, word: Int64(bitPattern: value)) }
  @inline(__always)
  static func double(_ value: Double) -> ExpressionValue {
    ExpressionValue(.double, word: Int64(bitPattern: value.bitPattern))
  }
  @inline(__always)
  static func string(_ text: Text) -> ExpressionValue { ExpressionValue(.string, pointer: text.start, count: text.count) }
  @inline(__always)
  package static func error(_ error: ExpressionError) -> ExpressionValue { ExpressionValue(.error, word: Int64(error.rawValue)) }
  static func type(_ name: TypeName) -> ExpressionValue { ExpressionValue(.type, word: Int64(name.rawValue)) }

  @inline(__always)
  package var isError: Bool { kind == .error }
  @inline(__always)
  package var isTrue: Bool { kind == .bool && word != 0 }
  @inline(__always)
  package var isFalse: Bool { kind == .bool && word == 0 }
  package var isNull: Bool { kind == .null }

  var uintValue: UInt64 { UInt64(bitPattern: word) }
  var doubleValue: Double { Double(bitPattern: UInt64(bitPattern: word)) }
  var size: Int { Int(count) }

  /// Bytes of a string, of bytes, of a decimal, of JSON text.
  @inline(__always)
  package var text: Text {
    guard let pointer else { return .empty }
    return Text(start: pointer.assumingMemoryBound(to: UInt8.self), count: Int(count))
  }

  /// Elements of a `list`; of a `map`, keys and values in turn.
  var values: UnsafePointer<ExpressionValue>? { pointer?.assumingMemoryBound(to: ExpressionValue.self) }
  var cells: UnsafePointer<Cell>? { pointer?.assumingMemoryBound(to: Cell.self) }

  /// A text or bytes, or the text of an array or object.
  @inline(__always)
  var hasText: Bool { kind == .string || kind == .bytes || kind == .array || kind == .object }

  var isList: Bool { kind == .list || kind == .cells || kind == .array }
  var isMap: Bool { kind == .map || kind == .object }
  var isNumber: Bool { kind.rawValue >= ValueKind.int.rawValue && kind.rawValue <= ValueKind.decimal.rawValue }

  /// Of an error.
  package var failure: ExpressionError? { isError ? ExpressionError(rawValue: UInt8(truncatingIfNeeded: word)) : nil }

  var typeName: TypeName {
    switch kind {
    case .error, .null: .null
    case .bool: .bool
    case .int: .int
    case .uint: .uint
    case .double: .double
    case .decimal: .decimal
    case .string: .string
    case .bytes: .bytes
    case .list, .cells, .array: .list
    case .map, .object: .map
    case .timestamp: .timestamp
    case .duration: .duration
    case .type: .type
    }
  }

  /// As `waybill eval --typed` calls it.
  package var typeText: String {
    switch typeName {
    case .null: "null"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case let name: "\(name.text)"
    }
  }
}
