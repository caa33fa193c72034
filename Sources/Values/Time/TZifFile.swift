import Core

/// The contents of a TZif file (RFC 9636), versions 1 to 4: what of it matters for offsets.
///
///     header  "TZif", version, 15 unused bytes, six counts of 32 bits (big-endian)
///     data    transition times, a type index per transition, the types (offset, DST flag, name index), …
///
/// Version 1 has 32-bit times. Later versions repeat the same with 64-bit times after it, which then is what is
/// read, and a footer: a newline, a POSIX TZ string for the time after the last transition, a newline.
struct TZifFile {
  static let magic: [UInt8] = Array("TZif".utf8)

  /// Seconds since 1970, ascending, and the offset from each on.
  let transitions: [(at: Int64, offset: Int32)]
  /// The offset before the first transition: that of type 0.
  let initialOffset: Int32
  /// Nil if the file has no rule for the time after the last transition.
  let footer: POSIXTimeZone?

  init(_ bytes: [UInt8]) throws(TZifError) {
    var header = try Header(bytes, at: 0)
    var timeSize = 4
    if header.version >= 2 {
      header = try Header(bytes, at: header.dataStart + header.dataSize(timeSize: 4))
      timeSize = 8
    }
    // The leap-second counts shift every time of the file; such files (under right/) do not count Unix time.
    guard header.leapCount == 0 else { throw TZifError("it counts leap seconds") }
    guard header.typeCount > 0, header.typeCount <= 256 else { throw TZifError("it has no local time types") }
    let end = header.dataStart + header.dataSize(timeSize: timeSize)
    guard end <= bytes.count else { throw TZifError("it is truncated") }

    let indexStart = header.dataStart + header.transitionCount * timeSize
    let typeStart = indexStart + header.transitionCount
    let offsets = try (0..<header.typeCount).map { type throws(TZifError) -> Int32 in
      let offset = Int32(truncatingIfNeeded: Self.bigEndian(bytes, at: typeStart + type * 6, size: 4))
      guard abs(Int(offset)) < 26 * 3_600 else { throw TZifError("an offset is a day or more") }
      return offset
    }
    var transitions: [(at: Int64, offset: Int32)] = []
    transitions.reserveCapacity(header.transitionCount)
    for index in 0..<header.transitionCount {
      let time = Self.bigEndian(bytes, at: header.dataStart + index * timeSize, size: timeSize)
      let type = Int(bytes[indexStart + index])
      guard type < offsets.count else { throw TZifError("a transition has no type") }
      if let last = transitions.last, last.at >= time { throw TZifError("its transitions do not ascend") }
      transitions.append((time, offsets[type]))
    }
    self.transitions = transitions
    initialOffset = offsets[0]
    footer = timeSize == 8 ? try Self.footer(bytes[end...]) : nil
  }

  private static func footer(_ bytes: ArraySlice<UInt8>) throws(TZifError) -> POSIXTimeZone? {
    let newline = UInt8(ascii: "\n")
    guard bytes.first == newline, let end = bytes.dropFirst().firstIndex(of: newline) else {
      throw TZifError("its footer is truncated")
    }
    let text = bytes[(bytes.startIndex + 1)..<end]
    if text.isEmpty { return nil }
    guard let rule = POSIXTimeZone(text) else { throw TZifError("its footer is not a POSIX TZ string") }
    return rule
  }

  private static func bigEndian(_ bytes: [UInt8], at start: Int, size: Int) -> Int64 {
    var value: Int64 = bytes[start] & 0x80 == 0 ? 0 : -1
    for index in start..<start + size { value = value << 8 | Int64(bytes[index]) }
    return value
  }

  private struct Header {
    /// 1 for the first version, whose byte is 0.
    var version: Int
    var dataStart: Int
    var isUTCCount, isStandardCount, leapCount, transitionCount, typeCount, nameBytes: Int

    init(_ bytes: [UInt8], at start: Int) throws(TZifError) {
      guard bytes.count >= start + 44, bytes[start..<start + 4].elementsEqual(TZifFile.magic) else {
        throw TZifError("it is not a TZif file")
      }
      let byte = bytes[start + 4]
      version = byte == 0 ? 1 : Int(byte) - 48
      // By RFC 9636 a later version may be read as the latest known one.
      guard version == 1 || version >= 2 else { throw TZifError("its version is unknown") }
      let counts = (0..<6).map { Int(TZifFile.bigEndian(bytes, at: start + 20 + $0 * 4, size: 4)) }
      guard counts.allSatisfy({ $0 >= 0 && $0 <= 65_535 }) else { throw TZifError("its header is damaged") }
      (isUTCCount, isStandardCount, leapCount) = (counts[0], counts[1], counts[2])
      (transitionCount, typeCount, nameBytes) = (counts[3], counts[4], counts[5])
      dataStart = start + 44
    }

    func dataSize(timeSize: Int) -> Int {
      transitionCount * (timeSize + 1) + typeCount * 6 + nameBytes + leapCount * (timeSize + 4) + isStandardCount
        + isUTCCount
    }
  }
}

/// A file that cannot be used; the reason follows "cannot be used: ".
struct TZifError: DescribedError {
  let reason: String
  var description: String { reason }
  init(_ reason: String) { self.reason = reason }
}

extension TZifFile {
  /// The file's transitions and those that its footer makes, as one sequence of changes of the offset.
  func rules(named name: String) throws(TZifError) -> TimeZoneRules {
    var changes = transitions
    var cycleEnd = Int64.max
    if let footer, let daylight = footer.daylight {
      // From the second year after the last transition, only the footer applies, so that a cycle of it can repeat.
      let first = transitions.last.map { DateTimeFields.year(of: $0.at) } ?? 0
      let cycleYear = first + 2 + 400
      let generated = (first - 1...cycleYear).flatMap { footer.transitions(of: $0, daylight) }
      let last = transitions.last?.at ?? .min
      changes += generated.filter { $0.at > last }.sorted { $0.at < $1.at }
      cycleEnd = Int64(CivilDate(year: cycleYear, month: 1, day: 1).daysSinceEpoch) * 86_400
    }

    var offset = initialOffset
    var first = initialOffset
    var kept: [(at: Int64, offset: Int32)] = []
    // Nothing before the year 1 is looked up; some files begin with the big bang.
    let begin = Int64(CivilDate.days.lowerBound - 366) * 86_400
    for change in changes where change.offset != offset {
      offset = change.offset
      if change.at < begin { first = offset } else { kept.append(change) }
    }
    guard kept.count < Int(UInt16.max) else { throw TZifError("it has too many transitions") }
    return TimeZoneRules(name: name, initialOffset: first, changes: kept, cycleEnd: cycleEnd)
  }
}

extension DateTimeFields {
  /// The UTC year of a moment, held within 1 to 9999.
  fileprivate static func year(of instant: Int64) -> Int {
    DateTimeFields(localSeconds: instant, nanosecond: 0, zone: .zulu)?.date.year ?? (instant < 0 ? 1 : 9_999)
  }
}
