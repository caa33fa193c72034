import Glibc

/// Raw memory in which the values of one record are made; reset per record, so a record costs no allocation
/// once the arena has reached its working size.
///
/// A value is made between `begin()` and `finish()`: kernels only append. What `finish()` hands out stays where it is
/// until `reset()`: when a chunk is full, the unfinished value moves to a larger one and finished values stay behind.
///
///     arena.begin()
///     arena.append(UInt8(ascii: "+"))
///     arena.append(digits.span)
///     let phone = arena.finish()
@safe public struct ByteArena: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  @usableFromInline var used = 0
  @usableFromInline var start = 0
  @usableFromInline var retired: [UnsafeMutablePointer<UInt8>] = unsafe []
  @usableFromInline var retiredBytes = 0

  public init(capacity: Int = 64 * 1024) {
    precondition(capacity > 0)
    self.capacity = capacity
    unsafe base = .allocate(capacity: capacity)
  }

  deinit {
    unsafe base.deallocate()
    for index in unsafe retired.indices { unsafe retired[index].deallocate() }
  }

  /// Forgets every value handed out. Keeps the largest chunk.
  @inlinable
  public mutating func reset() {
    used = 0
    start = 0
    if unsafe !retired.isEmpty { releaseRetired() }
  }

  @inlinable
  public mutating func begin() { start = used }

  /// The value appended since `begin()`.
  @inlinable
  public mutating func finish() -> Text {
    let text = unsafe Text(start: base + start, count: used - start)
    start = used
    return text
  }

  /// Bytes appended since `begin()`.
  @inlinable
  public var pendingCount: Int { used - start }

  /// The approximate number of bytes of all values since `reset()`: full chunks count as a whole.
  @inlinable
  public var heldBytes: Int { retiredBytes + used }

  /// Inspects the value being made.
  @inlinable
  public func withPending<Result>(_ body: (Text) -> Result) -> Result {
    unsafe body(Text(start: base + start, count: used - start))
  }

  /// Takes back the last `count` bytes of the value being made.
  @inlinable
  public mutating func removeLast(_ count: Int) {
    precondition(count <= used - start)
    used -= count
  }

  /// Byte `index` of the value being made.
  @inlinable
  public subscript(pending index: Int) -> UInt8 {
    get {
      precondition(index >= 0 && index < used - start)
      return unsafe base[start + index]
    }
    set {
      precondition(index >= 0 && index < used - start)
      unsafe base[start + index] = newValue
    }
  }

  /// Reserves `count` bytes after what was appended; `take` makes them part of it.
  @inlinable
  public mutating func reserve(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    if capacity - used < count { grow(by: count) }
    return unsafe base + used
  }

  @inlinable
  public mutating func take(_ count: Int) {
    precondition(count >= 0 && count <= capacity - used)
    used += count
  }

  @inlinable
  public mutating func append(_ byte: UInt8) {
    if used == capacity { grow(by: 1) }
    unsafe base[used] = byte
    used += 1
  }

  @inlinable
  public mutating func append(_ bytes: Span<UInt8>) {
    let count = bytes.count
    if capacity - used < count { grow(by: count) }
    unsafe bytes.withUnsafeBufferPointer { source in
      if let from = source.baseAddress { unsafe (base + used).update(from: from, count: count) }
    }
    used += count
  }

  @inlinable
  public mutating func append(_ text: Text) { append(text.span) }

  /// Appends eight bytes, the lowest first.
  @inlinable
  public mutating func append(word: UInt64) {
    if capacity - used < 8 { grow(by: 8) }
    unsafe UnsafeMutableRawPointer(base + used).storeBytes(of: word.littleEndian, as: UInt64.self)
    used += 8
  }

  /// Whether the bytes appended since `pendingCount` was `mark` are `bytes`: the value is unchanged.
  public func pendingEquals(_ bytes: Span<UInt8>, from mark: Int) -> Bool {
    precondition(mark >= 0 && mark <= used - start)
    guard used - start - mark == bytes.count else { return false }
    return unsafe bytes.withUnsafeBufferPointer { other in
      guard let other = other.baseAddress else { return true }
      return unsafe memcmp(base + start + mark, other, bytes.count) == 0
    }
  }

  @inlinable
  public mutating func append(_ literal: StaticString) {
    unsafe append(Text(start: literal.utf8Start, count: literal.utf8CodeUnitCount).span)
  }

  /// Appends one Unicode scalar as UTF-8.
  @inlinable
  public mutating func append(scalar: Unicode.Scalar) {
    let value = scalar.value
    switch value {
    case 0..<0x80:
      append(UInt8(truncatingIfNeeded: value))
    case 0x80..<0x800:
      append(UInt8(truncatingIfNeeded: 0xC0 | value >> 6))
      append(UInt8(truncatingIfNeeded: 0x80 | value & 0x3F))
    case 0x800..<0x10000:
      append(UInt8(truncatingIfNeeded: 0xE0 | value >> 12))
      append(UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 0x3F))
      append(UInt8(truncatingIfNeeded: 0x80 | value & 0x3F))
    default:
      append(UInt8(truncatingIfNeeded: 0xF0 | value >> 18))
      append(UInt8(truncatingIfNeeded: 0x80 | value >> 12 & 0x3F))
      append(UInt8(truncatingIfNeeded: 0x80 | value >> 6 & 0x3F))
      append(UInt8(truncatingIfNeeded: 0x80 | value & 0x3F))
    }
  }

  /// Appends an integer's decimal digits.
  @inlinable
  public mutating func append(decimal value: Int64) {
    if value < 0 { append(UInt8(ascii: "-")) }
    append(decimal: value.magnitude)
  }

  @inlinable
  public mutating func append(decimal value: UInt64) {
    var digits: InlineArray<20, UInt8> = .init(repeating: 0)
    var rest = value
    var first = 20
    repeat {
      first -= 1
      digits[first] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    for index in first..<20 { append(digits[index]) }
  }

  /// Appends sixteen hexadecimal digits.
  public mutating func append(hexadecimal value: UInt64) {
    var shift = 60
    while shift >= 0 {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift) & 15)
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      shift -= 4
    }
  }

  /// Appends `value` (0 or more) with leading zeros to at least `width` digits.
  @inlinable
  public mutating func append(decimal value: Int, width: Int) {
    var limit = 10
    var digits = 1
    while value >= limit && digits < 18 {
      limit *= 10
      digits += 1
    }
    var missing = width - digits
    while missing > 0 {
      append(UInt8(ascii: "0"))
      missing -= 1
    }
    append(decimal: Int64(value))
  }

  @usableFromInline
  mutating func grow(by needed: Int) {
    let pending = used - start
    let larger = max(capacity * 2, (pending + needed) * 2)
    let chunk = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    unsafe chunk.update(from: base + start, count: pending)
    unsafe retired.append(base)
    retiredBytes += start
    unsafe base = unsafe chunk
    capacity = larger
    start = 0
    used = pending
  }

  @usableFromInline
  mutating func releaseRetired() {
    for index in unsafe retired.indices { unsafe retired[index].deallocate() }
    unsafe retired.removeAll(keepingCapacity: true)
    retiredBytes = 0
  }
}
