/// A reversible shuffle of the numbers from 0 to `count - 1`, in constant memory: a four-round Feistel network over the next
/// even number of bits, walked until it lands inside (cycle walking; at most four steps on average).
struct IndexPermutation: Sendable {
  let count: Int
  private let key: UInt64
  private let halfBits: UInt64

  init(count: Int, key: UInt64) {
    self.count = count
    self.key = key
    let bits = UInt64.bitWidth - UInt64(max(count - 1, 1)).leadingZeroBitCount
    halfBits = UInt64((bits + 1) / 2)
  }

  /// The whole 64-bit space, without walking.
  static func word(_ value: UInt64, key: UInt64) -> UInt64 {
    var left = value >> 32
    var right = value & 0xFFFF_FFFF
    for round in 0..<4 { (left, right) = (right, left ^ (Draw.mix(right ^ key &+ UInt64(round)) & 0xFFFF_FFFF)) }
    return left << 32 | right
  }

  static func inverseWord(_ value: UInt64, key: UInt64) -> UInt64 {
    var left = value >> 32
    var right = value & 0xFFFF_FFFF
    for round in (0..<4).reversed() { (left, right) = (right ^ (Draw.mix(left ^ key &+ UInt64(round)) & 0xFFFF_FFFF), left) }
    return left << 32 | right
  }

  func place(of index: Int) -> Int {
    var value = UInt64(index)
    repeat { value = forward(value) } while value >= UInt64(count)
    return Int(value)
  }

  func index(at place: Int) -> Int {
    var value = UInt64(place)
    repeat { value = backward(value) } while value >= UInt64(count)
    return Int(value)
  }

  private var mask: UInt64 { 1 << halfBits - 1 }

  private func forward(_ value: UInt64) -> UInt64 {
    var left = value >> halfBits
    var right = value & mask
    for round in 0..<4 { (left, right) = (right, left ^ (Draw.mix(right ^ key &+ UInt64(round)) & mask)) }
    return left << halfBits | right
  }

  private func backward(_ value: UInt64) -> UInt64 {
    var left = value >> halfBits
    var right = value & mask
    for round in (0..<4).reversed() { (left, right) = (right ^ (Draw.mix(left ^ key &+ UInt64(round)) & mask), left) }
    return left << halfBits | right
  }
}
