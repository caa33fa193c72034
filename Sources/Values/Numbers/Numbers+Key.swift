extension Numbers {
  /// Appends bytes that are equal for equal numbers and only for those: the sign, the digits from the first to the last that is not
  /// zero, and the power of ten of the last: `-012.500e2` cannot be, `-12.50e2` gives `-125e1;`, as `-1250` does; zero gives `+e0;`.
  ///
  /// `text` must be a JSON number; of any size, since no value is computed.
  package static func appendKey(of text: Span<UInt8>, to key: inout [UInt8]) {
    guard case .number(let number) = NumberText.read(text) else {
      for index in 0..<text.count { key.append(text[index]) }
      return
    }
    let value = NumberValue(number, in: text)
    key.append(UInt8(ascii: value.isNegative ? "-" : "+"))
    for position in value.significant { key.append(UInt8(ascii: "0") + number.digit(position, in: text)) }
    key.append(UInt8(ascii: "e"))
    key.append(contentsOf: String(value.isZero ? 0 : value.scale).utf8)
    key.append(UInt8(ascii: ";"))
  }
}
