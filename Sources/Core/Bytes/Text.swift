/// Bytes owned elsewhere: by a batch's buffer, an arena, or a constant of the program.
///
/// A `Text` is trivial (16 bytes) and lives no longer than its owner: until the next record is read for a batch,
/// until `reset()` for an arena. Nothing here copies.
@safe public struct Text: BitwiseCopyable, @unchecked Sendable {
  public let start: UnsafePointer<UInt8>
  public let count: Int

  @inlinable
  public init(start: UnsafePointer<UInt8>, count: Int) {
    unsafe self.start = unsafe start
    self.count = count
  }

  public static let empty: Text = {
    let byte = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
    unsafe byte.initialize(to: 0)
    return unsafe Text(start: byte, count: 0)
  }()

  @inlinable
  public var span: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      let span = unsafe Span(_unsafeStart: start, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  @inlinable
  public var buffer: UnsafeBufferPointer<UInt8> { unsafe UnsafeBufferPointer(start: start, count: count) }

  /// A copy as a `String`; invalid UTF-8 becomes U+FFFD. For messages and tests, never per record.
  public var string: String { unsafe String(decoding: buffer, as: UTF8.self) }

  @inlinable
  public subscript(range: Range<Int>) -> Text {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return unsafe Text(start: start + range.lowerBound, count: range.count)
  }
}
