/// Inputs for a run without a fuzzing engine, reproducible from a seed: words that the readers look for, arbitrary bytes,
/// and pieces of earlier inputs.
package struct FuzzGenerator {
  private var state: UInt64
  private var earlier: [[UInt8]] = []

  private static let words = [
    "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "\\ud83d", "null", "true", "1e400", "-0", "0.1", "\n", "\r\n", "\r", "\t",
    " ", ";",
    "\"\"", "\"a\"", "\"id\":", "\"a\":[", "\"contacts\":[", "\"count\":", "\"message\":", "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616", "\u{FEFF}", "é", "😀", "a,b\n", "\"x\ny\"", "id,name\n", "{\"id\":\"c1\"}\n",
  ].map { Array($0.utf8) }

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> [UInt8] {
    var out: [UInt8] = []
    let length = Int(random() % 300)
    while out.count < length {
      switch random() % 8 {
      case 0, 1, 2: out += Self.words[Int(random() % UInt64(Self.words.count))]
      case 3 where !earlier.isEmpty:
        let other = earlier[Int(random() % UInt64(earlier.count))]
        out += other.dropFirst(Int(random() % UInt64(other.count + 1))).prefix(40)
      case 4: out += [UInt8](repeating: UInt8(truncatingIfNeeded: random()), count: Int(random() % 20))
      default: out.append(UInt8(truncatingIfNeeded: random()))
      }
    }
    if random() % 16 == 0 {
      if earlier.count < 64 { earlier.append(out) } else { earlier[Int(random() % 64)] = out }
    }
    return out
  }

  /// Steele, Lea, Flood 2014.
  private mutating func random() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
