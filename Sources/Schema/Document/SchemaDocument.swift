import Core

/// A schema file, read: every value in it is a node that knows its parent, its children and its place. Node 0 is the
/// whole file; pointers are those of RFC 6901.
final class SchemaDocument: @unchecked Sendable {
  struct Node {
    var value: JSONValue
    var parent: Int
    /// The member's name; an element's number as text.
    var token: String
    /// Nodes of members or elements, in their order.
    var children: [Int] = []
    var name: Spot?
    var spot: Spot
  }

  /// A place: bytes of the text, or a place from another reader.
  enum Spot {
    case bytes(Range<Int>)
    case place(SourcePlace)
  }

  let file: String
  /// It was read by another reader, so it is not JSON.
  let isPlaced: Bool
  private(set) var nodes: [Node] = []
  /// One for each member that occurs twice; the first of them is the one that counts.
  private(set) var duplicates: [Diagnostic] = []
  private let bytes: [UInt8]
  private let lineStarts: [Int]
  private var tables: [Int: [Name: Int]] = [:]
  private var columns = LongLineColumns()

  private init(file: String, bytes: [UInt8], lineStarts: [Int], isPlaced: Bool = false) {
    self.file = file
    self.isPlaced = isPlaced
    self.bytes = bytes
    self.lineStarts = lineStarts
  }

  struct SyntaxError: Error {
    var diagnostic: Diagnostic
    init(_ diagnostic: Diagnostic) { self.diagnostic = diagnostic }
  }

  /// Reads `text` strictly; a text that is not valid JSON has one diagnostic, at the place of the error.
  static func read(file: String, text: String) -> Result<SchemaDocument, SyntaxError> {
    let bytes = Array(text.utf8)
    let lineStarts = [0] + bytes.indices.filter { bytes[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
    guard bytes.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else {
      let place = SourcePlace(file: file, line: 1, column: 1)
      let hint = "an empty schema is written {}"
      return .failure(SyntaxError(.init(.error, .schemaSyntax, at: place, "the schema file is empty", hint: hint)))
    }
    do throws(JSONReader.Failure) {
      let (root, duplicates) = try JSONReader.readGatheringDuplicates(bytes)
      let document = SchemaDocument(file: file, bytes: bytes, lineStarts: lineStarts)
      var scanner = PlaceScanner(bytes: bytes)
      scanner.walk(root, into: document)
      document.duplicates = duplicates.map { diagnostic(of: $0, file: file, bytes, lineStarts) }
      return .success(document)
    } catch {
      return .failure(SyntaxError(diagnostic(of: error, file: file, bytes, lineStarts)))
    }
  }

  private static func diagnostic(
    of failure: JSONReader.Failure, file: String, _ bytes: [UInt8], _ lineStarts: [Int]
  ) -> Diagnostic {
    let start = lineStarts[min(failure.line, lineStarts.count) - 1]
    let column = characters(in: bytes, start..<min(bytes.count, start + failure.column - 1)) + 1
    let place = SourcePlace(file: file, line: failure.line, column: column)
    return Diagnostic(.error, .schemaSyntax, at: place, "not valid JSON: \(failure.message)")
  }

  /// What another reader has read.
  static func placed(_ value: PlacedValue, file: String) -> SchemaDocument {
    let document = SchemaDocument(file: file, bytes: [], lineStarts: [0], isPlaced: true)
    document.add(value, parent: -1, token: "", name: nil)
    return document
  }

  @discardableResult
  private func add(_ value: PlacedValue, parent: Int, token: String, name: SourcePlace?) -> JSONValue {
    let index = append(.null, parent: parent, token: token, name: name.map { .place($0) }, spot: .place(value.place))
    let whole: JSONValue
    switch value.content {
    case .scalar(let scalar): whole = scalar
    case .array(let elements):
      whole = .array(
        elements.enumerated().map { add($1, parent: index, token: String($0), name: nil) })
    case .object(let members):
      whole = .object(
        members.map { JSONValue.Member($0.name, add($0.value, parent: index, token: $0.name, name: $0.place)) })
    }
    nodes[index].value = whole
    return whole
  }

  fileprivate func append(_ value: JSONValue, parent: Int, token: String, name: Spot?, spot: Spot) -> Int {
    let index = nodes.count
    nodes.append(Node(value: value, parent: parent, token: token, name: name, spot: spot))
    if parent >= 0 { nodes[parent].children.append(index) }
    return index
  }

  // MARK: Finding

  func value(_ node: Int) -> JSONValue { nodes[node].value }

  /// The member of that name, or the element of that number.
  func child(_ node: Int, _ token: String) -> Int? {
    let children = nodes[node].children
    if children.count <= 12 { return children.first { nodes[$0].token.isExactly(token) } }
    if let table = tables[node] { return table[Name(token)] }
    let table = Dictionary(children.map { (Name(nodes[$0].token), $0) }) { first, _ in first }
    tables[node] = table
    return table[Name(token)]
  }

  /// The value that `pointer` names, from `start`; nil if there is none.
  func node(at pointer: String, from start: Int = 0) -> Int? {
    var node = start
    for token in JSONPointer.tokens(pointer) {
      guard let next = child(node, token) else { return nil }
      node = next
    }
    return node
  }

  /// The JSON pointer of a node; with `root`, from there.
  func pointer(_ node: Int, from root: Int = 0) -> String {
    var tokens: [String] = []
    var index = node
    while index != root, index > 0 {
      tokens.append(nodes[index].token)
      index = nodes[index].parent
    }
    return tokens.reversed().reduce("") { JSONPointer.appending($1, to: $0) }
  }

  // MARK: Places

  /// The place of the node's member name, or of the value if there is no name (an element, the root).
  func namePlace(_ node: Int) -> SourcePlace { place(nodes[node].name ?? nodes[node].spot) }

  func valuePlace(_ node: Int) -> SourcePlace { place(nodes[node].spot) }

  private func place(_ spot: Spot) -> SourcePlace {
    guard case .bytes(let range) = spot else {
      if case .place(let place) = spot { return place }
      return SourcePlace(file: file, line: 1, column: 1)
    }
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= range.lowerBound { low = middle } else { high = middle }
    }
    let column = columns.characters(in: bytes, lineStarts[low]..<range.lowerBound) + 1
    return SourcePlace(file: file, line: low + 1, column: column, length: max(1, Self.characters(in: bytes, range)))
  }

  static func characters(in bytes: [UInt8], _ range: Range<Int>) -> Int {
    // A byte order mark is not a character of the first line.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let start = range.lowerBound == 0 && bytes.starts(with: mark) ? min(3, range.upperBound) : range.lowerBound
    return String(decoding: bytes[start..<range.upperBound], as: UTF8.self).count
  }
}

/// Walks bytes that are known to be valid JSON together with the tree that was read from them, and notes where each
/// name and value stands.
private struct PlaceScanner {
  let bytes: [UInt8]
  var position: Int

  init(bytes: [UInt8]) {
    self.bytes = bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  mutating func walk(
    _ value: JSONValue, into document: SchemaDocument, parent: Int = -1, token: String = "", name: Range<Int>? = nil
  ) {
    skipToToken()
    let start = position
    func add(_ range: Range<Int>) -> Int {
      document.append(value, parent: parent, token: token, name: name.map { .bytes($0) }, spot: .bytes(range))
    }
    switch value {
    case .object(let members):
      let index = add(start..<start + 1)
      position += 1
      for member in members {
        skipToToken()
        let range = skipString()
        walk(member.value, into: document, parent: index, token: member.name, name: range)
      }
      skipToToken()
      position += 1
    case .array(let elements):
      let index = add(start..<start + 1)
      position += 1
      for (number, element) in elements.enumerated() {
        walk(element, into: document, parent: index, token: String(number))
      }
      skipToToken()
      position += 1
    case .string: _ = add(skipString())
    default:
      while position < bytes.count, ![0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x5D, 0x7D].contains(bytes[position]) { position += 1 }
      _ = add(start..<position)
    }
  }

  /// Space, commas and colons are skipped: the tree determines what comes next.
  private mutating func skipToToken() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x3A].contains(bytes[position]) { position += 1 }
  }

  private mutating func skipString() -> Range<Int> {
    let start = position
    position += 1
    while bytes[position] != UInt8(ascii: "\"") { position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1 }
    position += 1
    return start..<position
  }
}
