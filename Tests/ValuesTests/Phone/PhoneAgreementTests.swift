import Core
import Testing

@testable import Values

/// Agreement with libphonenumber, as the fixtures record its answers.
struct PhoneAgreementTests {
  @Test func everyExampleNumberOfTheMetadataGetsLibphonenumbersAnswers() throws {
    var answers = PhoneAnswers()
    let examples = try PhoneFixtures.examples()
    #expect(examples.count > 1_000)
    for example in examples {
      let isGeographic = example.region != "001"
      let prefix = isGeographic ? [] : [0x2B] + example.code
      let forms = [prefix + example.national, prefix + example.formatted, example.international]
      for (index, form) in forms.enumerated() {
        let (possible, valid) = answers.of(form, region: RegionCode(example.region))
        #expect(possible == example.answers[2 * index], "\(example): \(PhoneFixtures.string(form))")
        #expect(valid == example.answers[2 * index + 1], "\(example): \(PhoneFixtures.string(form)), with the check")
      }
    }
  }

  /// `scripts/generate-phone-tables --block N` prints the inputs and answers of a block that fails.
  @Test func aHundredThousandGeneratedInputsGetLibphonenumbersAnswers() throws {
    let generator = PhoneInputGenerator(examples: try PhoneFixtures.examples(), pieces: try PhoneFixtures.pieces())
    let digests = try PhoneFixtures.digests()
    #expect(digests.count == 100)
    var answers = PhoneAnswers()
    for (block, expected) in digests.enumerated() {
      var inputs = FNV1a()
      var given = FNV1a()
      for index in block * 1_000..<(block + 1) * 1_000 {
        let (region, text) = generator.input(index)
        let (possible, valid) = answers.of(text, region: RegionCode(region))
        inputs.combine(region)
        inputs.combine("\t")
        inputs.combine(answers.utf8)
        inputs.combine("\n")
        given.combine(possible)
        given.combine("\t")
        given.combine(valid)
        given.combine("\n")
      }
      #expect(inputs.state == expected.inputs, "block \(block): the two generators differ")
      #expect(given.state == expected.answers, "block \(block): an answer differs")
    }
  }
}

/// Asks the kernel, and gives its answers as the fixtures write them: the number, or the reason.
struct PhoneAnswers: ~Copyable {
  private var arena = ByteArena()
  /// The last text asked about.
  private(set) var utf8: [UInt8] = []

  mutating func of(_ text: [UInt32], region: RegionCode?) -> (possible: String, valid: String) {
    utf8.removeAll(keepingCapacity: true)
    for value in text {
      if value < 0x80 {
        utf8.append(UInt8(value))
      } else if let encoded = Unicode.Scalar(value).flatMap(UTF8.encode) {
        utf8.append(contentsOf: encoded)
      }
    }
    return (answer(region, mustBeValid: false), answer(region, mustBeValid: true))
  }

  private mutating func answer(_ region: RegionCode?, mustBeValid: Bool) -> String {
    arena.reset()
    arena.begin()
    let bytes = utf8
    let failure = PhoneNumber.e164(bytes.span, region: region, mustBeValid: mustBeValid, into: &arena)
    let written = arena.finish()
    guard let failure else { return written.string }
    return written.count == 0 ? failure.reason : "\(failure.reason) after \(written.string)"
  }
}

private struct FNV1a {
  var state: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func combine(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  mutating func combine(_ text: String) { combine(text.utf8) }
}
