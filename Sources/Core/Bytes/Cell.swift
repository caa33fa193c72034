/// What kind of value a cell holds. The raw values are shared with the C shim's header.
public enum CellKind: UInt8, Sendable, BitwiseCopyable {
  /// The source has no such member, or the field's `when` is false. Never written.
  case missing = 0
  case null = 1
  case `false` = 2
  case `true` = 3
  /// 64-bit integer: digits in `text`, value in `number`.
  case integer = 4
  /// Exact decimal: canonical digits in `text`.
  case decimal = 5
  /// Any other JSON number, including integers beyond 64 bits: its original digits in `text`.
  case number = 6
  case string = 7
  /// `yyyy-MM-dd` in `text`, days since 1970-01-01 in `number`.
  case date = 8
  /// RFC 3339 in `text`, seconds since 1970-01-01T00:00:00Z in `number` (a fraction is in the text only).
  case datetime = 9
  /// `count` cells from `elements`.
  case list = 10
  /// The text of a JSON object (or, inside an object, an array) as it was in the source.
  case object = 11
  /// No value can be read: something else blocks the path. See `Obstacle`.
  case blocked = 12

  /// Written out so that comparisons are inlined into other modules.
  @inlinable
  public static func == (left: CellKind, right: CellKind) -> Bool { left.rawValue == right.rawValue }
}

/// One value on its way from a record to a destination: 24 trivial bytes that point into memory which the
/// batch, an arena or the program owns. The same struct as `waybill_cell` of the C shim.
///
/// Every scalar has its text, so encoders copy bytes and never format.
@safe public struct Cell: BitwiseCopyable, @unchecked Sendable {
  public var pointer: UnsafeRawPointer?
  public var number: Int64
  /// Length, kind and flags in one word, so that a cell is copied as three.
  @usableFromInline var bits: UInt64

  @inlinable
  public init(kind: CellKind, pointer: UnsafeRawPointer? = nil, count: Int = 0, number: Int64 = 0, flags: UInt8 = 0) {
    unsafe self.pointer = unsafe pointer
    self.number = number
    bits = UInt64(UInt32(truncatingIfNeeded: count)) | UInt64(kind.rawValue) << 32 | UInt64(flags) << 40
  }

  /// Bytes of a text, elements of a list.
  @inlinable public var length: UInt32 { UInt32(truncatingIfNeeded: bits) }
  @inlinable public var kindCode: UInt8 { UInt8(truncatingIfNeeded: bits >> 32) }
  @inlinable public var flags: UInt8 { UInt8(truncatingIfNeeded: bits >> 40) }

  @inlinable
  public init(kind: CellKind, text: Text, number: Int64 = 0) {
    unsafe self.init(kind: kind, pointer: UnsafeRawPointer(text.start), count: text.count, number: number)
  }

  @inlinable public static var missing: Cell { unsafe Cell(kind: .missing) }
  @inlinable public static var null: Cell { unsafe Cell(kind: .null) }

  @inlinable
  public var kind: CellKind { unsafe unsafeBitCast(kindCode, to: CellKind.self) }

  @inlinable
  public var count: Int { Int(length) }

  /// Missing or null.
  @inlinable
  public var isAbsent: Bool { kindCode <= CellKind.null.rawValue }

  /// The bytes of a scalar or object; empty for lists, null and booleans.
  @inlinable
  public var text: Text {
    guard let pointer = unsafe pointer, kindCode != CellKind.list.rawValue else { return .empty }
    return unsafe Text(start: pointer.assumingMemoryBound(to: UInt8.self), count: Int(length))
  }

  /// The elements of a list.
  @inlinable
  public var elements: UnsafeBufferPointer<Cell> {
    guard let pointer = unsafe pointer, kindCode == CellKind.list.rawValue else {
      return unsafe UnsafeBufferPointer(start: nil, count: 0)
    }
    return unsafe UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: Cell.self), count: Int(length))
  }

  @inlinable
  public static func boolean(_ value: Bool) -> Cell { unsafe Cell(kind: value ? .true : .false) }
}

/// A set of cell kinds.
public struct CellKinds: OptionSet, BitwiseCopyable, Sendable, Hashable {
  public let rawValue: UInt16
  @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
  @inlinable public init(_ kind: CellKind) { rawValue = 1 << UInt16(kind.rawValue) }
  /// One bit test: the set operations of the standard library would not be specialized across modules.
  @inlinable public func contains(_ kind: CellKind) -> Bool { rawValue & (1 << UInt16(kind.rawValue)) != 0 }

  public static let absent: CellKinds = [CellKinds(.missing), CellKinds(.null)]
  public static let boolean: CellKinds = [CellKinds(.false), CellKinds(.true)]
  public static let integer = CellKinds(.integer)
  public static let numeric: CellKinds = [CellKinds(.integer), CellKinds(.decimal), CellKinds(.number)]
  public static let string = CellKinds(.string)
  public static let date = CellKinds(.date)
  public static let datetime = CellKinds(.datetime)
  public static let list = CellKinds(.list)
  public static let object = CellKinds(.object)
  public static let any = CellKinds(rawValue: 0x0FFF)
}
