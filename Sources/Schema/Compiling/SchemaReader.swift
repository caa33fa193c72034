import Core
import Values

/// Reads every schema that the root refers to into a `SchemaProgram`, and its static part into `RawSchema`s; collects their
/// errors.
///
/// Works through a queue instead of recursion, so the depth of a file costs no stack; a schema is read once, whichever
/// way it is reached.
struct SchemaReader {
  var library: SchemaLibrary
  private(set) var raws: [RawSchema] = []
  private(set) var nodes: [SchemaProgram.Node] = []
  private(set) var checks: [SchemaProgram.Check] = []
  var tables = SchemaProgram.Tables()

  private(set) var addresses: [SchemaAddress] = []
  private var resources: [Int] = []
  /// What each is read with: members that the schemas around it declare.
  private var oneWays: [OneWayMembers] = []
  private var indices: [Key: Int] = [:]
  /// How often each schema is read, and its number the first time. OpenAPI before 3.1 only: any other is read once.
  private var variants: [SchemaAddress: (count: Int, first: Int)] = [:]
  /// The number of schemas that one schema may become, so that their number does not double with each that refers to another.
  static let mostVariants = 256
  private var unread: [Int] = []
  /// The anchors that dynamic references ask for, in the order of `tables.dynamics`.
  private var dynamicNames: [String] = []
  private var patterns: [Name: Int] = [:]

  init(library: SchemaLibrary) { self.library = library }

  private struct Key: Hashable {
    var address: SchemaAddress
    var oneWay: OneWayMembers
  }

  /// The place of a schema that is being read.
  struct Site {
    let document: SchemaDocument
    let address: SchemaAddress
    let resource: Int
    let dialect: Dialect
    /// Declared by it, or by the schemas around it that apply to the same value. OpenAPI before 3.1 only.
    var oneWay = OneWayMembers.none

    /// The node of a keyword's value.
    func child(_ keyword: Keyword) -> Int? {
      dialect.openAPI?.has(keyword) ?? true ? document.child(address.node, keyword.rawValue) : nil
    }
    func address(_ node: Int) -> SchemaAddress { SchemaAddress(document: address.document, node: node) }
  }

  /// One schema while it is read.
  struct Parts {
    var raw = RawSchema()
    var checks: [SchemaProgram.Check] = []
    var tracks = false

    mutating func add(_ rule: SchemaProgram.Rule, _ keyword: Keyword) { checks.append(.init(rule: rule, keyword: keyword)) }

    /// A keyword that the static part cannot hold.
    mutating func addRest(_ rule: SchemaProgram.Rule, _ keyword: Keyword) {
      add(rule, keyword)
      raw.hasRest = true
    }
  }

  /// Reads the schema at `address`, which becomes number 0, and all that it leads to.
  mutating func readAll(from address: SchemaAddress, resource: Int) {
    _ = schema(at: address, resource: resource)
    drain()
    followDynamics()
    findCircles()
  }

  /// The number of the schema at an address, to be read if it has not been.
  /// - Parameter around: members that the schemas around it declare, which apply to the same value.
  mutating func schema(at address: SchemaAddress, resource: Int, around: OneWayMembers = .none) -> Int {
    let key = Key(address: address, oneWay: library.oneWayMembers(around: around, of: address, resource))
    if let index = indices[key] { return index }
    let index = nodes.count
    if let known = variants[address], known.count >= Self.mostVariants {
      reportVariants(address)
      return known.first
    }
    variants[address, default: (0, index)].count += 1
    let own = library.owner(document: address.document, node: address.node) ?? resource
    let root = library.resources[own].document == address.document ? library.resources[own].root : 0
    let pointer = library.documents[address.document].pointer(address.node, from: root)
    let location = "\(library.resources[own].label)#\(pointer)"
    nodes.append(.init(location: location, resource: Int32(own), checks: 0..<0, tracks: false, isFalse: false))
    raws.append(RawSchema())
    addresses.append(address)
    resources.append(own)
    oneWays.append(key.oneWay)
    indices[key] = index
    unread.append(index)
    return index
  }

  /// A subschema in the same document.
  mutating func schema(_ node: Int, in site: Site) -> Int {
    schema(at: site.address(node), resource: site.resource, around: site.oneWay.ofOtherValues)
  }

  /// The subschema in `not`.
  mutating func negation(_ node: Int, of site: Site) -> Int {
    let isNegation = site.dialect.isTranslated
    return schema(at: site.address(node), resource: site.resource, around: isNegation ? site.oneWay.negated : .none)
  }

  /// A subschema that applies to the same value.
  mutating func part(_ node: Int, of site: Site) -> Int {
    schema(at: site.address(node), resource: site.resource, around: site.oneWay)
  }

  private mutating func reportVariants(_ address: SchemaAddress) {
    report(
      .schemaUnsupported, at: library.documents[address.document].valuePlace(address.node),
      "the schemas that refer to this one combine read-only and write-only members in more than \(Self.mostVariants) ways",
      hint: "remove the names of read-only and write-only members from 'required'")
  }

  mutating func report(_ code: DiagnosticCode, at place: SourcePlace, _ message: String, hint: String? = nil) {
    library.report(code, at: place, message, hint: hint)
  }

  mutating func warn(_ code: DiagnosticCode, at place: SourcePlace, _ message: String, hint: String? = nil) {
    library.warn(code, at: place, message, hint: hint)
  }

  /// The number of a pattern, compiled once however often it is named. One that is beyond this implementation is reported, and
  /// undecided: no text is known to match it, or known not to.
  /// - Parameter place: where the schema states it.
  mutating func pattern(_ text: String, at place: SourcePlace) throws(PatternError) -> Int {
    do throws(PatternError) {
      return try pattern(text)
    } catch {
      guard error.isLimit else { throw error }
      library.remark(
        .warning, .schemaUnsupported, at: place, "Waybill cannot evaluate this pattern: \(error)",
        hint: "records in which it would have to be matched are rejected as \(ProblemCode.patternLimit.slug)")
      tables.patterns.append(.undecided(text))
      patterns[Name(text)] = tables.patterns.count - 1
      return tables.patterns.count - 1
    }
  }

  /// The same for a pattern that is known to be sound, or refused as well if it is beyond this implementation.
  mutating func pattern(_ text: String) throws(PatternError) -> Int {
    if let known = patterns[Name(text)] { return known }
    tables.patterns.append(try Pattern(text))
    patterns[Name(text)] = tables.patterns.count - 1
    return tables.patterns.count - 1
  }

  private mutating func drain() {
    while let index = unread.popLast() { read(index) }
  }

  private mutating func read(_ index: Int) {
    let address = addresses[index]
    let document = library.documents[address.document]
    let resource = resources[index]
    var parts = Parts()
    parts.raw.node.location = nodes[index].location
    switch document.value(address.node) {
    case .bool(let admits):
      if library.resources[resource].dialect.isTranslated, document.nodes[address.node].token != "additionalProperties" {
        report(
          .schemaSyntax, at: document.valuePlace(address.node),
          "a schema must be an object in \(library.resources[resource].dialect.name)", hint: "for any value, write {}")
      }
      parts.raw.node.isFalse = !admits
      parts.raw.isAsserting = !admits
      nodes[index].isFalse = !admits
    case .object:
      var site = Site(
        document: document, address: address, resource: resource, dialect: library.resources[resource].dialect)
      site.oneWay = library.oneWayMembers(in: address, resource, around: oneWays[index])
      readKeywords(site, into: &parts)
    default:
      report(.schemaSyntax, at: document.valuePlace(address.node), "a schema must be an object, true or false")
    }
    let start = Int32(checks.count)
    checks += parts.checks
    nodes[index].checks = start..<Int32(checks.count)
    nodes[index].tracks = parts.tracks
    raws[index] = parts.raw
  }

  private mutating func readKeywords(_ site: Site, into parts: inout Parts) {
    if let version = site.dialect.openAPI, version.isTranslated { return readTranslated(site, version, into: &parts) }
    // In draft-07 (core, section 8.3), siblings of `$ref` are ignored.
    if site.dialect.draft == .draft7, let node = site.child(.reference) {
      readReference(.reference, site.document.value(node), node, site, &parts)
      if let node = site.child(.olderDefinitions) { _ = subschemas(.olderDefinitions, node, site) }
      return
    }
    var last: [(Keyword, Int)] = []
    for child in site.document.nodes[site.address.node].children {
      let name = site.document.nodes[child].token
      guard let keyword = Keyword.named(name, in: site.dialect) else {
        readOther(name, child, site)
        continue
      }
      if keyword == .unevaluatedItems || keyword == .unevaluatedProperties {
        last.append((keyword, child))
      } else {
        let value = site.document.value(child)
        if !readAssertion(keyword, value, child, site, &parts), !readApplicator(keyword, value, child, site, &parts) {
          readIdentity(keyword, value, child, site, &parts)
        }
      }
    }
    // They depend on what all the others have evaluated.
    for (keyword, child) in last {
      let index = schema(child, in: site)
      parts.addRest(keyword == .unevaluatedItems ? .unevaluatedItems(index) : .unevaluatedProperties(index), keyword)
      parts.tracks = true
      parts.raw.isAsserting = true
    }
  }

  // MARK: Dynamic references

  mutating func addDynamic(_ name: String, initial: Int) -> Int {
    tables.dynamics.append(.init(initial: initial))
    dynamicNames.append(name)
    return tables.dynamics.count - 1
  }

  /// Finds the schemas that a dynamic reference can lead to: the anchors of that name in all resources. Reading them can
  /// bring in further resources.
  private mutating func followDynamics() {
    var known = (resources: -1, names: -1)
    while known.resources < library.resources.count || known.names < dynamicNames.count {
      known = (library.resources.count, dynamicNames.count)
      for (number, name) in dynamicNames.enumerated() {
        for resource in library.resources.indices {
          guard let node = library.resources[resource].dynamicAnchor(name) else { continue }
          let address = SchemaAddress(document: library.resources[resource].document, node: node)
          tables.dynamics[number].byResource[Int32(resource)] = schema(at: address, resource: resource)
        }
      }
      drain()
    }
  }

  // MARK: Cycles

  /// A schema that refers back to itself without a step into the instance is meaningless.
  private mutating func findCircles() {
    enum Colour { case white, grey, black }
    var colours = Array(repeating: Colour.white, count: nodes.count)
    for start in nodes.indices where colours[start] == .white {
      var path: [(node: Int, next: [Int])] = [(start, inPlace(start))]
      colours[start] = .grey
      while let top = path.last {
        guard let next = path[path.count - 1].next.popLast() else {
          colours[top.node] = .black
          path.removeLast()
          continue
        }
        switch colours[next] {
        case .white:
          colours[next] = .grey
          path.append((next, inPlace(next)))
        case .grey: reportCircle(next)
        case .black: break
        }
      }
    }
  }

  /// The schemas that a schema applies to its own value.
  private func inPlace(_ node: Int) -> [Int] {
    var found: [Int] = []
    for index in nodes[node].checks {
      switch checks[Int(index)].rule {
      case .reference(let target), .negation(let target): found.append(target)
      case .allOf(let list), .anyOf(let list), .oneOf(let list): found += tables.lists[list]
      case .conditional(let number):
        let condition = tables.conditions[number]
        found += [condition.condition] + [condition.then, condition.otherwise].compactMap { $0 }
      case .dependentSchemas(let number): found += tables.dependencies[number].compactMap(\.schema)
      default: break
      }
    }
    return found
  }

  /// The members that schemas applied to the same value declare, but for those that always apply: they may stand there, and nothing
  /// certain is known of them.
  func branchNames(of index: Int) -> [String] {
    guard raws[index].hasRest else { return [] }
    var names: [String] = []
    var known: Set<Name> = []
    var seen: Set<Int> = Set([index]).union(raws[index].references)
    var open = inPlace(index) + dynamicTargets(of: index)
    while let next = open.popLast() {
      guard seen.insert(next).inserted else { continue }
      open += inPlace(next) + dynamicTargets(of: next)
      for property in raws[next].node.properties where known.insert(Name(property.name)).inserted {
        names.append(property.name)
      }
    }
    return names
  }

  private func dynamicTargets(of index: Int) -> [Int] {
    nodes[index].checks.compactMap { check in
      if case .dynamicReference(let number) = checks[Int(check)].rule { tables.dynamics[number].initial } else { nil as Int? }
    }
  }

  private mutating func reportCircle(_ index: Int) {
    let document = library.documents[addresses[index].document]
    if let child = document.child(addresses[index].node, "$ref") {
      report(.schemaSyntax, at: document.valuePlace(child), "'$ref' refers to its own schema")
    } else {
      report(
        .schemaSyntax, at: document.namePlace(addresses[index].node),
        "this schema refers to itself without a step into the value")
    }
  }
}
