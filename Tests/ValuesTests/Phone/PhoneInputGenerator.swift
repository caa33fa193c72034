/// Inputs for the agreement test, made from example numbers by a small pseudo-random generator.
///
/// The twin of the generator in `scripts/phonetables/agreement.py`, line by line: a change belongs in both.
struct PhoneInputGenerator {
  let examples: [PhoneFixtures.Example]
  let pieces: [String: [[UInt32]]]

  typealias Scalars = [UInt32]

  struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int((next() >> 33) % UInt64(bound)) }
  }

  /// The region (`001` for none) and the text of one input.
  func input(_ index: Int) -> (region: String, text: Scalars) {
    var random = SplitMix64(state: UInt64(index))
    let example = examples[random.below(examples.count)]
    var text = base(&random, example)
    for _ in 0..<[0, 0, 0, 1, 1, 2, 3][random.below(7)] { text = mutated(&random, text) }
    let choice = random.below(20)
    if choice < 13 { return (example.region, text) }
    if choice < 18 { return (examples[random.below(examples.count)].region, text) }
    return (PhoneFixtures.string(piece(&random, "odd")), text)
  }

  private func piece(_ random: inout SplitMix64, _ name: String) -> Scalars {
    let choices = pieces[name] ?? []
    return choices[random.below(choices.count)]
  }

  private func digits(_ random: inout SplitMix64, _ count: Int) -> Scalars {
    var result: Scalars = []
    for _ in 0..<count { result.append(48 + UInt32(random.below(10))) }
    return result
  }

  private func scalars(_ text: StaticString) -> Scalars { "\(text)".unicodeScalars.map(\.value) }

  private func base(_ random: inout SplitMix64, _ example: PhoneFixtures.Example) -> Scalars {
    let code = example.code
    let national = example.national
    let plus: Scalars = [0x2B]
    switch random.below(16) {
    case 0, 1: return national
    case 2: return example.formatted
    case 3: return example.international
    case 4: return plus + code + national
    case 5: return code + national
    case 6:
      let rest = random.below(8) == 0 ? Array(national.prefix(random.below(3))) : national
      return piece(&random, "idd") + code + rest
    case 7: return piece(&random, "trunk") + national
    case 8:
      let sign = random.below(3) == 0 ? plus : []
      return sign + digits(&random, 1 + random.below(15))
    case 9:
      let trunk = random.below(2) == 0 ? piece(&random, "trunk") : []
      return trunk + national.dropFirst(1 + random.below(4))
    case 10:
      let trunk = piece(&random, "trunk")
      let place = min(random.below(5), national.count)
      return trunk + national[..<place] + piece(&random, "middle") + national[place...]
    case 11: return plus + code + piece(&random, "trunk") + national
    case 12:
      let context = random.below(3) == 0 ? plus + code : piece(&random, "context")
      let telephone = random.below(2) == 0 ? scalars("tel:") : []
      return telephone + national + scalars(";phone-context=") + context
    case 13: return lettered(&random, example.formatted)
    case 14:
      let kept = 1 + random.below(5)
      return national.prefix(kept) + digits(&random, random.below(13))
    default: return plus + piece(&random, "idd") + code + national
    }
  }

  private static let keypad: [Scalars] = ["ABC", "DEF", "GHI", "JKL", "MNO", "PQRS", "TUV", "WXYZ"]
    .map { $0.unicodeScalars.map(\.value) }

  private func lettered(_ random: inout SplitMix64, _ text: Scalars) -> Scalars {
    var result = text
    for index in text.indices where text[index] >= 0x32 && text[index] <= 0x39 && random.below(3) == 0 {
      let letters = Self.keypad[Int(text[index]) - 0x32]
      let letter = letters[random.below(letters.count)]
      result[index] = random.below(2) == 0 ? letter + 32 : letter
    }
    return result
  }

  private func mutated(_ random: inout SplitMix64, _ text: Scalars) -> Scalars {
    var result = text
    let kind = random.below(12)
    switch kind {
    case 0, 9:
      let place = random.below(text.count + 1)
      result.insert(contentsOf: piece(&random, kind == 0 ? "junk" : "gap"), at: place)
    case 1, 2:
      guard !text.isEmpty else { break }
      let place = random.below(text.count)
      result.replaceSubrange(place...place, with: kind == 2 ? piece(&random, "junk") : [])
    case 3: result += digits(&random, 1 + random.below(3))
    case 4:
      result += piece(&random, "label")
      let count = 1 + random.below(random.below(2) == 0 ? 6 : 22)
      result += digits(&random, count)
      if random.below(4) == 0 { result.append(0x23) }
    case 5: result = piece(&random, "before") + text
    case 6: result += piece(&random, "after")
    case 7, 8:
      let zero = piece(&random, "zero")[0]
      for index in text.indices
      where text[index] >= 0x30 && text[index] <= 0x39 && (kind == 7 || random.below(2) == 0) {
        result[index] = zero + text[index] - 0x30
      }
    case 10:
      guard random.below(4) == 0 else { break }
      let times = 1 + random.below(24)
      result = []
      for _ in 0..<times { result += text }
    default: result = lettered(&random, text)
    }
    return result
  }
}
