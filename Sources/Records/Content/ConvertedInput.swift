import Core
import Files
import Glibc

/// Text in another encoding, converted to UTF-8 piece by piece.
///
/// Nothing is replaced or dropped: at the first bytes that are not valid in the encoding, what was read before them is handed
/// out, and then `read` throws.
final class ConvertedInput: ByteInput {
  private var input: any ByteInput
  private let path: String
  private let encoding: String
  private let converter: iconv_t
  private let source = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
  private let target = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 256 * 1024)
  /// Bytes of `source` that are not converted yet, and the number of those of the input before them.
  private var pending = 0..<0
  private var offset = 0
  /// Bytes of `target` that were not handed out yet.
  private var ready = 0..<0
  private var line = 1
  private var isAtEnd = false
  private var isFlushed = false
  private var failure: OperationFailure?

  /// - Parameters:
  ///   - path: the input's name in failures.
  /// - Throws: `OperationFailure` if the encoding is not known on this system.
  init(_ input: any ByteInput, path: String, encoding: String) throws {
    self.input = input
    self.path = path
    self.encoding = encoding
    guard let converter = TextEncoding.open(encoding) else {
      source.deallocate()
      target.deallocate()
      throw OperationFailure(
        .configuration, "cannot read \(path): this system's C library does not know the encoding \(encoding)")
    }
    self.converter = converter
  }

  deinit {
    iconv_close(converter)
    source.deallocate()
    target.deallocate()
  }

  func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
    guard count > 0 else { return 0 }
    while ready.isEmpty {
      if let failure { throw failure }
      if isFlushed { return 0 }
      try convert()
    }
    let size = min(count, ready.count)
    if let base = target.baseAddress { buffer.update(from: base + ready.lowerBound, count: size) }
    ready = ready.lowerBound + size..<ready.upperBound
    return size
  }

  /// Converts some more of the input. Afterwards there are bytes to hand out, a failure, or the end, unless the input gave
  /// less than a character.
  private func convert() throws {
    guard let from = source.baseAddress, let to = target.baseAddress else { return }
    // Half a character at the end of a piece goes before the next one.
    if pending.lowerBound > 0 {
      for index in pending { source[index - pending.lowerBound] = source[index] }
      pending = 0..<pending.count
    }
    if !isAtEnd {
      let received = try input.read(into: from + pending.count, count: source.count - pending.count)
      isAtEnd = received == 0
      pending = 0..<pending.count + received
    }
    var next: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(from).assumingMemoryBound(to: CChar.self)
    var left = pending.count
    var out: UnsafeMutablePointer<CChar>? = UnsafeMutableRawPointer(to).assumingMemoryBound(to: CChar.self)
    var room = target.count
    var result = 0
    if left > 0 { result = Int(truncatingIfNeeded: iconv(converter, &next, &left, &out, &room)) }
    let error = errno
    let used = pending.count - left
    offset += used
    pending = used..<pending.count
    if result == -1, error == EILSEQ {
      fail(to, target.count - room)
    } else if isAtEnd {
      if left > 0, result == -1, error == EINVAL {
        failure = OperationFailure(
          .wrongFile, "\(path) ends in the middle of a character of \(encoding), after byte \(offset): it may be truncated")
      } else if left == 0 {
        // Stateful encodings may have held a character back.
        iconv(converter, nil, nil, &out, &room)
        isFlushed = true
      }
    }
    ready = 0..<target.count - room
    for index in ready where target[index] == 0x0A { line += 1 }
  }

  /// The byte after those in `converted`, the first of `pending`, begins no character.
  private func fail(_ converted: UnsafeMutablePointer<UInt8>, _ count: Int) {
    let breaks = UnsafeBufferPointer(start: converted, count: count).count { $0 == 0x0A }
    let byte = String(source[pending.lowerBound], radix: 16, uppercase: true)
    failure = OperationFailure(
      .wrongFile,
      "\(path) is not valid \(encoding) (byte 0x\(byte.count < 2 ? "0" : "")\(byte) on line \(line + breaks), at byte "
        + "\(offset + 1) of the file): declare the correct encoding")
  }
}
