import Core
import Values

/// A compiled expression: instructions and constants at fixed addresses. Immutable, shared by all workers; each brings its own
/// `ExpressionEvaluator`.
package final class ExpressionProgram: @unchecked Sendable {
  /// What the expression reads, by slot number.
  package let paths: [ExpressionPath]
  let instructions: UnsafeMutablePointer<Instruction>
  let instructionCount: Int
  let constants: UnsafePointer<ExpressionValue>
  let patterns: UnsafePointer<Pattern>
  let zones: UnsafePointer<ZoneOffset>
  let stackDepth: Int
  let localCount: Int
  /// The places of the instructions in the text, in bytes.
  private let ranges: [Range<Int>]
  private let memory: ConstantMemory
  private let constantTable: UnsafeMutableBufferPointer<ExpressionValue>
  private let patternTable: UnsafeMutableBufferPointer<Pattern>
  private let zoneTable: UnsafeMutableBufferPointer<ZoneOffset>

  init(
    instructions: [Instruction], ranges: [Range<Int>], constants: [ExpressionValue], memory: ConstantMemory,
    patterns: [Pattern], zones: [ZoneOffset], paths: [ExpressionPath], stackDepth: Int, localCount: Int
  ) {
    self.paths = paths
    self.ranges = ranges
    self.memory = memory
    self.stackDepth = stackDepth
    self.localCount = localCount
    instructionCount = instructions.count
    self.instructions = .allocate(capacity: max(1, instructions.count))
    self.instructions.initialize(from: instructions, count: instructions.count)
    func table<Element>(_ elements: [Element]) -> UnsafeMutableBufferPointer<Element> {
      let start = UnsafeMutablePointer<Element>.allocate(capacity: max(1, elements.count))
      start.initialize(from: elements, count: elements.count)
      return UnsafeMutableBufferPointer(start: start, count: elements.count)
    }
    constantTable = table(constants)
    patternTable = table(patterns)
    zoneTable = table(zones)
    self.constants = UnsafePointer(constantTable.baseAddress!)
    self.patterns = UnsafePointer(patternTable.baseAddress!)
    self.zones = UnsafePointer(zoneTable.baseAddress!)
  }

  deinit {
    instructions.deallocate()
    constantTable.deallocate()
    patternTable.deinitialize()
    patternTable.deallocate()
    zoneTable.deinitialize()
    zoneTable.deallocate()
  }

  /// The same program for an evaluator whose values are elsewhere: `slots[i]` is the place of path `i`.
  package func placed(at slots: [Int]) -> ExpressionProgram {
    precondition(slots.count == paths.count, "one slot per path")
    var moved: [Instruction] = []
    for index in 0..<instructionCount {
      var instruction = instructions[index]
      switch instruction.code {
      case .slot, .timeSlot, .hasSlot: instruction.first = Int32(slots[Int(instruction.first)])
      default: break
      }
      moved.append(instruction)
    }
    return ExpressionProgram(
      instructions: moved, ranges: ranges, constants: Array(constantTable), memory: memory, patterns: Array(patternTable),
      zones: Array(zoneTable), paths: paths, stackDepth: stackDepth, localCount: localCount)
  }

  /// Some record makes it fail, whatever its types: true unless it only compares for equality, asks `has()`, or says how such answers
  /// go together. Numbers beyond a double, and values too large or too deep to compare, are left out: a test would hardly have them.
  package func mayFail(asCondition isCondition: Bool) -> Bool {
    for index in 0..<instructionCount {
      switch instructions[index].code {
      case .equal, .unequal, .hasSlot, .jump, .constant: continue
      case .slot:
        // A field that is a condition by itself is none where the data has something else there.
        switch instructions[index + 1].code {
        case .and, .or, .andNext, .orNext, .branch, .not: return true
        case .end where isCondition: return true
        default: continue
        }
      case .and, .or, .andNext, .orNext, .branch, .not, .end: continue
      default: return true
      }
    }
    return false
  }

  /// The part of the expression that an error comes from, in bytes of its text.
  package func range(of error: ExpressionValue) -> Range<Int>? {
    let index = Int(error.count) - 1
    return error.isError && ranges.indices.contains(index) ? ranges[index] : nil
  }
}

/// Bytes and values of constants, at one address for the life of the programs that hold it.
final class ConstantMemory: @unchecked Sendable {
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  /// A copy of the bytes, followed by zeros so that kernels may read ahead.
  func keep(_ bytes: some Collection<UInt8>) -> Text {
    let block = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + 64)
    block.initialize(repeating: 0, count: bytes.count + 64)
    for (index, byte) in bytes.enumerated() { block[index] = byte }
    blocks.append(UnsafeMutableRawPointer(block))
    return Text(start: block, count: bytes.count)
  }

  func keep(_ values: [ExpressionValue]) -> UnsafePointer<ExpressionValue> {
    let block = UnsafeMutablePointer<ExpressionValue>.allocate(capacity: max(1, values.count))
    block.initialize(from: values, count: values.count)
    blocks.append(UnsafeMutableRawPointer(block))
    return UnsafePointer(block)
  }
}

/// A zone of a timestamp's parts: an IANA zone, or a fixed offset in seconds east of UTC.
enum ZoneOffset {
  case fixed(Int)
  case rules(TimeZoneRules)

  func offset(at seconds: Int64) -> Int {
    switch self {
    case .fixed(let offset): offset
    case .rules(let rules): rules.offset(at: seconds)
    }
  }
}
