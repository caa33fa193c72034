package import Core

/// Phone numbers, by libphonenumber's rules, from tables made out of its metadata (`scripts/generate-phone-tables`).
///
/// The answer is the one of `parse`, then `isPossibleNumberWithReason` (only IS_POSSIBLE passes) and, if asked for,
/// `isValidNumber`. On the way a text is
///
/// 1. decoded to one byte per character, and cut to what may be a number (`PhoneText`);
/// 2. checked against one automaton of viable numbers, and freed of its extension by another, which reads backwards;
/// 3. turned into digits (`PhoneDigits`): letters by the keypad where there are three or more, other scripts' digits by value;
/// 4. freed of country calling code and national prefix by its region's rules (`PhonePlan`), and checked against them.
///
///     "(415) 555-2671 x12", US  ->  "(415) 555-2671"  ->  4155552671  ->  +14155552671
package enum PhoneNumber {
  /// What became of a text.
  package enum Outcome: Sendable, Hashable {
    case written
    /// The text has an extension that was not written.
    case writtenWithoutExtension
    /// The text has more than a number and its extension, and the rest was not written: a second number or extension after a
    /// slash, a subaddress, or parameters.
    case writtenWithoutRest
    case refused(PhoneFailure)
  }

  /// Appends the number in E.164 form: `+`, country calling code, national number; no extension. Nil: it is written.
  package static func e164(
    _ text: Span<UInt8>, region: RegionCode?, mustBeValid: Bool, into arena: inout ByteArena
  ) -> PhoneFailure? {
    if case .refused(let failure) = write(text, region: region, mustBeValid: mustBeValid, into: &arena) { failure } else { nil }
  }

  /// Appends the number in E.164 form, and with `keepsExtension` its extension as RFC 3966 writes it: `+16502530000;ext=136`.
  ///
  /// `region` is where the text was written, and needed unless the number is in international form. Appends nothing when
  /// it refuses the text. No heap allocation.
  package static func write(
    _ text: Span<UInt8>, region: RegionCode?, mustBeValid: Bool, keepsExtension: Bool = false, into arena: inout ByteArena
  ) -> Outcome {
    unsafe text.withUnsafeBufferPointer { bytes in
      unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: PhoneWorkspace.capacity) { memory in
        // The allocation is not empty, so it has an address.
        guard let base = memory.baseAddress else { return .refused(.notANumber) }
        let number: PhoneNumberParts
        switch unsafe parse(bytes, region: region, in: PhoneWorkspace(base: base)) {
        case .failure(let failure): return .refused(failure)
        case .success(let parts): number = parts
        }
        if let failure = number.impossibility { return .refused(failure) }
        if mustBeValid, !number.isValid { return .refused(.notValid) }
        arena.append(UInt8(ascii: "+"))
        arena.append(decimal: UInt64(number.callingCode))
        for index in 0..<number.national.count { unsafe arena.append(UInt8(ascii: "0") + number.national.start[index]) }
        let extensionCount = number.extensionDigits.count
        if keepsExtension, extensionCount > 0 {
          arena.append(";ext=")
          for index in 0..<extensionCount { unsafe arena.append(UInt8(ascii: "0") + number.extensionDigits.start[index]) }
        }
        if number.isCut { return .writtenWithoutRest }
        return keepsExtension || extensionCount == 0 ? .written : .writtenWithoutExtension
      }
    }
  }

  /// libphonenumber's `parse`. The digits of the result are in the workspace.
  static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, region: RegionCode?, in workspace: PhoneWorkspace
  ) -> Result<PhoneNumberParts, PhoneFailure> {
    var text = unsafe PhoneText(start: workspace.text, count: 0)
    guard unsafe text.decode(bytes) else { return .failure(.tooLong) }
    guard unsafe text.extractNumber(composingIn: workspace.composed), text.isViable else { return .failure(.notANumber) }
    let regionPlan = region?.plan
    let plusCount = text.leadingPlusCount
    if regionPlan == nil, plusCount == 0 { return .failure(.invalidCountryCode) }
    let extensionDigits = unsafe text.removeExtension(copyingTo: workspace.extensionDigits)
    let digits = unsafe text.digits(in: workspace.digits)

    var code = 0
    var national = digits
    switch callingCode(of: digits, hasPlus: plusCount > 0, plan: regionPlan, workspace: workspace) {
    case .found(let found, let rest):
      code = found
      national = rest
    case .notFound: break
    case .failed(let failure):
      // A plus sign before something that is not a calling code: perhaps it precedes an international prefix.
      guard failure == .invalidCountryCode, plusCount > 0 else { return .failure(failure) }
      switch callingCode(of: digits, hasPlus: false, plan: regionPlan, workspace: workspace) {
      case .found(let found, let rest):
        code = found
        national = rest
      case .notFound: return .failure(.invalidCountryCode)
      case .failed(let failure): return .failure(failure)
      }
    }

    let planIndex: Int
    if code != 0 {
      // If the number itself has the code, the rules of the code's main region apply.
      planIndex = Int(PhonePlan.main(ofCode: code))
    } else {
      guard let regionPlan else { return .failure(.invalidCountryCode) }
      planIndex = regionPlan
      code = Int(PhonePlan(regionPlan).callingCode)
    }
    guard national.count >= minimumDigits else { return .failure(.tooShortNSN) }
    let plan = PhonePlan(planIndex)
    let stripped = unsafe plan.withoutNationalPrefix(national, scratch: workspace.text)
    switch plan.possibility(ofLength: stripped.count) {
    case .tooShort, .possibleLocalOnly, .invalidLength: break
    default: national = stripped
    }
    guard national.count >= minimumDigits else { return .failure(.tooShortNSN) }
    guard national.count <= maximumDigits else { return .failure(.tooLong) }
    return .success(
      PhoneNumberParts(
        callingCode: code, national: national, extensionDigits: extensionDigits, isCut: text.isCut))
  }

  private static let minimumDigits = 2
  private static let maximumDigits = 17

  private enum CallingCode {
    case found(Int, PhoneDigits)
    case notFound
    case failed(PhoneFailure)
  }

  /// libphonenumber's `maybeExtractCountryCode`.
  private static func callingCode(
    of digits: PhoneDigits, hasPlus: Bool, plan index: Int?, workspace: PhoneWorkspace
  ) -> CallingCode {
    var rest = digits
    var isInternational = hasPlus
    if !hasPlus, let index, let end = PhonePlan(index).internationalPrefixEnd(digits) {
      rest = digits.dropFirst(end)
      isInternational = true
    }
    if isInternational {
      guard rest.count > minimumDigits else { return .failed(.tooShortAfterIDD) }
      return leadingCode(of: rest)
    }
    guard let index, digits.count > 0 else { return .notFound }
    // A number that begins with its region's own code, and is valid in the region only without the code.
    let plan = PhonePlan(index)
    guard let codeCount = digits.count(ofLeadingCode: Int(plan.callingCode)) else { return .notFound }
    let shorter = unsafe plan.withoutNationalPrefix(digits.dropFirst(codeCount), scratch: workspace.composed)
    guard (!plan.matches(digits) && plan.matches(shorter)) || plan.possibility(ofLength: digits.count) == .tooLong else {
      return .notFound
    }
    return .found(Int(plan.callingCode), shorter)
  }

  private static func leadingCode(of digits: PhoneDigits) -> CallingCode {
    var code = 0
    for index in 0..<min(digits.count, 3) {
      code = unsafe code * 10 + Int(digits.start[index])
      if code == 0 { break }
      if PhonePlan.main(ofCode: code) != PhonePlan.none { return .found(code, digits.dropFirst(index + 1)) }
    }
    return .failed(.invalidCountryCode)
  }
}

/// A number that was read: calling code, national number and extension.
struct PhoneNumberParts: BitwiseCopyable {
  var callingCode: Int
  var national: PhoneDigits
  /// Empty if there is none.
  var extensionDigits: PhoneDigits
  /// See `PhoneText.isCut`.
  var isCut: Bool

  /// The reason why it is not possible, by the lengths of its calling code's main region.
  var impossibility: PhoneFailure? {
    PhonePlan(Int(PhonePlan.main(ofCode: callingCode))).possibility(ofLength: national.count)
  }

  /// Whether it is in a range in use of any region with its calling code.
  var isValid: Bool { national.matches(PhonePlan.validNumbers(ofCode: callingCode)) }
}

/// Memory for one number, on the stack. Sized for the longest text read, 250 characters, and what a national prefix rule
/// can put before its digits, four at most.
@safe struct PhoneWorkspace {
  let base: UnsafeMutablePointer<UInt8>

  /// In bytes. A temporary allocation of more than 1,024 is made on the heap.
  static let capacity = 3 * part + extensionRoom
  private static let part = 264
  /// An extension has at most 20 digits.
  static let extensionRoom = 32

  /// The characters; once they are digits, scratch for the national number.
  var text: UnsafeMutablePointer<UInt8> { unsafe base }
  /// The characters of a number put together from an RFC 3966 context; later scratch.
  var composed: UnsafeMutablePointer<UInt8> { unsafe base + Self.part }
  var digits: UnsafeMutablePointer<UInt8> { unsafe base + 2 * Self.part }
  var extensionDigits: UnsafeMutablePointer<UInt8> { unsafe base + 3 * Self.part }
}
