/// How many different values there are, estimated from 4,096 registers (HyperLogLog). Two sketches merge into the sketch of all
/// their values, whatever order they came in.
///
/// The estimator is the improved one of O. Ertl, "New cardinality estimation algorithms for HyperLogLog sketches" (2017): it needs
/// no table of corrections and is as good for few values as for many. Its standard error is 1.04 / √4096 = 1.6 %.
struct RegisterSketch: Sendable {
  static let bits = 12
  static let count = 1 << bits
  /// Four standard errors: fewer than one estimate in ten thousand is further off.
  static let errorPercent = 6.5

  /// In each, the position of the first set bit in the rest of the highest hash.
  private let memory = OwnedMemory<UInt8>(RegisterSketch.count, 0)
  /// No register is lower: most hashes change none, and need not look at any.
  private var floor: UInt8 = 0
  private var changes = 0

  init() {}

  func release() { memory.release() }

  init(hashes: some Sequence<UInt64>) { for hash in hashes { add(hash) } }

  /// Whether these are registers of a sketch.
  static func accepts(_ registers: [UInt8]) -> Bool {
    registers.count == count && registers.allSatisfy { $0 <= 64 - bits + 1 }
  }

  var registers: [UInt8] { Array(memory.buffer) }

  @inline(__always)
  mutating func add(_ hash: UInt64) {
    let rest = hash << UInt64(Self.bits)
    let position = UInt8(truncatingIfNeeded: rest == 0 ? 64 - Self.bits + 1 : rest.leadingZeroBitCount + 1)
    if position <= floor { return }
    let index = Int(truncatingIfNeeded: hash >> UInt64(64 - Self.bits))
    if position <= memory[index] { return }
    memory[index] = position
    changes &+= 1
    if changes & 1023 == 0 { findFloor() }
  }

  @inline(never)
  private mutating func findFloor() { floor = memory.buffer.min() ?? 0 }

  func merge(_ registers: some Collection<UInt8>) {
    for (index, register) in registers.enumerated() where register > memory[index] { memory[index] = register }
  }

  func merge(_ other: RegisterSketch) { merge(other.memory.buffer) }

  var isEmpty: Bool { memory.buffer.allSatisfy { $0 == 0 } }

  var estimate: Int {
    let top = 64 - Self.bits + 1
    var histogram = [Int](repeating: 0, count: top + 1)
    for register in memory.buffer { histogram[Int(register)] += 1 }
    let size = Double(Self.count)
    var sum = size * Self.tau(1 - Double(histogram[top]) / size)
    for position in stride(from: top - 1, through: 1, by: -1) { sum = 0.5 * (sum + Double(histogram[position])) }
    sum += size * Self.sigma(Double(histogram[0]) / size)
    guard sum.isFinite, sum > 0 else { return 0 }
    // 1 / (2 ln 2)
    return Int((0.721_347_520_444_481_7 * size * size / sum).rounded())
  }

  private static func sigma(_ share: Double) -> Double {
    guard share < 1 else { return .infinity }
    var (power, weight, sum) = (share, 1.0, share)
    while true {
      power *= power
      let before = sum
      sum += power * weight
      weight += weight
      if sum == before { return sum }
    }
  }

  private static func tau(_ share: Double) -> Double {
    guard share > 0, share < 1 else { return 0 }
    var (root, weight, sum) = (share, 1.0, 1 - share)
    while true {
      root = root.squareRoot()
      let before = sum
      weight *= 0.5
      sum -= (1 - root) * (1 - root) * weight
      if sum == before { return sum / 3 }
    }
  }
}
