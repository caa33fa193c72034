import Core

/// Finds the identifiers in a document before anything refers to them: `$id`, `$anchor` and their like count only where
/// there is a schema, so only keywords are followed (core, section 9.4.2).
extension SchemaLibrary {
  /// Walks the schemas from `node`, which belongs to `resource`. Works through a list: depth costs no stack.
  /// - Parameter isRoot: `node` is the document's own root, whose `$id` names the document.
  mutating func scan(document number: Int, node: Int, resource: Int, isRoot: Bool = false) {
    let document = documents[number]
    var open = [(node: node, resource: resource, isRoot: isRoot)]
    while let next = open.popLast() {
      guard owner(document: number, node: next.node) == nil else { continue }
      var resource = next.resource
      guard case .object = document.value(next.node) else {
        setOwner(resource, document: number, node: next.node)
        continue
      }
      if next.isRoot { readDialect(of: resource, document, next.node) }
      resource = identify(document, next.node, resource, isRoot: next.isRoot)
      setOwner(resource, document: number, node: next.node)
      let dialect = resources[resource].dialect
      let hidesSiblings = dialect.hidesSiblings && document.child(next.node, "$ref") != nil
      for child in document.nodes[next.node].children.reversed() {
        guard let keyword = Keyword.named(document.nodes[child].token, in: dialect) else { continue }
        if hidesSiblings, keyword != .olderDefinitions { continue }
        for schema in Self.subschemas(of: keyword, document, child, dialect.draft).reversed() {
          open.append((schema, resource, false))
        }
      }
    }
  }

  /// The nodes of the schemas in a keyword's value.
  static func subschemas(of keyword: Keyword, _ document: SchemaDocument, _ node: Int, _ draft: Draft) -> [Int] {
    let value = document.value(node)
    switch keyword.subschemas(in: draft) {
    case .none: return []
    case .one: return [node]
    case .list: return value.arrayValue == nil ? [] : document.nodes[node].children
    case .map: return value.objectValue == nil ? [] : document.nodes[node].children
    case .oneOrList: return value.arrayValue == nil ? [node] : document.nodes[node].children
    case .mapOrNames:
      return value.objectValue == nil
        ? [] : document.nodes[node].children.filter { document.value($0).arrayValue == nil }
    }
  }

  private mutating func readDialect(of resource: Int, _ document: SchemaDocument, _ node: Int) {
    guard let child = document.child(node, "$schema"), let uri = document.value(child).stringValue else { return }
    resources[resource].dialect = dialect(
      named: uri, at: document.valuePlace(child), fallback: resources[resource].dialect)
  }

  /// Reads `$id` and the anchors of one schema object; returns the resource that it belongs to.
  private mutating func identify(_ document: SchemaDocument, _ node: Int, _ resource: Int, isRoot: Bool) -> Int {
    // OpenAPI has no identifiers before 3.1.
    guard !resources[resource].dialect.isTranslated else { return resource }
    var resource = resource
    var draft = resources[resource].dialect.draft
    func text(_ name: String) -> (text: String, place: SourcePlace)? {
      guard let child = document.child(node, name), let text = document.value(child).stringValue else { return nil }
      return (text, document.valuePlace(child))
    }
    if draft == .draft7, document.child(node, "$ref") != nil { return resource }
    if let (id, place) = text("$id") {
      let reference = URIReference(id)
      var own = reference
      own.fragment = nil
      if own != URIReference("") || isRoot {
        let uri = own.resolved(against: URIReference(resources[resource].uri)).resource
        if isRoot {
          if own != URIReference("") {
            resources[resource].uri = uri
            resources[resource].label = uri
          }
        } else {
          var dialect = resources[resource].dialect
          if let (schema, place) = text("$schema") { dialect = self.dialect(named: schema, at: place, fallback: dialect) }
          draft = dialect.draft
          resources.append(
            SchemaResource(
              uri: uri, document: resources[resource].document, root: node, dialect: dialect, label: uri))
          resource = resources.count - 1
        }
        if !register(uri, resource) {
          report(.schemaSyntax, at: place, "the address '\(uri)' is given to two schemas")
        }
      }
      if draft == .draft7, let fragment = reference.fragment, !fragment.isEmpty {
        note(anchor: fragment, of: node, in: resource, at: place)
      }
    }
    if draft >= .draft2019, let (name, place) = text("$anchor") { note(anchor: name, of: node, in: resource, at: place) }
    if draft == .draft2020, let (name, place) = text("$dynamicAnchor") {
      note(anchor: name, of: node, in: resource, at: place)
      resources[resource].dynamicAnchors[Name(name)] = node
    }
    if draft == .draft2019, node == resources[resource].root, let child = document.child(node, "$recursiveAnchor"),
      document.value(child).boolValue == true
    {
      resources[resource].isRecursive = true
    }
    return resource
  }

  private mutating func note(anchor: String, of node: Int, in resource: Int, at place: SourcePlace) {
    if let other = resources[resource].anchors.updateValue(node, forKey: Name(anchor)), other != node {
      report(.schemaSyntax, at: place, "the anchor '\(anchor)' is given twice")
    }
  }
}
