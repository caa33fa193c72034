import Core
import Values

/// A JSON value laid flat for validation: one node per value in the order of the text, so that a subtree is a stretch of
/// nodes, and all texts (escapes resolved) and numbers (digits as given) in one buffer. Used again for every record.
///
///     {"a": [1]}   ->   0 object (children 1, end 3) · 1 array "a" (children 1, end 3) · 2 number "1"
final class InstanceTape {
  enum Kind: UInt8 { case null, `false`, `true`, number, string, array, object }

  struct Node: BitwiseCopyable {
    var kind: Kind
    /// Bytes of a string or number in the buffer.
    var start: Int32 = 0
    var count: Int32 = 0
    /// Of the member's name; -1 for an element or the root.
    var nameStart: Int32 = -1
    var nameCount: Int32 = 0
    /// Members or elements.
    var children: Int32 = 0
    /// The node after the subtree.
    var end: Int32 = 0
  }

  static let maximumDepth = JSONReader.maximumDepth

  private(set) var nodes: UnsafeMutablePointer<Node>
  private(set) var nodeCount = 0
  private var nodeCapacity: Int
  private var bytes: UnsafeMutablePointer<UInt8>
  private(set) var byteCount = 0
  private var byteCapacity: Int
  /// The first of `ControlCharacters` that an escape stands for.
  var controlCharacter: UInt32?

  init() {
    nodeCapacity = 256
    byteCapacity = 4096
    nodes = .allocate(capacity: nodeCapacity)
    bytes = .allocate(capacity: byteCapacity)
  }

  deinit {
    nodes.deallocate()
    bytes.deallocate()
  }

  func removeAll() {
    nodeCount = 0
    byteCount = 0
    controlCharacter = nil
  }

  // MARK: Reading

  @inline(__always)
  func kind(_ node: Int) -> Kind { nodes[node].kind }

  @inline(__always)
  func end(_ node: Int) -> Int { Int(nodes[node].end) }

  @inline(__always)
  func childCount(_ node: Int) -> Int { Int(nodes[node].children) }

  /// The bytes of a string or a number; good until the tape is filled again.
  @inline(__always)
  func text(_ node: Int) -> Text { Text(start: UnsafePointer(bytes) + Int(nodes[node].start), count: Int(nodes[node].count)) }

  @inline(__always)
  func name(_ node: Int) -> Text {
    Text(start: UnsafePointer(bytes) + Int(nodes[node].nameStart), count: Int(nodes[node].nameCount))
  }

  /// What has been appended since `start`.
  func bytes(from start: Int) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: UnsafePointer(bytes) + start, count: byteCount - start)
  }

  /// The member with this name; nil if there is none.
  func member(_ name: [UInt8], of object: Int) -> Int? {
    var child = object + 1
    let end = end(object)
    while child < end {
      if nodes[child].nameCount == name.count, self.name(child).buffer.elementsEqual(name) { return child }
      child = self.end(child)
    }
    return nil
  }

  /// The JSON pointer of a node.
  func pointer(_ node: Int, from start: Int = 0) -> String {
    var pointer = ""
    var at = start
    while at != node {
      var child = at + 1
      var number = 0
      while end(child) <= node {
        child = end(child)
        number += 1
      }
      pointer = appending(child, number: number, to: pointer)
      at = child
    }
    return pointer
  }

  /// `pointer` with one more step, to a child of its value.
  func appending(_ child: Int, number: Int, to pointer: String) -> String {
    nodes[child].nameStart >= 0 ? JSONPointer.appending(name(child).string, to: pointer) : "\(pointer)/\(number)"
  }

  // MARK: Filling

  func append(_ node: Node) -> Int {
    if nodeCount == nodeCapacity {
      let larger = UnsafeMutablePointer<Node>.allocate(capacity: nodeCapacity * 2)
      larger.update(from: nodes, count: nodeCount)
      nodes.deallocate()
      nodes = larger
      nodeCapacity *= 2
    }
    nodes[nodeCount] = node
    nodeCount += 1
    return nodeCount - 1
  }

  func close(_ node: Int, children: Int) {
    nodes[node].children = Int32(truncatingIfNeeded: children)
    nodes[node].end = Int32(truncatingIfNeeded: nodeCount)
  }

  /// Appends a member's name after everything else as a separate text.
  func appendName(of member: Int) -> Int {
    var node = Node(kind: .string)
    node.start = nodes[member].nameStart
    node.count = nodes[member].nameCount
    let index = append(node)
    close(index, children: 0)
    return index
  }

  /// Removes what `appendName` appended.
  func removeLast(_ node: Int) { nodeCount = node }

  func append(_ byte: UInt8) {
    if byteCount == byteCapacity { grow(by: 1) }
    bytes[byteCount] = byte
    byteCount += 1
  }

  func append(_ text: UnsafeBufferPointer<UInt8>) {
    if byteCapacity - byteCount < text.count { grow(by: text.count) }
    if let base = text.baseAddress { (bytes + byteCount).update(from: base, count: text.count) }
    byteCount += text.count
  }

  func append(scalar: UInt32) {
    switch scalar {
    case 0..<0x80: append(UInt8(scalar))
    case 0x80..<0x800:
      append(UInt8(0xC0 | scalar >> 6))
      append(UInt8(0x80 | scalar & 0x3F))
    case 0x800..<0x10000:
      append(UInt8(0xE0 | scalar >> 12))
      append(UInt8(0x80 | scalar >> 6 & 0x3F))
      append(UInt8(0x80 | scalar & 0x3F))
    default:
      append(UInt8(0xF0 | scalar >> 18 & 0x07))
      append(UInt8(0x80 | scalar >> 12 & 0x3F))
      append(UInt8(0x80 | scalar >> 6 & 0x3F))
      append(UInt8(0x80 | scalar & 0x3F))
    }
  }

  private func grow(by count: Int) {
    let capacity = max(byteCapacity * 2, byteCount + count)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: bytes, count: byteCount)
    bytes.deallocate()
    bytes = larger
    byteCapacity = capacity
  }

  /// Appends a tree. Its names are taken as they are.
  func append(_ value: JSONValue, name: String? = nil) {
    var node = Node(kind: .null)
    if let name {
      node.nameStart = Int32(truncatingIfNeeded: byteCount)
      append(text: name)
      node.nameCount = Int32(truncatingIfNeeded: byteCount) - node.nameStart
    }
    node.start = Int32(truncatingIfNeeded: byteCount)
    switch value {
    case .null: break
    case .bool(let flag): node.kind = flag ? .true : .false
    case .number(let digits):
      node.kind = .number
      append(text: digits)
    case .string(let text):
      node.kind = .string
      append(text: text)
    case .array(let elements):
      node.kind = .array
      let index = append(node)
      for element in elements { append(element) }
      return close(index, children: elements.count)
    case .object(let members):
      node.kind = .object
      let index = append(node)
      for member in members { append(member.value, name: member.name) }
      return close(index, children: members.count)
    }
    node.count = Int32(truncatingIfNeeded: byteCount) - node.start
    close(append(node), children: 0)
  }

  private func append(text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }
}
