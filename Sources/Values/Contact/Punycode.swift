/// RFC 3492: labels of international host names as ASCII, without their `xn--`.
package enum Punycode {
  package static func encoded(_ label: [Unicode.Scalar]) -> [UInt8] {
    var output = label.filter(\.isASCII).map { UInt8(truncatingIfNeeded: $0.value) }
    let basic = output.count
    var handled = basic
    if basic > 0 { output.append(UInt8(ascii: "-")) }
    var next: UInt32 = 128
    var delta = 0
    var bias = 72
    while handled < label.count {
      let least = label.lazy.map(\.value).filter { $0 >= next }.min() ?? next
      delta += Int(least - next) * (handled + 1)
      next = least
      for scalar in label {
        if scalar.value < next { delta += 1 }
        guard scalar.value == next else { continue }
        append(delta, bias: bias, to: &output)
        bias = adapted(delta, count: handled + 1, isFirst: handled == basic)
        delta = 0
        handled += 1
      }
      delta += 1
      next += 1
    }
    return output
  }

  private static func append(_ delta: Int, bias: Int, to output: inout [UInt8]) {
    var rest = delta
    var step = 36
    while true {
      let threshold = min(max(step - bias, 1), 26)
      guard rest >= threshold else { return output.append(digit(rest)) }
      output.append(digit(threshold + (rest - threshold) % (36 - threshold)))
      rest = (rest - threshold) / (36 - threshold)
      step += 36
    }
  }

  /// What `text` (in lower case) encodes; nil if it is not such an encoding, or longer than a label.
  package static func decoded(_ text: [UInt8]) -> [Unicode.Scalar]? {
    guard text.count <= 63 else { return nil }
    var label: [Unicode.Scalar] = []
    var position = 0
    if let delimiter = text.lastIndex(of: UInt8(ascii: "-")) {
      label = text[..<delimiter].map { Unicode.Scalar($0) }
      position = delimiter + 1
    }
    let basic = label.count
    var code = 128
    var index = 0
    var bias = 72
    while position < text.count {
      let before = index
      var weight = 1
      var step = 36
      while true {
        guard position < text.count, let digit = value(ofDigit: text[position]) else { return nil }
        position += 1
        index += digit * weight
        // Far beyond any code point, and far from overflow.
        guard index < 1 << 40 else { return nil }
        let threshold = min(max(step - bias, 1), 26)
        if digit < threshold { break }
        weight *= 36 - threshold
        guard weight < 1 << 40 else { return nil }
        step += 36
      }
      bias = adapted(index - before, count: label.count + 1, isFirst: label.count == basic)
      code += index / (label.count + 1)
      index %= label.count + 1
      guard code <= 0x10FFFF, let scalar = Unicode.Scalar(UInt32(code)) else { return nil }
      label.insert(scalar, at: index)
      index += 1
    }
    return label
  }

  private static func digit(_ value: Int) -> UInt8 { UInt8(value < 26 ? value + 97 : value + 22) }

  private static func value(ofDigit byte: UInt8) -> Int? {
    if byte &- UInt8(ascii: "a") < 26 { return Int(byte - UInt8(ascii: "a")) }
    return byte &- UInt8(ascii: "0") < 10 ? Int(byte - UInt8(ascii: "0")) + 26 : nil
  }

  private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var rest = isFirst ? delta / 700 : delta / 2
    rest += rest / count
    var bias = 0
    while rest > 455 {
      rest /= 35
      bias += 36
    }
    return bias + 36 * rest / (rest + 38)
  }
}
