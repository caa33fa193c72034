import Core
import Values

extension InstanceTape {
  /// Whether the bytes appended since `start` are UTF-8.
  func isUTF8(from start: Int) -> Bool {
    let text = bytes(from: start)
    var index = 0
    while index < text.count {
      let first = text[index]
      let length: Int
      let least: UInt32
      switch first {
      case 0..<0x80:
        index += 1
        continue
      case 0xC2..<0xE0: (length, least) = (2, 0x80)
      case 0xE0..<0xF0: (length, least) = (3, 0x800)
      case 0xF0..<0xF5: (length, least) = (4, 0x10000)
      default: return false
      }
      guard index + length <= text.count else { return false }
      var value = UInt32(first) & (0x7F >> UInt32(length))
      for offset in 1..<length {
        guard text[index + offset] & 0xC0 == 0x80 else { return false }
        value = value << 6 | UInt32(text[index + offset] & 0x3F)
      }
      guard value >= least, value <= 0x10FFFF, !(0xD800..<0xE000).contains(value) else { return false }
      index += length
    }
    return true
  }

  /// Whether two members of an object have one name. Small objects are compared pair by pair, larger ones by hash.
  func hasDuplicateName(_ object: Int, count: Int) -> Bool {
    if count <= 24 {
      var one = object + 1
      while one < nodeCount {
        var other = end(one)
        while other < nodeCount {
          if sameName(one, other) { return true }
          other = end(other)
        }
        one = end(one)
      }
      return false
    }
    var seen: [UInt64: Int] = [:]
    seen.reserveCapacity(count)
    var child = object + 1
    while child < nodeCount {
      var hash = Hash64.of(name(child).span)
      // Another name with the same hash: continue with the next.
      while let other = seen[hash] {
        if sameName(child, other) { return true }
        hash &+= 1
      }
      seen[hash] = child
      child = end(child)
    }
    return false
  }

  private func sameName(_ one: Int, _ other: Int) -> Bool {
    nodes[one].nameCount == nodes[other].nameCount && name(one).buffer.elementsEqual(name(other).buffer)
  }

  /// Appends bytes that are equal for equal values and only for those: numbers by value, objects without order.
  func appendKey(of node: Int, to key: inout [UInt8]) {
    switch kind(node) {
    case .null: key.append(UInt8(ascii: "n"))
    case .true: key.append(UInt8(ascii: "t"))
    case .false: key.append(UInt8(ascii: "f"))
    case .number: Numbers.appendKey(of: text(node).span, to: &key)
    case .string: ExactJSON.appendText(text(node).buffer, to: &key)
    case .array:
      key.append(UInt8(ascii: "["))
      var child = node + 1
      while child < end(node) {
        appendKey(of: child, to: &key)
        child = end(child)
      }
      key.append(UInt8(ascii: "]"))
    case .object:
      key.append(UInt8(ascii: "{"))
      var children: [Int] = []
      var child = node + 1
      while child < end(node) {
        children.append(child)
        child = end(child)
      }
      children.sort { name($0).buffer.lexicographicallyPrecedes(name($1).buffer) }
      for child in children {
        ExactJSON.appendText(name(child).buffer, to: &key)
        appendKey(of: child, to: &key)
      }
      key.append(UInt8(ascii: "}"))
    }
  }
}
