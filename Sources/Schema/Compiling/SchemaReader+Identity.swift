import Core

/// Keywords that name and find schemas, annotations, and words that are not keywords.
extension SchemaReader {
  mutating func readIdentity(
    _ keyword: Keyword, _ value: JSONValue, _ node: Int, _ site: Site, _ parts: inout Parts
  ) {
    let place = site.document.valuePlace(node)
    switch keyword {
    case .definitions, .olderDefinitions:
      // In the user's own files everything is checked, elsewhere only what is used.
      if site.address.document == library.mainDocument { _ = subschemas(keyword, node, site) }
    case .reference, .dynamicReference, .recursiveReference: readReference(keyword, value, node, site, &parts)
    case .anchor, .dynamicAnchor:
      if !(value.stringValue.map { Self.isAnchor($0, site.dialect.draft) } ?? false) {
        report(
          .schemaSyntax, at: place,
          "'\(keyword.rawValue)' must be a name: a letter or '_', then letters, digits, '-', '_', '.'")
      }
    case .recursiveAnchor: _ = boolean(keyword.rawValue, value, node, site)
    case .id:
      let text = value.stringValue
      if site.dialect.draft == .draft7, text == nil {
        report(.schemaSyntax, at: place, "'$id' must be a URI reference")
      } else if site.dialect.draft > .draft7, text.map({ URIReference($0).fragment ?? "" }) != "" {
        report(.schemaSyntax, at: place, "'$id' must be a URI reference without a fragment")
      }
    case .schema:
      if value.stringValue == nil { report(.schemaSyntax, at: place, "'$schema' must be a string") }
    case .vocabulary:
      guard let members = value.objectValue, members.allSatisfy({ $0.value.boolValue != nil && URIReference($0.name).isAbsolute })
      else {
        report(
          .schemaSyntax, at: place, "'$vocabulary' must be an object that maps the addresses of vocabularies to true or false")
        break
      }
    case .contentSchema: if site.address.document == library.mainDocument { _ = schema(node, in: site) }
    case .contentEncoding, .contentMediaType:
      guard let text = value.stringValue else {
        report(.schemaSyntax, at: place, "'\(keyword.rawValue)' must be a string")
        break
      }
      if site.dialect.draft == .draft7, library.options.formats == .assert { readContent(keyword, text, site, &parts) }
    default: break
    }
  }

  /// Unknown encodings and media types have no effect.
  private func readContent(_ keyword: Keyword, _ text: String, _ site: Site, _ parts: inout Parts) {
    func isBase64(_ text: String?) -> Bool { text?.lowercased() == "base64" }
    if keyword == .contentEncoding {
      guard isBase64(text) else { return }
      parts.addRest(.contentEncoding, keyword)
    } else {
      let encoding = site.child(.contentEncoding).map { site.document.value($0).stringValue }
      guard ContentSyntax.isJSONType(text), encoding.map(isBase64) ?? true else { return }
      parts.addRest(.contentMediaType(isEncoded: encoding != nil), keyword)
    }
    parts.raw.isAsserting = true
  }

  /// Core, section 8.2.2; 2019-09 allows a colon and no underscore at the beginning, both are taken here.
  private static func isAnchor(_ text: String, _ draft: Draft) -> Bool {
    guard let first = text.utf8.first, ASCII.isLetter(first) || first == UInt8(ascii: "_") else { return false }
    return text.utf8.allSatisfy {
      ASCII.isLetterOrDigit($0) || "-_.".utf8.contains($0) || (draft == .draft2019 && $0 == UInt8(ascii: ":"))
    }
  }

  mutating func readReference(
    _ keyword: Keyword, _ value: JSONValue, _ node: Int, _ site: Site, _ parts: inout Parts
  ) {
    let place = site.document.valuePlace(node)
    guard let text = value.stringValue else {
      report(.schemaSyntax, at: place, "'\(keyword.rawValue)' must be a string")
      return
    }
    if keyword == .recursiveReference, text != "#" {
      report(.schemaSyntax, at: place, "'$recursiveRef' must be \"#\"")
      return
    }
    guard let target = library.resolve(text, keyword: keyword.rawValue, from: site.resource, at: place) else { return }
    let index = schema(at: target.address, resource: target.resource, around: site.oneWay)
    let resource = library.resources[target.resource]
    var name: String?
    switch keyword {
    case .dynamicReference:
      if let anchor = target.anchor, resource.dynamicAnchors[Name(anchor)] == target.address.node { name = anchor }
    case .recursiveReference: if resource.isRecursive { name = SchemaResource.recursive }
    default: break
    }
    if let name {
      parts.addRest(.dynamicReference(addDynamic(name, initial: index)), keyword)
      parts.raw.isAsserting = true
    } else {
      parts.add(.reference(index), keyword)
      parts.raw.references.append(index)
    }
  }

  // MARK: Annotations and the rest

  mutating func readOther(_ name: String, _ node: Int, _ site: Site) {
    let place = site.document.valuePlace(node)
    let value = site.document.value(node)
    switch name {
    case "title", "description", "$comment":
      if value.stringValue == nil { report(.schemaSyntax, at: place, "'\(name)' must be a string") }
      return
    case "deprecated", "readOnly", "writeOnly":
      _ = boolean(name, value, node, site)
      return
    case "examples":
      if value.arrayValue == nil { report(.schemaSyntax, at: place, "'examples' must be a list") }
      return
    case "default": return
    default: break
    }
    // A user cannot fix the text of someone else's document.
    guard site.address.document == library.mainDocument, !Keyword.openAPIAnnotations.contains(name),
      site.dialect.openAPI == nil || !name.hasPrefix("x-")
    else { return }
    let namePlace = site.document.namePlace(node)
    if let keyword = Keyword(rawValue: name) {
      guard !keyword.isPart(of: site.dialect.draft) else { return }
      warn(
        .unknownKey, at: namePlace, "'\(name)' has no effect in JSON Schema \(site.dialect.draft.name)",
        hint: Self.advice(keyword, site.dialect.draft))
    } else if name == "nullable" {
      warn(
        .unknownKey, at: namePlace, "'nullable' has no effect in JSON Schema \(site.dialect.draft.name)",
        hint: "JSON Schema writes \"type\": [\"string\", \"null\"]")
    } else if name.utf8.count >= 3, let hint = NearestName.hint(name, in: Keyword.allNames) {
      warn(.unknownKey, at: namePlace, "unknown keyword '\(name)': it has no effect", hint: hint)
    }
  }

  private static func advice(_ keyword: Keyword, _ draft: Draft) -> String? {
    switch keyword {
    case .additionalItems: "2020-12 gives the elements' schema as 'items'"
    case .recursiveReference: "2020-12 calls it '$dynamicRef'; a recursive schema needs only '$ref'"
    case .recursiveAnchor: "2020-12 calls it '$dynamicAnchor'"
    case .prefixItems: "\(draft.name) gives a list of schemas as 'items'"
    case .definitions: "draft-07 calls it 'definitions'"
    case .dependentRequired, .dependentSchemas: "draft-07 calls it 'dependencies'"
    default: "write \"$schema\": \"\(Draft.draft2020.metaschema)\" if 2020-12 is meant"
    }
  }
}
