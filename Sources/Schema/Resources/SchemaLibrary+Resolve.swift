import Core
import Files

/// A schema's place: a node of a document.
struct SchemaAddress: Hashable {
  var document: Int
  var node: Int
}

extension SchemaLibrary {
  /// What a reference leads to.
  struct Target {
    var address: SchemaAddress
    var resource: Int
    /// The anchor by whose name it was found.
    var anchor: String?
  }

  /// Resolves a reference in `resource`; reports it at `place` if it has no target.
  /// - Parameter keyword: as the schema spells it.
  mutating func resolve(_ text: String, keyword: String, from resource: Int, at place: SourcePlace) -> Target? {
    let reference = URIReference(text).resolved(against: URIReference(resources[resource].uri))
    var reason: String?
    guard
      let found = self.resource(
        at: reference.resource, from: place, dialect: resources[resource].dialect, reason: &reason)
    else {
      let isIrregular = notRegular.contains(reference.resource)
      report(
        isIrregular ? .notRegularFile : .schemaUnsupported, at: place,
        "'\(keyword)' refers to another document, '\(reference.resource.hasPrefix("memory:") ? text : reference.resource)': \(reason ?? "it cannot be read")",
        hint: isIrregular
          ? FileBoundary.Refusal.notRegular.remedy
          : namedSchema(like: text, in: resource)
            ?? "only local files are read: pass \(CommandOption.schemaRoot) URI=DIR for the folder that has it")
      return nil
    }
    guard let fragment = URIReference.percentDecoded(reference.fragment ?? "") else {
      report(.schemaSyntax, at: place, "'\(text)' is not a reference: '%' needs two hexadecimal digits of UTF-8")
      return nil
    }
    if fragment.isEmpty || fragment.hasPrefix("/") {
      return node(at: fragment, in: found, keyword: keyword, place)
    }
    guard let node = resources[found].anchors[Name(fragment)] else {
      report(
        .schemaSyntax, at: place, "'\(keyword)' has no target: there is no '$anchor' named '\(fragment)' in \(named(found))",
        hint: NearestName.hint(fragment, in: resources[found].anchors.keys.sorted().map { $0.text })
          ?? namedSchema(like: fragment, in: found))
      return nil
    }
    let address = SchemaAddress(document: resources[found].document, node: node)
    return Target(address: address, resource: found, anchor: fragment)
  }

  /// In an OpenAPI document, the schema whose name a reference ends in.
  private func namedSchema(like reference: String, in resource: Int) -> String? {
    OpenAPIDocument(document(of: resource))?.namedSchema(like: reference).map { "did you mean '#\($0)'?" }
  }

  private func named(_ resource: Int) -> String {
    resources[resource].label.isEmpty ? "this file" : "'\(resources[resource].label)'"
  }

  private mutating func node(at fragment: String, in resource: Int, keyword: String, _ place: SourcePlace) -> Target? {
    let number = resources[resource].document
    let document = documents[number]
    guard let node = document.node(at: fragment, from: resources[resource].root) else {
      report(
        .schemaSyntax, at: place, "'\(keyword)' has no target: there is no '#\(fragment)' in \(named(resource))",
        hint: nearest(to: fragment, in: document, resources[resource].root) ?? namedSchema(like: fragment, in: resource))
      return nil
    }
    if let inner = OpenAPIDocument(document)?.schemaInside(node) {
      report(
        .schemaSyntax, at: place, "'\(keyword)' refers to '#\(fragment)', which is not a schema, but contains one",
        hint: "did you mean '#\(inner)'?")
      return nil
    }
    switch document.value(node) {
    case .object, .bool: break
    default:
      if fragment.isEmpty {
        report(.schemaSyntax, at: document.valuePlace(node), "a schema must be an object, true or false")
        return nil
      }
      report(.schemaSyntax, at: place, "'\(keyword)' refers to '#\(fragment)', which is not a schema")
      return nil
    }
    if owner(document: number, node: node) == nil {
      // Under an unknown keyword: still a schema, because something refers to it as one.
      scan(document: number, node: node, resource: enclosing(node, in: document, number) ?? resource)
    }
    return Target(
      address: SchemaAddress(document: number, node: node), resource: owner(document: number, node: node) ?? resource)
  }

  /// The resource of the nearest schema around a node.
  private func enclosing(_ node: Int, in document: SchemaDocument, _ number: Int) -> Int? {
    var index = document.nodes[node].parent
    while index >= 0 {
      if let owner = owner(document: number, node: index) { return owner }
      index = document.nodes[index].parent
    }
    return nil
  }

  /// The nearest sibling of a pointer whose last token does not exist.
  private func nearest(to fragment: String, in document: SchemaDocument, _ root: Int) -> String? {
    let tokens = JSONPointer.tokens(fragment)
    guard let last = tokens.last else { return nil }
    let parent = tokens.dropLast().reduce("") { JSONPointer.appending($1, to: $0) }
    guard let node = document.node(at: parent, from: root), let members = document.value(node).objectValue else { return nil }
    guard let found = NearestName.find(last, in: members.map(\.name)) else { return nil }
    let difference = NearestName.difference(last, found).map { " (\($0))" } ?? ""
    return "did you mean '#\(JSONPointer.appending(found, to: parent))'?\(difference)"
  }
}
