/// Truncates a file, given in pieces, after a number of lines. Lines end as the format's reader counts them: at LF and CRLF, in
/// some formats also at CR.
struct LineCut {
  private var left: Int
  private let endsAtReturn: Bool
  private var endedWithReturn = false

  /// `lines`: pass `Int.max` to keep everything.
  init(lines: Int, endsAtReturn: Bool) {
    left = lines
    self.endsAtReturn = endsAtReturn
  }

  var isDone: Bool { left <= 0 }

  /// How many bytes of the next piece to keep.
  mutating func take(_ piece: UnsafeBufferPointer<UInt8>) -> Int {
    guard left < .max else { return piece.count }
    for (index, byte) in piece.enumerated() {
      let isSecondHalf = endedWithReturn && byte == 0x0A
      endedWithReturn = endsAtReturn && byte == 0x0D
      guard !isSecondHalf, byte == 0x0A || (endsAtReturn && byte == 0x0D) else { continue }
      left -= 1
      guard left == 0 else { continue }
      let isPair = byte == 0x0D && index + 1 < piece.count && piece[index + 1] == 0x0A
      return index + (isPair ? 2 : 1)
    }
    return piece.count
  }
}
