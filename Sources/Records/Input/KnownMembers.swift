import Core

/// The members that a set of paths leads to. Finds the other members of a record, which a reader of these paths would miss.
///
///     let known = KnownMembers(paths: [["id"], ["address", "city"]])
///     known.strangers(in: bytes)      // {"id":1,"address":{"zip":"2"}}: an unknown member, address.zip
///
/// Scans records byte by byte. Only records with unknown members cost an allocation.
package struct KnownMembers: Sendable {
  package enum Stranger: Sendable, Hashable {
    /// No path leads to it or through it.
    case unknown([String])
    /// Paths lead through it, but it is not an object with members, so nothing in it would be read.
    case notTakenApart([String], isEmptyObject: Bool)
  }

  private struct Member: Sendable {
    var name: String
    var bytes: [UInt8]
    /// Index of the node with its own members; nil: its value is read whole.
    var node: Int?
  }

  private var nodes: [[Member]] = [[]]
  /// The paths as messages show them.
  package let names: [String]

  package init(paths: [[String]]) {
    names = paths.map { $0.joined(separator: ".") }
    for path in paths { add(path) }
  }

  private mutating func add(_ path: [String]) {
    var node = 0
    for (depth, name) in path.enumerated() {
      let isLast = depth == path.count - 1
      if let index = nodes[node].firstIndex(where: { $0.name.isExactly(name) }) {
        // A path that ends here reads the whole value, even if other paths lead into it.
        if isLast { nodes[node][index].node = nil }
        guard let next = nodes[node][index].node else { return }
        node = next
      } else {
        nodes[node].append(Member(name: name, bytes: Array(name.utf8), node: isLast ? nil : nodes.count))
        guard !isLast else { return }
        nodes.append([])
        node = nodes.count - 1
      }
    }
  }

  /// The members that no path reads, in the order of the record. Also empty if the record is not a JSON object.
  package func strangers(in record: UnsafeBufferPointer<UInt8>) -> [Stranger] {
    var scan = JSONScan(record)
    var found: [Stranger] = []
    guard scan.skipSpace() == UInt8(ascii: "{") else { return [] }
    return search(&scan, node: 0, path: [], &found) ? found : []
  }

  /// Scans the object that begins at the next byte. Returns false if it is not valid JSON.
  private func search(_ scan: inout JSONScan, node: Int, path: [String], _ found: inout [Stranger]) -> Bool {
    scan.advance()
    if scan.skipSpace() == UInt8(ascii: "}") {
      scan.advance()
      if !path.isEmpty { found.append(.notTakenApart(path, isEmptyObject: true)) }
      return true
    }
    // In most records, the members are in the order of the paths.
    var next = 0
    while true {
      guard let name = scan.takeString(), scan.skipSpace() == UInt8(ascii: ":") else { return false }
      scan.advance()
      let first = scan.skipSpace()
      if let index = index(of: name, in: node, from: next) {
        next = index + 1
        let member = nodes[node][index]
        if let inner = member.node, first == UInt8(ascii: "{") {
          guard search(&scan, node: inner, path: path + [member.name], &found) else { return false }
        } else {
          if member.node != nil { found.append(.notTakenApart(path + [member.name], isEmptyObject: false)) }
          guard scan.skipValue() else { return false }
        }
      } else {
        guard let text = Self.text(of: name), scan.skipValue() else { return false }
        found.append(.unknown(path + [text]))
      }
      switch scan.skipSpace() {
      case UInt8(ascii: ","):
        scan.advance()
        _ = scan.skipSpace()
      case UInt8(ascii: "}"):
        scan.advance()
        return true
      default: return false
      }
    }
  }

  private func index(of name: UnsafeBufferPointer<UInt8>, in node: Int, from next: Int) -> Int? {
    let members = nodes[node]
    if next < members.count, members[next].bytes.elementsEqual(name) { return next }
    if let index = members.firstIndex(where: { $0.bytes.elementsEqual(name) }) { return index }
    guard name.contains(UInt8(ascii: "\\")), let text = Self.text(of: name) else { return nil }
    return members.firstIndex { $0.name.isExactly(text) }
  }

  private static func text(of name: UnsafeBufferPointer<UInt8>) -> String? {
    let quote = UInt8(ascii: "\"")
    return (try? JSONReader.read([quote] + name + [quote]))?.stringValue
  }
}

/// Scans JSON text without copying it. It does not validate: invalid JSON makes it stop or skip too much.
private struct JSONScan {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  mutating func advance() { position += 1 }

  /// The next byte that is not whitespace; nil at the end.
  mutating func skipSpace() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x0A, 0x0D, 0x09: position += 1
      default: return bytes[position]
      }
    }
    return nil
  }

  /// The content of the string that begins here, with its escapes; nil if there is none.
  mutating func takeString() -> UnsafeBufferPointer<UInt8>? {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { return nil }
    let start = position + 1
    position = start
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\\"): position += 2
      case UInt8(ascii: "\""):
        position += 1
        return UnsafeBufferPointer(rebasing: bytes[start..<position - 1])
      default: position += 1
      }
    }
    return nil
  }

  /// Skips the value that begins here, up to the comma or bracket after it. Returns false if the text ends first.
  mutating func skipValue() -> Bool {
    var depth = 0
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""): guard takeString() != nil else { return false }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return true }
        depth -= 1
        position += 1
      case UInt8(ascii: ",") where depth == 0: return true
      default: position += 1
      }
    }
    return false
  }
}
