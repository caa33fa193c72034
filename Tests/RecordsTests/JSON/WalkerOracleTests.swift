import Core
import Testing

@testable import Records

/// The walker against a plain reading of the same paths over JSON trees, for records and paths generated from a seed.
@Suite struct WalkerOracleTests {
  @Test("a path yields what a plain reading of it yields", arguments: 1...8)
  func agreement(seed: UInt64) throws {
    var random = Random(state: seed)
    for _ in 0..<400 {
      let paths = (0..<1 + random.below(6)).map { _ in random.path() }
      for _ in 0..<6 {
        let record = random.object(depth: 0)
        // One notation for the whole record: values are equal when their bytes are.
        let text = random.below(2) == 0 ? record.text : record.text.replacing("\"x", with: "\"\\u0078")
        let found = walkCells(text, paths)
        for (path, cell) in zip(paths, found) {
          let expected = PathOracle.find(path, in: record).text
          #expect(cell == expected, "\(path) of \(text)")
        }
      }
    }
  }

  /// The cells of a record, in the oracle's notation.
  private func walkCells(_ json: String, _ paths: [[RecordWalker.Step]]) -> [String] {
    var walker = RecordWalker()
    for (slot, path) in paths.enumerated() { walker.addPath(path, slot: slot) }
    let bytes = Array(json.utf8) + [UInt8](repeating: UInt8(ascii: "\""), count: RecordWalker.padding)
    let cells = UnsafeMutableBufferPointer<Cell>.allocate(capacity: paths.count)
    defer { cells.deallocate() }
    cells.initialize(repeating: .missing)
    return bytes.withUnsafeBufferPointer { buffer in
      let record = UnsafeBufferPointer(rebasing: buffer[..<json.utf8.count])
      if let fault = walker.indexRecord(record) ?? walker.walk(0..<json.utf8.count, into: cells) {
        return paths.map { _ in fault.code.slug }
      }
      return cells.map { cell in
        switch cell.kind {
        case .missing: return "missing"
        case .blocked: return "\(cell.obstacle.reason) \(cell.obstacle.steps)"
        default:
          var arena = ByteArena(capacity: 256)
          arena.begin()
          JSONRecordEncoder.encode(cell, into: &arena)
          return (try? JSONReader.read(arena.finish().string))?.text ?? "no JSON"
        }
      }
    }
  }
}

/// A path read step by step.
private enum PathOracle {
  enum Found {
    case missing
    case blocked(Obstacle.Reason, Int)
    case value(JSONValue)

    var text: String {
      switch self {
      case .missing: "missing"
      case .blocked(let reason, let steps): "\(reason) \(steps)"
      case .value(let value): value.text
      }
    }
  }

  static func find(_ path: [RecordWalker.Step], in record: JSONValue) -> Found {
    var at = record
    for (count, step) in path.enumerated() {
      let next: Found
      switch step {
      case .member(let name): next = member(name, of: at)
      case .memberInAnyCase(let name): next = member(name.lowercased(), of: at)
      case .element(let index):
        guard let elements = at.arrayValue else { return isEmpty(at) ? .missing : .blocked(.otherShape, count) }
        next = elements.indices.contains(index) ? .value(elements[index]) : .missing
      case .select(let name, let text):
        guard let elements = at.arrayValue else { return isEmpty(at) ? .missing : .blocked(.otherShape, count) }
        next = select(elements, count) {
          self.text(of: $0[name]) == text
        } isStray: {
          isContainer($0[name]) && !isEmpty($0[name] ?? .null)
        }
      case .customField(let id):
        guard let elements = at.arrayValue else { return isEmpty(at) ? .missing : .blocked(.otherShape, count) }
        next = customField(id ?? "", in: elements, count)
      }
      switch next {
      case .value(let value): at = value
      case .blocked(let reason, let steps): return .blocked(reason, steps < 0 ? count : steps)
      case .missing: return .missing
      }
    }
    return .value(at)
  }

  private static func member(_ name: String, of value: JSONValue) -> Found {
    guard case .object = value else { return isEmpty(value) ? .missing : .blocked(.otherShape, -1) }
    return value[name].map { .value($0) } ?? .missing
  }

  private static func select(
    _ elements: [JSONValue], _ count: Int, _ isChosen: (JSONValue) -> Bool, isStray: (JSONValue) -> Bool
  ) -> Found {
    if let chosen = elements.first(where: { isObject($0) && isChosen($0) }) { return .value(chosen) }
    let hasStray = elements.contains { !isEmpty($0) && (!isObject($0) || isStray($0)) }
    return hasStray ? .blocked(.strayElement, count) : .missing
  }

  private static func customField(_ id: String, in elements: [JSONValue], _ count: Int) -> Found {
    let own = elements.filter { isObject($0) && text(of: $0["id"]) == id }
    guard let first = own.first else {
      return select(elements, count) { _ in
        false
      } isStray: {
        (text(of: $0["id"]) ?? "").isEmpty
      }
    }
    guard own.allSatisfy({ $0 == first }), case .object(let members) = first else { return .blocked(.repeatedField, count + 1) }
    let values = members.filter { $0.name == "value" || $0.name == "fieldValue" }.map(\.value)
    let full = values.filter { !isEmpty($0) }
    guard full.allSatisfy({ $0 == full[0] }) else { return .blocked(.severalValues, count + 1) }
    if full.isEmpty, !isEmpty(first["Value"] ?? .null) { return .blocked(.unknownValueName, count + 1) }
    return (full.first ?? values.first).map { .value($0) } ?? .missing
  }

  private static func isObject(_ value: JSONValue) -> Bool { if case .object = value { true } else { false } }
  private static func isContainer(_ value: JSONValue?) -> Bool {
    switch value {
    case .object, .array: true
    default: false
    }
  }

  private static func isEmpty(_ value: JSONValue) -> Bool { ["null", "\"\"", "[]", "{}"].contains(value.text) }

  private static func text(of value: JSONValue?) -> String? {
    switch value {
    case .string(let text), .number(let text): text
    case .bool(let value): "\(value)"
    default: nil
    }
  }
}

/// Generates records and paths from a few names and texts, so that they often match.
private struct Random {
  var state: UInt64

  mutating func below(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }

  mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }

  mutating func value(depth: Int) -> JSONValue {
    switch below(depth > 3 ? 6 : 11) {
    case 0: .null
    case 1: .bool(below(2) == 0)
    case 2: .number(String(below(3)))
    case 3...5: .string(one(of: ["", "1", "2", "x", "xé", " "]))
    case 6...8: .array((0..<below(4)).map { _ in value(depth: depth + 1) })
    default: object(depth: depth + 1)
    }
  }

  mutating func object(depth: Int) -> JSONValue {
    var members: [JSONValue.Member] = []
    let names = ["a", "x", "id", "value", "Value", "fieldValue", "fieldValueType", "k", "id"].filter { _ in below(2) == 0 }
    for name in names where !members.contains(where: { $0.name == name }) { members.append(.init(name, value(depth: depth))) }
    return .object(members)
  }

  mutating func path() -> [RecordWalker.Step] { (0..<1 + below(4)).map { _ in step() } }

  /// A name that matches in any case is not generated as another one.
  private mutating func step() -> RecordWalker.Step {
    switch below(8) {
    case 0...3: .member(one(of: ["a", "x", "id", "value"]))
    case 4: .memberInAnyCase("K")
    case 5: .element(below(3))
    case 6: .select(member: one(of: ["id", "x", "a"]), equals: one(of: ["1", "2", "x", "true"]))
    default: .customField(id: one(of: ["1", "2", "x"]))
    }
  }
}
