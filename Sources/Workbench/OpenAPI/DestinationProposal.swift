package import Core
package import Records
import Schema

/// Proposes a destination for an API that an OpenAPI document describes: for each kind of record that can be created, the requests,
/// the schema and a mapping.
///
/// The records come from a sample, which goes to the resource that fits it best, or from the entities of GHL, each of which goes to
/// the resource that is called like it. What the document does not say is a guess with a reason, or stays open: nothing is invented.
package struct DestinationProposal {
  package struct Options: Sendable {
    /// The OpenAPI document.
    package var path: String
    /// The first line of mappings.
    package var header: String?
    package var sample: Sample?
    package var shipped: [ShippedMapping] = []

    package init(path: String) { self.path = path }
  }

  /// Records that go to one of the resources.
  package struct Sample: Sendable {
    package var path: String
    /// The mapping's name, if the resource's does not fit.
    package var name: String
    package var format: SourceFormat?
    package var reading: FileReading
    package var isCSV: Bool
    package var profile: SampleProfile

    package init(
      path: String, name: String, format: SourceFormat?, reading: FileReading, isCSV: Bool, profile: SampleProfile
    ) {
      self.path = path
      self.name = name
      self.format = format
      self.reading = reading
      self.isCSV = isCSV
      self.profile = profile
    }
  }

  package struct Mapping: Sendable {
    package var name: String
    /// Inside the project.
    package var path: String
    /// What the source calls its records.
    package var entity: String
    /// Nil: it is a shipped mapping, which fits.
    package var proposal: MappingProposal.Result?
    /// The member of the target that is its key; nil: none was found.
    package var key: String?
    /// `create`, `update`, …
    package var abilities: [String]
    /// What a person must look at.
    package var remarks: [String]
  }

  package struct Result: Sendable {
    /// The pipeline's and the destination's name.
    package var name: String
    /// The document's own name for the API.
    package var title: String
    package var version: String
    package var address: String
    package var mappings: [Mapping]
    /// The block below `destinations:`, indented by two spaces.
    package var destination: String
    /// Inside the project.
    package var files: [(path: String, text: String)]
    package var variables: [(name: String, meaning: String)]
    /// What creates something and is left out, with the reason.
    package var omissions: [(what: String, reason: String)]
    package var warnings: [Diagnostic]
    package var source: SourceFile?

    /// Whether comments in the destination say what was assumed.
    package var hasReviews: Bool { destination.contains("# review: ") }
  }

  private let options: Options
  private let document: APIDocument

  /// - Throws: `OpenAPIFile.Fault`, `OperationFailure`.
  package static func run(_ options: Options) throws -> Result { try DestinationProposal(options).result() }

  private init(_ options: Options) throws {
    self.options = options
    document = try APIDocument(path: options.path)
  }

  private func fault(at pointer: String, _ message: String, hint: String?) -> OpenAPIFile.Fault {
    OpenAPIFile.Fault(
      diagnostics: document.warnings + [Diagnostic(.error, .schemaUnsupported, at: document.place(pointer), message, hint: hint)],
      sources: [document.file.source].compactMap(\.self))
  }

  // MARK: Resources

  /// A resource, where its records come from, and why that is a guess.
  private struct Choice {
    var resource: APIResource
    var entity: EntityChoice?
  }

  private func result() throws -> Result {
    let finder = ResourceFinder(document)
    guard !finder.isEmpty else {
      let has = document.root["webhooks"] == nil ? "" : "; its webhooks are calls that the API makes"
      throw fault(at: "/paths", "the document has no operations\(has)", hint: "a destination needs a path with a POST")
    }
    guard !finder.resources.isEmpty else {
      let why = finder.omissions.prefix(6).map { "\($0.operation): \($0.reason)" }.joined(separator: "; ")
      throw fault(
        at: "/paths", "nothing in the document can be created with a JSON body",
        hint: why.isEmpty ? "a destination needs a path with a POST" : why)
    }
    var omissions = finder.omissions.map { (what: $0.operation, reason: $0.reason) }
    let choices = try choices(finder.resources, &omissions)
    return try assemble(choices, &omissions)
  }

  private func choices(_ resources: [APIResource], _ omissions: inout [(what: String, reason: String)]) throws -> [Choice] {
    func omit(_ resource: APIResource, _ reason: String) {
      omissions.append(("\(resource.create.method) \(resource.create.path.text)", reason))
    }
    if let sample = options.sample {
      let best = fitting(resources, sample)
      guard let best else {
        throw fault(
          at: "/paths", "no resource of the document has fields like those of the sample \(sample.path)",
          hint: "it has: \(resources.prefix(12).map(\.name).joined(separator: ", "))")
      }
      for (index, resource) in resources.enumerated() where index != best {
        omit(resource, "the sample goes to \(resources[best].name)")
      }
      return [Choice(resource: resources[best])]
    }
    let (chosen, left) = EntityChoice.choose(resources)
    guard !chosen.isEmpty else {
      throw fault(
        at: "/paths",
        "none of the document's resources resembles a GHL entity: \(resources.prefix(12).map(\.name).joined(separator: ", "))",
        hint: "pass \(CommandOption.sample) FILE with records for one of them")
    }
    for (index, reason) in left { omit(resources[index], reason) }
    // Parents come first.
    let order = chosen.keys.sorted { one, other in
      let ranks = [one, other].map { EntityChoice.entities.firstIndex(of: chosen[$0]?.entity ?? "") ?? 0 }
      return (ranks[0], one) < (ranks[1], other)
    }
    return order.map { Choice(resource: resources[$0], entity: chosen[$0]) }
  }

  /// The resource that is called like the sample, or else the one that has most of its fields.
  private func fitting(_ resources: [APIResource], _ sample: Sample) -> Int? {
    let words = ResourceWords.words(sample.name)
    if let named = resources.firstIndex(where: { $0.noun == words }) { return named }
    let fields = sample.profile.usable.map { NameWords($0.path) }
    let counts = resources.map { resource in
      resource.record.writable.count { member in
        let target = NameWords([member.name])
        return fields.contains { NameMatch.match(target: target, source: $0, entity: resource.singular.lowercased()) != nil }
      }
    }
    if let last = words.last, let named = resources.firstIndex(where: { $0.noun.last == last }), counts[named] > 0 {
      return named
    }
    guard let most = counts.max(), most > 0 else { return nil }
    return counts.firstIndex(of: most)
  }

  // MARK: The parts

  private func assemble(_ choices: [Choice], _ omissions: inout [(what: String, reason: String)]) throws -> Result {
    let title = document.root["info"]?.text("title") ?? ""
    let name = Self.name(title)
    let prefix = name.uppercased().replacing("-", with: "_")
    let servers = choices.map { APIServer($0.resource.create.servers, document, prefix: prefix) }
    guard let server = servers.first else { throw fault(at: "/paths", "nothing can be created", hint: nil) }
    var kept: [Choice] = []
    for (choice, own) in zip(choices, servers) {
      if own.address == server.address {
        kept.append(choice)
      } else {
        omissions.append(
          (
            "\(choice.resource.create.method) \(choice.resource.create.path.text)",
            "it is served at another address, \(own.address)"
          ))
      }
    }
    let keys = kept.map { ResourceKey($0.resource, document) }
    let refusals = APIRefusals(kept.map(\.resource), document)
    var text = DestinationText(name: name, server: server)
    let access = APIAccess(kept.map(\.resource.create), document, prefix: prefix)
    text.add(access)
    var requests = APIRequests(parents: [], prefix: prefix)
    text.addHeaders(kept.map(\.resource), &requests)
    text.add(refusals)
    var result = Result(
      name: name, title: title.isEmpty ? name : title, version: document.version, address: server.address, mappings: [],
      destination: "",
      files: [], variables: server.variables.map { ($0, "the address of the API") } + access.variables + requests.variables,
      omissions: [], warnings: [], source: document.file.source)
    var faults: [Diagnostic] = []
    for (choice, key) in zip(kept, keys) {
      let parents = parents(of: choice, among: Array(zip(kept, keys)))
      let mapping = ResourceMapping(
        resource: choice.resource, key: key, parents: parents.map { ($0.parent.field, $0.pair, $0.isAdded) })
      do {
        try add(mapping, choice, prefix, parents.map(\.parent), &text, &result)
      } catch let fault as OpenAPIFile.Fault {
        faults += fault.diagnostics
        omissions.append(
          ("\(choice.resource.create.method) \(choice.resource.create.path.text)", "its schema cannot be used"))
      }
    }
    guard !result.mappings.isEmpty else {
      throw OpenAPIFile.Fault(diagnostics: faults, sources: [document.file.source].compactMap(\.self))
    }
    text.add(omissions)
    result.destination = text.text
    result.omissions = omissions
    result.warnings = document.warnings + faults.map { Diagnostic(.warning, $0.code, at: $0.place, $0.message, hint: $0.hint) }
    return result
  }

  /// `Your App` gives `your-app`.
  private static func name(_ title: String) -> String {
    let words = title.split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.map { $0.lowercased() }
    let name = words.filter { !["api", "rest", "openapi", "the"].contains($0) }.prefix(4).joined(separator: "-")
    guard let first = name.first else { return "app" }
    return first.isNumber || name == "staged" ? "api-\(name)" : String(name.prefix(40))
  }

  private typealias Parent = (parent: APIRequests.Parent, pair: MappingProposal.KnownPair?, isAdded: Bool)

  /// The mappings whose records' IDs are in the path of a resource, and the fields with their keys.
  private func parents(of choice: Choice, among all: [(Choice, ResourceKey)]) -> [Parent] {
    let resource = choice.resource
    return resource.parents.compactMap { segment in
      let found = all.first { other, _ in
        other.resource.name != resource.name && ResourceFinder.isSame(other.resource.create.path.form, segment.form)
      }
      guard let (parent, key) = found else { return nil }
      let noun = segment.noun
      let names = [noun.joined() + "Id", (noun.last ?? "") + "Id", segment.parameter, "parentId"].filter {
        $0.lowercased() != "id"
      }
      let member = resource.record.first(of: names)
      let isSnake = resource.record.members.contains { $0.name.contains("_") }
      let field = member?.name ?? (isSnake ? "\(noun.joined(separator: "_"))_id" : parent.resource.singular + "Id")
      var pair: MappingProposal.KnownPair?
      if let own = choice.entity?.entity, let entity = parent.entity?.entity {
        let source = entity + "Id"
        let isKnown = DeclaredSample.names[own]?.contains(source) == true
        let isByID = key.chosen.map(ResourceMapping.isFilledFromKey) ?? false
        let reason =
          isByID
          ? "it is the key of \(parent.resource.name)" : "it must be the key of \(parent.resource.name), which is not GHL's ID"
        if isKnown { pair = .init(target: [field], source: [source], reason: reason) }
      }
      return (APIRequests.Parent(form: segment.form, mapping: parent.resource.name, field: field), pair, member == nil)
    }
  }

  private func add(
    _ mapping: ResourceMapping, _ choice: Choice, _ prefix: String, _ parents: [APIRequests.Parent],
    _ text: inout DestinationText, _ result: inout Result
  ) throws {
    let resource = mapping.resource
    let key = mapping.key.chosen?.name
    let existing = APIRefusals([resource], document).existing
    let block = ResourceText(
      resource, key: key, requests: APIRequests(parents: parents, prefix: prefix), existing: existing, document)
    let (schema, _) = try mapping.schema(document)
    var made = Mapping(
      name: resource.name, path: "mappings/\(resource.name).yaml", entity: choice.entity?.entity ?? "", key: key,
      abilities: block.abilities, remarks: block.remarks)
    if let entity = choice.entity, let shipped = try mapping.shipped(options.shipped, entity.entity, schema: schema),
      shipped.name == resource.name
    {
      result.files.append((made.path, shipped.text))
      result.files.append(("mappings/" + shipped.schemaPath, schema.prettyText))
      for file in shipped.files where !result.files.contains(where: { $0.path == "mappings/" + file.path }) {
        result.files.append(("mappings/" + file.path, file.text))
      }
    } else {
      let proposal = try propose(mapping, choice, schema)
      made.proposal = proposal
      made.entity = proposal.entity
      result.files.append((made.path, proposal.mapping))
      result.files += proposal.files.map { ("mappings/" + $0.path, $0.text) }
    }
    result.mappings.append(made)
    for variable in block.variables where !result.variables.contains(where: { $0.name == variable.name }) {
      result.variables.append(variable)
    }
    text.add(resource.name, block)
  }

  private func propose(_ mapping: ResourceMapping, _ choice: Choice, _ schema: JSONValue) throws -> MappingProposal.Result {
    let path = "schemas/\(mapping.resource.name).schema.json"
    let name = options.path.split(separator: "/").last.map(String.init) ?? options.path
    guard let sample = options.sample else {
      guard let entity = choice.entity else { throw OperationFailure(.wrongFile, "nothing says where the records come from") }
      var options = mapping.options(schema: schema.prettyText, path: path, sampleName: name, header: options.header)
      // GHL's own IDs do not repeat; other fields may.
      options.rejectsRepeatedKeys = !options.fillsKeyFromSource
      return try MappingProposal(options, entity: entity.entity, review: entity.review).run()
    }
    let sampleName = sample.path.split(separator: "/").last.map(String.init) ?? sample.path
    var options = mapping.options(schema: schema.prettyText, path: path, sampleName: sampleName, header: options.header)
    (options.input, options.inputFormat, options.inputReading) = (sample.path, sample.format, sample.reading)
    options.isCSV = sample.isCSV
    options.rejectsRepeatedKeys = true
    return try MappingProposal(options, sample: sample.profile).run()
  }
}
