/// The formats of one reader, tried in order: the first that reads the text wins.
struct DateFormats: Sendable {
  private let formats: [DateFormat]
  /// ISO comes first nearly always: then it is tried without touching the list.
  private let beginsWithISO: Bool

  /// No formats: ISO alone.
  init(_ formats: [DateFormat]) {
    self.formats = formats.isEmpty ? [.iso] : formats
    beginsWithISO = self.formats[0] == .iso
  }

  /// Fills `fields`. Of several failures the first that found the form right is given, else that none fits.
  @inline(__always)
  func read(_ text: Span<UInt8>, into fields: inout DateTimeFields) -> DateFailure? {
    guard beginsWithISO else { return readOthers(text, from: 0, after: nil, into: &fields) }
    guard let failure = ISODateTime.read(text, into: &fields) else { return nil }
    return readOthers(text, from: 1, after: failure, into: &fields)
  }

  /// Digits, perhaps with a fraction: a day number or a count, whose unit nothing says.
  private static func isNumber(_ text: Span<UInt8>) -> Bool {
    var points = 0
    for index in 0..<text.count {
      if text[index] == UInt8(ascii: "."), index > 0, index + 1 < text.count {
        points += 1
      } else if text[index] &- 48 >= 10 {
        return false
      }
    }
    return !text.isEmpty && points <= 1
  }

  private func readOthers(
    _ text: Span<UInt8>, from first: Int, after failure: DateFailure?, into fields: inout DateTimeFields
  ) -> DateFailure? {
    var best = failure
    for index in first..<formats.count {
      let failure =
        switch formats[index] {
        case .iso: ISODateTime.read(text, into: &fields)
        case .pattern(let pattern): pattern.read(text, into: &fields)
        case .epochMilliseconds: EpochDateTime.read(text, perSecond: 1_000, into: &fields)
        case .declaredMilliseconds: EpochDateTime.readDeclared(text, into: &fields)
        case .epochSeconds: EpochDateTime.read(text, perSecond: 1, into: &fields)
        case .excel1900: ExcelSerial.read(text, isFrom1904: false, into: &fields)
        case .excel1904: ExcelSerial.read(text, isFrom1904: true, into: &fields)
        }
      guard let failure else { return nil }
      if best?.isShape ?? true, best == nil || !failure.isShape { best = failure }
    }
    guard let best else { return .noFormatFits }
    guard best.isShape else { return best }
    if Self.isNumber(text), !formats.contains(where: \.isOfNumbers) { return .bareNumber }
    return formats.count > 1 ? .noFormatFits : best
  }
}
