import Core
import Files

/// Finds the list that a pointer leads to in a JSON document, byte by byte: what comes before it is skipped, not held. What
/// follows the list is checked in the same way, so that a document that breaks off is not read as if it were whole.
struct RecordsLocator {
  private let pointer: RecordsPointer
  private let path: String
  private let syntax: JSONMembers
  /// The objects and lists around the list, from the document inwards.
  private var open: [Container] = []

  private struct Container {
    var isObject: Bool
    /// What the pointer names in it.
    var step: Name
  }

  /// What an object has, for messages.
  private struct Found {
    var names: [String] = []
    var lists: [String] = []
  }

  private static let shownNames = 12

  /// - Parameter path: the input's name in failures.
  init(_ pointer: RecordsPointer, path: String) {
    self.pointer = pointer
    self.path = path
    syntax = JSONMembers(path: path)
  }

  /// Goes to the first byte after the list's `[`.
  ///
  /// - Throws: `OperationFailure` if the pointer leads to nothing, or to something else, with what there is.
  mutating func enter(_ bytes: inout JSONBytes) throws {
    for (depth, step) in pointer.steps.enumerated() {
      switch try bytes.skipSpace() {
      case UInt8(ascii: "{"): try enterMember(step, depth, &bytes)
      case UInt8(ascii: "["): try enterElement(step, depth, &bytes)
      case let byte?: throw nothing("\(place(depth)) is \(Self.kind(byte))")
      case nil: throw syntax.broken(bytes, "it ends before \(CommandOption.records) \(pointer) was found")
      }
    }
    switch try bytes.skipSpace() {
    case UInt8(ascii: "["): bytes.advance(1)
    case UInt8(ascii: "{"):
      let found = try members(&bytes)
      throw failure("this is not a list but an object, which \(listing(found, below: pointer.description))")
    case let byte?: throw failure("this is not a list but \(Self.kind(byte))")
    case nil: throw syntax.broken(bytes, "it ends before \(CommandOption.records) \(pointer) was found")
    }
  }

  /// Goes from the byte after the list's `]` to the end of the document.
  ///
  /// - Throws: `OperationFailure` if it is not closed, if something follows it, or if a name on the way to the list occurs again.
  mutating func leave(_ bytes: inout JSONBytes) throws {
    while let container = open.popLast() {
      while let name = try syntax.next(in: container.isObject, isFirst: false, &bytes) {
        if container.isObject, Name(name) == container.step {
          throw syntax.broken(bytes, "'\(name)' occurs twice, so \(CommandOption.records) \(pointer) leads to two values")
        }
        try syntax.skipValue(&bytes)
      }
    }
    if try bytes.skipSpace() != nil { throw syntax.broken(bytes, "something follows the document") }
  }

  private mutating func enterMember(_ step: Name, _ depth: Int, _ bytes: inout JSONBytes) throws {
    bytes.advance(1)
    var found = Found()
    var isFirst = true
    while let name = try syntax.next(in: true, isFirst: isFirst, &bytes) {
      isFirst = false
      if Name(name) == step { return open.append(Container(isObject: true, step: step)) }
      try note(name, &found, &bytes)
    }
    if let near = NearestName.find(step.text, in: found.names) { throw nothing("did you mean \(place(depth, near))?") }
    throw nothing("\(place(depth)) \(listing(found, below: depth == 0 ? "" : place(depth)))")
  }

  private mutating func enterElement(_ step: Name, _ depth: Int, _ bytes: inout JSONBytes) throws {
    guard let wanted = Int(step.text), wanted >= 0, String(wanted).isExactly(step.text) else {
      throw nothing("\(place(depth)) is a list" + (depth == 0 ? ", which needs no pointer" : ""))
    }
    bytes.advance(1)
    var count = 0
    while try syntax.next(in: false, isFirst: count == 0, &bytes) != nil {
      if count == wanted { return open.append(Container(isObject: false, step: step)) }
      try syntax.skipValue(&bytes)
      count += 1
    }
    throw nothing("\(place(depth)) is a list of \(count)")
  }

  /// The names of an object, whose `{` comes next.
  private mutating func members(_ bytes: inout JSONBytes) throws -> Found {
    bytes.advance(1)
    var found = Found()
    while let name = try syntax.next(in: true, isFirst: found.names.isEmpty, &bytes) { try note(name, &found, &bytes) }
    return found
  }

  /// Notes a member, and skips its value.
  private mutating func note(_ name: String, _ found: inout Found, _ bytes: inout JSONBytes) throws {
    found.names.append(name)
    if try bytes.skipSpace() == UInt8(ascii: "[") { found.lists.append(name) }
    try syntax.skipValue(&bytes)
  }

  // MARK: Messages

  /// The value at the first `depth` steps of the pointer, and then `name`: `/data/items`; without any, `the document`.
  private func place(_ depth: Int, _ name: String? = nil) -> String {
    let text = RecordsPointer.text(pointer.steps.prefix(depth).map(\.text) + [name].compactMap(\.self))
    return text.isEmpty ? "the document" : text
  }

  /// The end of a sentence about an object.
  private func listing(_ found: Found, below place: String) -> String {
    if found.lists.count == 1 {
      return "has one list: did you mean \(place)\(RecordsPointer.text([found.lists[0]]))?"
    }
    if found.names.isEmpty { return "is empty" }
    let shown = (found.lists.isEmpty ? found.names : found.lists).prefix(Self.shownNames).joined(separator: ", ")
    return found.lists.isEmpty ? "has no list, only: \(shown)" : "has the lists: \(shown)"
  }

  private func nothing(_ what: String) -> OperationFailure {
    failure("there is nothing at \(pointer): \(what)")
  }

  private func failure(_ what: String) -> OperationFailure {
    OperationFailure(.wrongFile, "\(path): \(CommandOption.records) \(pointer): \(what)")
  }

  private static func kind(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\""): "a text"
    case UInt8(ascii: "{"): "an object"
    case UInt8(ascii: "["): "a list"
    case UInt8(ascii: "t"), UInt8(ascii: "f"): "a boolean"
    case UInt8(ascii: "n"): "null"
    default: "a number"
    }
  }
}
