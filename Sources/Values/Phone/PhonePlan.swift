import CPhoneTables

/// The numbering plan of one region, or of one calling code that belongs to no region: its entry in the tables.
@safe struct PhonePlan {
  /// In the tables, if a region or a code has no plan.
  static let none: UInt16 = 0xFFFF

  private let entry: UnsafePointer<waybill_phone_plan>

  init(_ index: Int) { unsafe entry = unsafe waybill_phone_plans() + index }

  /// The plan of the main region of a calling code from 0 to 999, or `none`.
  static func main(ofCode code: Int) -> UInt16 { unsafe waybill_phone_code()[code * 2] }

  /// Where the pattern of a calling code's valid national numbers begins: those of all its regions.
  static func validNumbers(ofCode code: Int) -> UInt16 { unsafe waybill_phone_code()[code * 2 + 1] }

  var callingCode: UInt16 { unsafe entry.pointee.calling_code }

  /// Whether the digits match the general description of the plan's national numbers.
  func matches(_ digits: PhoneDigits) -> Bool { unsafe digits.matches(entry.pointee.general) }

  /// What is wrong with the number of digits; nil if it is possible.
  func possibility(ofLength count: Int) -> PhoneFailure? {
    let lengths = unsafe entry.pointee.lengths
    let bit: UInt32 = count < 32 ? 1 << UInt32(count) : 0
    if unsafe entry.pointee.local_lengths & bit != 0 { return .possibleLocalOnly }
    if lengths & bit != 0 { return nil }
    if count < lengths.trailingZeroBitCount { return .tooShort }
    if count > 31 - lengths.leadingZeroBitCount { return .tooLong }
    return .invalidLength
  }

  /// Where the number goes on after the region's international prefix; nil without one. What follows must not be 0, with
  /// which no calling code begins.
  func internationalPrefixEnd(_ digits: PhoneDigits) -> Int? {
    guard let (end, _) = unsafe digits.prefixMatch(entry.pointee.idd) else { return nil }
    return unsafe end < digits.count && digits.start[end] == 0 ? nil : end
  }

  /// libphonenumber's `maybeStripNationalPrefixAndCarrierCode`: without the prefix, or rewritten by the plan's rule (into
  /// `scratch`, which the digits must not be in), or as it was if only that is a number of the plan.
  func withoutNationalPrefix(_ digits: PhoneDigits, scratch: UnsafeMutablePointer<UInt8>) -> PhoneDigits {
    guard digits.count > 0, let (end, outcome) = unsafe digits.prefixMatch(entry.pointee.national_prefix) else { return digits }
    let result = unsafe outcome == 1 ? digits.dropFirst(end) : rewritten(digits, end: end, span: outcome - 2, scratch: scratch)
    if !matches(result), matches(digits) { return digits }
    return result
  }

  /// The rule's own digits, the group, and what follows the match.
  private func rewritten(
    _ digits: PhoneDigits, end: Int, span: Int, scratch: UnsafeMutablePointer<UInt8>
  ) -> PhoneDigits {
    var count = unsafe Int(entry.pointee.inserted_count)
    for index in 0..<count {
      unsafe scratch[index] = unsafe UInt8(truncatingIfNeeded: entry.pointee.inserted >> UInt16(4 * (count - 1 - index)) & 0xF)
    }
    let first = unsafe Int(waybill_phone_span()[span * 2])
    let groupCount = unsafe Int(waybill_phone_span()[span * 2 + 1]) - first
    unsafe (scratch + count).update(from: digits.start + first, count: groupCount)
    count += groupCount
    unsafe (scratch + count).update(from: digits.start + end, count: digits.count - end)
    return unsafe PhoneDigits(start: scratch, count: count + digits.count - end)
  }
}
