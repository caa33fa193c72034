import CLibYAML
package import Core

/// Reads one YAML document into a tree of `YAMLNode`, through libyaml's event parser.
///
/// Reported, never thrown: syntax errors (the first one ends the parse), duplicate keys (all of them), and unsupported
/// features: tags, several documents, nesting beyond `maximumDepth`, and anchors and aliases unless they are resolved.
package struct YAMLReader {
  package static let maximumDepth = 64

  var parser = yaml_parser_t()
  let places: YAMLPlaces
  private var diagnostics: Diagnostics
  /// Nil: anchors and aliases are refused.
  private var anchors: YAMLAnchors?

  /// Reads the file at `path`, which is also the name that diagnostics use. A file that is missing, unreadable or
  /// empty is `input-missing`.
  package static func load(path: String, _ diagnostics: inout Diagnostics) -> YAMLNode? {
    guard let bytes = TextFile.read(path, &diagnostics) else { return nil }
    return read(file: path, bytes: bytes, &diagnostics)
  }

  package static func read(file: String, text: String, _ diagnostics: inout Diagnostics) -> YAMLNode? {
    read(file: file, bytes: Array(text.utf8), &diagnostics)
  }

  /// Nil if there is no tree at all; a tree with refused parts is returned, so that the rest can be checked.
  /// - Parameter resolvesAliases: aliases and merge keys (`<<`) are resolved, as in files that other programs write; without it
  ///   they are refused.
  package static func read(
    file: String, bytes: [UInt8], resolvesAliases: Bool = false, _ diagnostics: inout Diagnostics
  ) -> YAMLNode? {
    guard let text = TextFile.decode(file: file, bytes: bytes, &diagnostics) else { return nil }
    let source = SourceFile(name: file, text: text)
    diagnostics.register(source)
    var reader = YAMLReader(places: YAMLPlaces(source), diagnostics: diagnostics)
    if resolvesAliases { reader.anchors = YAMLAnchors() }
    let node = reader.document(Array(text.utf8))
    diagnostics = reader.diagnostics
    return node
  }

  private init(places: YAMLPlaces, diagnostics: Diagnostics) {
    self.places = places
    self.diagnostics = diagnostics
  }

  /// The reading failed and the reason has been reported.
  private struct Stop: Error {}

  private mutating func document(_ bytes: [UInt8]) -> YAMLNode? {
    guard yaml_parser_initialize(&parser) == 1 else {
      diagnostics.add(.init(.error, .yamlSyntax, at: places.start, "not enough memory to read this file"))
      return nil
    }
    defer { yaml_parser_delete(&parser) }
    return bytes.withUnsafeBufferPointer { buffer in
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, buffer.baseAddress, buffer.count)
      return try? documents()
    }
  }

  private mutating func documents() throws(Stop) -> YAMLNode? {
    var root: YAMLNode?
    while true {
      let event = try next()
      switch event.kind {
      case .documentStart where root != nil:
        report("a second document starts here; a file can have only one", at: places.place(event.start, event.end))
        return root
      case .streamStart, .documentStart, .documentEnd: continue
      case .streamEnd:
        if root == nil {
          diagnostics.add(.init(.error, .inputMissing, at: places.start, "the file is empty: it has no YAML document"))
        }
        return root
      default: root = try node(event, depth: 0)
      }
    }
  }

  private mutating func node(_ event: YAMLEvent, depth: Int, isKey: Bool = false) throws(Stop) -> YAMLNode {
    let place = places.place(event.start, event.end)
    if depth > Self.maximumDepth {
      report("nested deeper than \(Self.maximumDepth) levels", at: place.first)
      throw Stop()
    }
    if let anchor = event.anchor, anchors != nil {
      anchors?.begin(anchor)
      let node = try content(event, at: place, depth: depth, isKey: isKey)
      anchors?.end(anchor, node)
      return node
    }
    return try content(event, at: place, depth: depth, isKey: isKey)
  }

  private mutating func content(
    _ event: YAMLEvent, at place: SourcePlace, depth: Int, isKey: Bool
  ) throws(Stop) -> YAMLNode {
    let isRefused = refuse(event, at: place)
    switch event.kind {
    case .alias(let name): return isRefused ? YAMLNode(.refused, at: place) : try value(of: name, at: place, depth: depth)
    case .scalar(let text, let style):
      let scalar = places.scalar(text, style, event.start, event.end, at: place)
      // Keys are text, whatever they look like.
      if !isKey, let name = scalar.nonFiniteNumber {
        diagnostics.add(
          .init(
            .error, .wrongKind, at: place, "YAML reads '\(text)' as \(name), which JSON cannot represent",
            hint: "write \"\(text)\" if you mean text"))
        return YAMLNode(.refused, at: place)
      }
      // A path would end there for the operating system.
      if text.utf8.contains(0) {
        report("a string cannot contain a NUL character", at: place)
        return YAMLNode(.refused, at: place)
      }
      return isRefused ? YAMLNode(.refused, at: place) : YAMLNode(.scalar(scalar), at: place)
    case .sequenceStart:
      var elements: [YAMLNode] = []
      while true {
        let next = try next()
        if case .sequenceEnd = next.kind { break }
        elements.append(try node(next, depth: depth + 1))
      }
      return YAMLNode(isRefused ? .refused : .sequence(elements), at: place.first)
    case .mappingStart:
      let entries = try entries(depth: depth)
      return YAMLNode(isRefused ? .refused : .mapping(entries), at: place.first)
    default:
      report("no value can start here", at: place)
      throw Stop()
    }
  }

  private mutating func entries(depth: Int) throws(Stop) -> [YAMLEntry] {
    var entries: [YAMLEntry] = []
    var seen: [Name: SourcePlace] = [:]
    var merge = YAMLMerge()
    while true {
      let event = try next()
      if case .mappingEnd = event.kind { return merge.merged(into: entries) }
      let key = try node(event, depth: depth + 1, isKey: true)
      let value = try node(try next(), depth: depth + 1)
      guard let scalar = key.scalar else {
        if !key.isRefused { report("a key must be a word, not \(key.kindName)", at: key.place) }
        continue
      }
      if scalar.style == .plain, let odd = scalar.text.unicodeScalars.first, Self.isInvisible(odd) {
        report(
          "an invisible character (U+\(Self.hexadecimal(odd))) precedes this key", at: key.place.first,
          hint: "indent with plain spaces")
        continue
      }
      let first = seen[scalar.text]
      if let first {
        let message = "'\(scalar.text)' occurs twice; first on line \(first.line)"
        diagnostics.add(.init(.error, .duplicateKey, at: key.place, message))
      }
      seen[scalar.text] = first ?? key.place
      if anchors != nil, scalar.style == .plain, scalar.text.isExactly(YAMLMerge.key) {
        if !merge.add(value) {
          report("'<<' merges a map or a list of maps, not \(value.kindName)", at: value.place)
        }
        continue
      }
      entries.append(YAMLEntry(key: scalar.text, keyPlace: key.place, value: value, isDuplicate: first != nil))
    }
  }

  /// Spaces that YAML does not take for indentation, and what has no width.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.generalCategory == .spaceSeparator || scalar.properties.generalCategory == .format
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private mutating func value(of alias: String, at place: SourcePlace, depth: Int) throws(Stop) -> YAMLNode {
    do throws(YAMLAnchors.Failure) {
      if let node = try anchors?.value(of: alias, depth: depth) { return node }
    } catch {
      switch error {
      case .unknown: report("there is no anchor '&\(alias)' before this alias", at: place)
      case .circular: report("the anchor '&\(alias)' contains an alias of itself", at: place)
      case .tooDeep:
        report("nested deeper than \(Self.maximumDepth) levels", at: place.first)
        throw Stop()
      case .tooManyValues:
        report(
          "the aliases of this file stand for more than \(YAMLAnchors.maximumValues) values", at: place,
          hint: "use '$ref' for schemas that occur often")
        throw Stop()
      }
    }
    return YAMLNode(.refused, at: place)
  }

  /// Anchors, aliases and tags: mappings and pipelines are read by people and diff tools, and are small.
  private mutating func refuse(_ event: YAMLEvent, at place: SourcePlace) -> Bool {
    if anchors == nil, case .alias = event.kind {
      report("aliases are not supported; write the value out", at: place, hint: "quote text that begins with '*'")
      return true
    }
    if anchors == nil, event.anchor != nil {
      report(
        "anchors are not supported; write the value out where it is needed", at: place.first,
        hint: "quote text that begins with '&'")
      return true
    }
    if let tag = event.tag {
      // Any other tag may be a value that was meant to be quoted, even a secret.
      guard tag.hasPrefix("!!") || tag.hasPrefix("tag:yaml.org,2002:") else {
        report("a value cannot start with '!', which begins a tag", at: place.first, hint: "quote it")
        return true
      }
      report("tags are not supported ('\(tag)'); quote strings, and leave numbers and booleans unquoted", at: place.first)
      return true
    }
    return false
  }

  mutating func report(_ message: String, at place: SourcePlace, hint: String? = nil) {
    diagnostics.add(.init(.error, .yamlSyntax, at: place, message, hint: hint))
  }

  private mutating func next() throws(Stop) -> YAMLEvent {
    var raw = yaml_event_t()
    guard yaml_parser_parse(&parser, &raw) == 1 else {
      reportFailure()
      throw Stop()
    }
    defer { yaml_event_delete(&raw) }
    return YAMLEvent(raw)
  }
}

extension SourcePlace {
  /// Its first character.
  var first: SourcePlace { SourcePlace(file: file, line: line, column: column) }
}
