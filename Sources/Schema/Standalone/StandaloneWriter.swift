import Core

/// Writes the schemas that a compiled schema consists of as one document (`StandaloneSchema`).
///
/// Identifiers are left out, because every reference becomes a pointer into `$defs`.
struct StandaloneWriter {
  private var library: SchemaLibrary
  private let root: SchemaAddress
  private var counts: [StandaloneSchema.Change: Int] = [:]
  private var names: [Part: String] = [:]
  private var taken: Set<Name> = []
  private var unwritten: [(name: String, part: Part, resource: Int)] = []
  private var documents: Set<Int> = []
  private var drafts: Set<Draft> = []

  /// A schema, and the members that those around it declare.
  private struct Part: Hashable {
    var address: SchemaAddress
    var oneWay = OneWayMembers.none
  }

  /// Why a schema cannot be one document: what is said at `place`.
  struct Failure: Error {
    var place: SourcePlace
    var message: String
  }

  init(library: SchemaLibrary, root: SchemaAddress) {
    self.library = library
    self.root = root
  }

  mutating func schema(resource: Int, isWholeFile: Bool) throws(Failure) -> StandaloneSchema {
    let dialect = dialect(of: root, resource)
    var value = try write(Part(address: root), resource)
    var definitions: [JSONValue.Member] = []
    while let next = unwritten.popLast() {
      definitions.append(.init(next.name, try write(next.part, next.resource)))
    }
    guard drafts.count <= 1, !dialect.isCustom, let draft = drafts.first ?? Optional(dialect.draft) else {
      throw Failure(place: place(root), message: "the schema and those it refers to are written in different dialects")
    }
    if case .object(var members) = value {
      members.insert(.init("$schema", .string(draft.metaschema)), at: 0)
      if !definitions.isEmpty {
        members.append(
          .init(Self.definitions(draft), .object(definitions.sorted { $0.name.precedesExactly($1.name) })))
      }
      value = .object(members)
    }
    return StandaloneSchema(
      json: value, changes: StandaloneSchema.Change.allCases.compactMap { change in counts[change].map { (change, $0) } },
      origin: dialect.openAPI?.name ?? dialect.name, isOriginal: isWholeFile && dialect.openAPI == nil && documents.count == 1)
  }

  private static func definitions(_ draft: Draft) -> String { draft == .draft7 ? "definitions" : "$defs" }

  private func place(_ address: SchemaAddress) -> SourcePlace { library.documents[address.document].valuePlace(address.node) }

  private func owner(_ address: SchemaAddress, _ resource: Int) -> Int {
    library.owner(document: address.document, node: address.node) ?? resource
  }

  private func dialect(of address: SchemaAddress, _ resource: Int) -> Dialect {
    library.resources[owner(address, resource)].dialect
  }

  private mutating func count(_ change: StandaloneSchema.Change) { counts[change, default: 0] += 1 }

  // MARK: Schemas

  private mutating func write(_ part: Part, _ resource: Int) throws(Failure) -> JSONValue {
    let address = part.address
    let document = library.documents[address.document]
    let resource = owner(address, resource)
    let dialect = library.resources[resource].dialect
    documents.insert(address.document)
    // What Swagger 2.0 takes from an older draft is translated.
    drafts.insert(dialect.isTranslated ? .draft2020 : dialect.draft)
    let value = document.value(address.node)
    guard value.objectValue != nil else { return value }
    var site = Site(document: document, number: address.document, node: address.node, resource: resource, dialect: dialect)
    site.oneWay = library.oneWayMembers(in: address, resource, around: part.oneWay)
    var members: [JSONValue.Member] = []
    if dialect.hidesSiblings, let reference = document.child(address.node, Keyword.reference.rawValue) {
      for child in document.nodes[address.node].children where child != reference {
        let name = document.nodes[child].token
        if Keyword.named(name, in: dialect) != nil || name == dialect.openAPI?.nullable { count(.siblings) }
      }
      return .object([try self.reference(reference, site)])
    }
    let translation = dialect.openAPI.flatMap { version in
      version.isTranslated
        ? OpenAPITranslation(
          document: document, node: address.node, version: version, oneWay: site.oneWay) : nil
    }
    var limits = FormatLimits()
    for child in document.nodes[address.node].children {
      let name = document.nodes[child].token
      guard let keyword = Keyword.named(name, in: dialect) else {
        members += other(name, document.value(child), dialect)
        continue
      }
      guard let translation else {
        members += try write(keyword, document.value(child), child, site, &limits)
        continue
      }
      guard case .keyword(let meant, let value) = translation.meaning(of: keyword, child) else {
        if keyword == .exclusiveMinimum || keyword == .exclusiveMaximum { count(.ineffective) }
        continue
      }
      countTranslation(translation, meant)
      members += try write(meant, value, child, site, &limits)
    }
    limits.apply(to: &members)
    return .object(members)
  }

  /// A schema object and where it belongs.
  private struct Site {
    let document: SchemaDocument
    let number: Int
    let node: Int
    let resource: Int
    let dialect: Dialect
    var oneWay = OneWayMembers.none
  }

  private mutating func countTranslation(_ translation: OpenAPITranslation, _ keyword: Keyword) {
    switch keyword {
    case .type: if translation.isNullable { count(.nullable) }
    case .exclusiveMinimum, .exclusiveMaximum: count(.exclusiveLimits)
    case .required: for _ in translation.optionalNames { count(.directions) }
    default: break
    }
  }

  /// What is not a keyword.
  private mutating func other(_ name: String, _ value: JSONValue, _ dialect: Dialect) -> [JSONValue.Member] {
    guard dialect.isTranslated else { return [.init(name, value)] }
    switch name {
    // The type has it, or nothing does.
    case "nullable", "x-nullable", "xml", "externalDocs", "collectionFormat": return []
    case "discriminator":
      count(.discriminators)
      return []
    case "example":
      count(.examples)
      return [.init("examples", .array([value]))]
    case "examples": return value.arrayValue == nil ? [] : [.init(name, value)]
    default:
      guard !name.hasPrefix("x-") else { return [] }
      guard Keyword(rawValue: name) == nil else {
        count(.ineffective)
        return []
      }
      return [.init(name, value)]
    }
  }

  // MARK: Keywords

  private mutating func write(
    _ keyword: Keyword, _ value: JSONValue, _ child: Int, _ site: Site, _ limits: inout FormatLimits
  ) throws(Failure) -> [JSONValue.Member] {
    let name = keyword.rawValue
    switch keyword {
    case .schema, .id, .anchor, .dynamicAnchor, .recursiveAnchor, .vocabulary, .definitions, .olderDefinitions: return []
    case .dynamicReference, .recursiveReference:
      throw Failure(place: site.document.namePlace(child), message: "'\(name)' leads to different schemas on different paths")
    case .reference: return [try reference(child, site)]
    case .format:
      guard let format = value.stringValue.flatMap(OpenAPIFormat.init), site.dialect.openAPI.map(format.isPart) == true else {
        return [.init(name, value)]
      }
      limits.format = format
      count(format.range != nil ? .integerFormats : format == .byte ? .base64 : .formats)
      return []
    case .items where value.arrayValue != nil && site.dialect.isTranslated:
      count(.listItems)
      return [.init(Keyword.prefixItems.rawValue, .array(try list(child, site)))]
    default: break
    }
    switch keyword.subschemas(in: site.dialect.draft) {
    case .none: return [.init(name, value)]
    case .one:
      let isNegation = keyword == .not && site.dialect.isTranslated
      return [.init(name, try subschema(child, site, around: isNegation ? site.oneWay.negated : nil))]
    case .list:
      return [.init(name, .array(try list(child, site, around: keyword == .prefixItems ? nil : site.oneWay)))]
    case .oneOrList:
      return [.init(name, value.arrayValue == nil ? try subschema(child, site) : .array(try list(child, site)))]
    case .map, .mapOrNames:
      var members: [JSONValue.Member] = []
      for member in site.document.nodes[child].children {
        let value = site.document.value(member)
        members.append(
          .init(site.document.nodes[member].token, value.arrayValue == nil ? try subschema(member, site) : value))
      }
      return [.init(name, .object(members))]
    }
  }

  /// - Parameter around: what it is read with; nil if it applies to another value than the schema around it.
  private mutating func subschema(_ node: Int, _ site: Site, around: OneWayMembers? = nil) throws(Failure) -> JSONValue {
    let address = SchemaAddress(document: site.number, node: node)
    return try write(part(address, site.resource, around ?? site.oneWay.ofOtherValues), site.resource)
  }

  private mutating func part(_ address: SchemaAddress, _ resource: Int, _ around: OneWayMembers) -> Part {
    Part(address: address, oneWay: library.oneWayMembers(around: around, of: address, resource))
  }

  private mutating func list(_ node: Int, _ site: Site, around: OneWayMembers? = nil) throws(Failure) -> [JSONValue] {
    var schemas: [JSONValue] = []
    for element in site.document.nodes[node].children { schemas.append(try subschema(element, site, around: around)) }
    return schemas
  }

  // MARK: References

  private mutating func reference(_ child: Int, _ site: Site) throws(Failure) -> JSONValue.Member {
    let place = site.document.valuePlace(child)
    guard let text = site.document.value(child).stringValue,
      let target = library.resolve(text, keyword: Keyword.reference.rawValue, from: site.resource, at: place)
    else { throw Failure(place: place, message: "'$ref' has no target") }
    let part = part(target.address, target.resource, site.oneWay)
    if part == Part(address: root) { return .init(Keyword.reference.rawValue, .string("#")) }
    let draft = site.dialect.isTranslated ? Draft.draft2020 : site.dialect.draft
    return .init(
      Keyword.reference.rawValue, .string("#/\(Self.definitions(draft))/\(name(of: part, target.resource))"))
  }

  /// The name of a schema in `$defs`: that of the original where it can be used in a pointer as it is.
  private mutating func name(of part: Part, _ resource: Int) -> String {
    if let known = names[part] { return known }
    let address = part.address
    let document = library.documents[address.document]
    var base = document.nodes[address.node].token
    if address.node == 0 { base = String(FilePlace.name(of: document.file).prefix { $0 != "." }) }
    let plain = base.unicodeScalars.map { scalar in
      scalar.isASCII && (ASCII.isLetterOrDigit(UInt8(scalar.value)) || "-_.".unicodeScalars.contains(scalar)) ? scalar : "_"
    }
    base = plain.isEmpty ? "schema" : String(String.UnicodeScalarView(plain))
    var name = base
    var number = 2
    while !taken.insert(Name(name)).inserted {
      name = "\(base)\(number)"
      number += 1
    }
    names[part] = name
    unwritten.append((name, part, resource))
    return name
  }
}

/// What a format of OpenAPI requires, in keywords of JSON Schema.
private struct FormatLimits {
  var format: OpenAPIFormat?

  func apply(to members: inout [JSONValue.Member]) {
    guard let format else { return }
    if let range = format.range {
      tighten(&members, .minimum, range.least, isUpper: false)
      tighten(&members, .maximum, range.most, isUpper: true)
    } else if format == .byte {
      let pattern = JSONValue.Member(Keyword.pattern.rawValue, .string(OpenAPIFormat.base64))
      if !members.contains(where: { $0.name.isExactly(Keyword.pattern.rawValue) }) {
        members.append(pattern)
      } else if let index = members.firstIndex(where: { $0.name.isExactly(Keyword.allOf.rawValue) }) {
        members[index].value = .array((members[index].value.arrayValue ?? []) + [.object([pattern])])
      } else {
        members.append(.init(Keyword.allOf.rawValue, .array([.object([pattern])])))
      }
    }
  }

  private func tighten(_ members: inout [JSONValue.Member], _ keyword: Keyword, _ digits: String, isUpper: Bool) {
    guard let index = members.firstIndex(where: { $0.name.isExactly(keyword.rawValue) }) else {
      members.append(.init(keyword.rawValue, .number(digits)))
      return
    }
    guard case .number(let own) = members[index].value else { return }
    members[index].value = .number(SchemaMerger.stricter(own, digits, isUpper: isUpper) ?? digits)
  }
}
