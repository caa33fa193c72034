import Core
import Files
import Foundation
import Records

/// All documents that a schema leads to, and the resources in them by address. Reads local files only: addresses are
/// mapped to folders by the options' roots, and relative references of a file resolve to files beside it.
struct SchemaLibrary {
  let options: SchemaOptions
  private(set) var documents: [SchemaDocument] = []
  var resources: [SchemaResource] = []
  var diagnostics: [Diagnostic] = []
  private(set) var remarks = RepeatedRemarks()
  private(set) var sources: [SourceFile] = []
  /// Per document and node the resource that it belongs to; -1 if no schema has been seen.
  private var owners: [[Int32]] = []
  private var byURI: [Name: Int] = [:]
  private var dialects: [Name: Dialect] = [:]
  /// The number of the user's own document, and where it was found.
  private(set) var mainDocument = 0
  private var mainURI = ""
  /// The folder of the user's own file, by the folder's address according to its `$id`.
  private var neighbours: SchemaOptions.Root?
  /// Addresses that were not found.
  private var missing: [Name: String] = [:]
  /// Entries of `missing` whose path exists but is neither a regular file nor a folder.
  var notRegular: Set<Name> = []

  /// Results of `oneWayMembers(of:_:)`.
  var oneWay: [SchemaAddress: OneWayMembers] = [:]
  /// Results of `requiredNames(in:_:)`.
  var requiredNames: [SchemaAddress: Set<Name>] = [:]

  private let allowed: FileBoundary

  init(options: SchemaOptions) {
    self.options = options
    allowed = (options.boundary ?? FileBoundary([])).adding(options.roots.map(\.folder))
  }

  mutating func report(_ code: DiagnosticCode, at place: SourcePlace, _ message: String, hint: String? = nil) {
    diagnostics.append(Diagnostic(.error, code, at: place, message, hint: hint))
  }

  mutating func warn(_ code: DiagnosticCode, at place: SourcePlace, _ message: String, hint: String? = nil) {
    diagnostics.append(Diagnostic(.warning, code, at: place, message, hint: hint))
  }

  /// Reports something of which a document may have hundreds, once for all of its places.
  mutating func remark(
    _ severity: Severity, _ code: DiagnosticCode, at place: SourcePlace, _ message: String, hint: String? = nil
  ) {
    remarks.add(Diagnostic(severity, code, at: place, message, hint: hint))
  }

  // MARK: Documents

  mutating func add(source: SourceFile) { sources.append(source) }

  /// Takes in the document that the user named.
  mutating func addMain(_ document: SchemaDocument, uri: String, fallback: Dialect) -> Int {
    mainURI = uri
    let resource = add(document, uri: uri, label: "", fallback: fallback)
    mainDocument = resources[resource].document
    neighbours = FilePlace.neighbours(of: uri, named: resources[resource].uri)
    return resource
  }

  /// Takes a document in; `uri` is where it was found.
  private mutating func add(_ document: SchemaDocument, uri: String, label: String, fallback: Dialect) -> Int {
    let openAPI = OpenAPIDocument(document)
    let fallback = openAPI?.dialect(&self, fallback: fallback) ?? fallback
    let number = documents.count
    documents.append(document)
    owners.append(Array(repeating: -1, count: document.nodes.count))
    let base = SchemaResource(uri: uri, document: number, root: 0, dialect: fallback, label: label)
    resources.append(base)
    let resource = resources.count - 1
    byURI[Name(uri)] = resource
    if let openAPI {
      for schema in openAPI.namedSchemas { scan(document: number, node: schema, resource: resource) }
    } else {
      scan(document: number, node: 0, resource: resource, isRoot: true)
    }
    return resource
  }

  func document(of resource: Int) -> SchemaDocument { documents[resources[resource].document] }

  func owner(document: Int, node: Int) -> Int? {
    let owner = owners[document][node]
    return owner >= 0 ? Int(owner) : nil
  }

  mutating func setOwner(_ resource: Int, document: Int, node: Int) { owners[document][node] = Int32(resource) }

  mutating func register(_ uri: String, _ resource: Int) -> Bool {
    if let other = byURI[Name(uri)], other != resource { return false }
    byURI[Name(uri)] = resource
    return true
  }

  // MARK: Finding

  /// The resource at an absolute address; loads its document if possible. Nil: there is none, and `reason` says why.
  mutating func resource(at uri: String, from place: SourcePlace, dialect: Dialect, reason: inout String?) -> Int? {
    if let known = byURI[Name(uri)] { return known }
    if let text = Metaschemas.text(of: uri) {
      // Ours, and known to be well formed.
      guard case .success(let document) = SchemaDocument.read(file: uri, text: text) else { return nil }
      _ = add(document, uri: uri, label: uri, fallback: .draft2020)
      return byURI[Name(uri)]
    }
    if let known = missing[Name(uri)] {
      reason = known
      return nil
    }
    guard let path = path(of: uri) else {
      missing[Name(uri)] = "its address is not in a known folder"
      reason = missing[Name(uri)]
      return nil
    }
    // Checked first: whether a file outside exists must not be revealed.
    if let refusal = allowed.refusal(of: path) {
      missing[uri] = "the file \(refusal)"
      if refusal == .notRegular { notRegular.insert(uri) }
      reason = missing[uri]
      return nil
    }
    switch SmallText.bytes(of: path, as: "the file '\(path)'") {
    case .success(let bytes):
      if let resource = load(bytes, path: path, uri: uri, dialect: dialect) { return resource }
      missing[Name(uri)] = "there is no usable file '\(path)'"
    case .failure(.content(let sentence)): missing[Name(uri)] = sentence
    case .failure(.file(.tooLarge)): missing[Name(uri)] = "the file '\(path)' \(SmallFile.Failure.tooLarge)"
    case .failure: missing[Name(uri)] = "there is no usable file '\(path)'"
    }
    reason = missing[Name(uri)]
    return nil
  }

  /// The file that an address leads to: the root with the longest prefix that has it, the folder of the user's own file, or a
  /// `file:` address.
  private func path(of uri: String) -> String? {
    let roots = options.roots.sorted { $0.prefix.utf8.count > $1.prefix.utf8.count }
    for root in roots + (neighbours.map { [$0] } ?? []) {
      var prefix = root.prefix
      while prefix.hasSuffix("/") { prefix.removeLast() }
      guard uri.isExactly(prefix) || uri.hasPrefix(exactly: prefix + "/") else { continue }
      let rest = URIReference(String(uri.dropFirst(prefix.count))).path
      guard let relative = URIReference.percentDecoded(rest), !relative.split(exactly: "/").contains("..") else { continue }
      let base = root.folder.hasSuffix("/") ? String(root.folder.dropLast()) : root.folder
      for suffix in ["", ".json", ".yaml", ".yml"] {
        let path = base + relative + suffix
        if Self.isFile(path) { return path }
      }
    }
    guard uri.hasPrefix("file:///"), let path = URIReference.percentDecoded(URIReference(uri).path) else { return nil }
    return path
  }

  /// A pipe or a device is not read: it might never end.
  private static func isFile(_ path: String) -> Bool { FileKind.of(path) == .regular }

  private mutating func load(_ bytes: [UInt8], path: String, uri: String, dialect: Dialect) -> Int? {
    guard let document = read(file: path, bytes: bytes) else { return nil }
    let label = uri.hasPrefix("file:") ? FilePlace.name(of: uri, beside: mainURI) : uri
    return add(document, uri: uri, label: label, fallback: dialect)
  }

  // MARK: Dialects

  /// The name of a draft before draft-07.
  private static func olderDraft(_ uri: String) -> String? {
    let names = ["draft-03", "draft-04", "draft-05", "draft-06"]
    return names.first { uri.hasSuffix("://json-schema.org/\($0)/schema") }
  }

  /// The dialect that `$schema` names. A user-defined metaschema is located like any document; its `$vocabulary` determines
  /// which keywords count. What cannot be read is reported, once per address.
  mutating func dialect(named uri: String, at place: SourcePlace, fallback: Dialect) -> Dialect {
    if let known = Dialect.named(uri) { return known }
    let address = uri.hasSuffix("#") ? String(uri.dropLast()) : uri
    if let known = dialects[Name(address)] { return known }
    // A metaschema that is written for itself ends here.
    dialects[Name(address)] = fallback
    if let older = Self.olderDraft(address) {
      report(
        .schemaUnsupported, at: place, "the schema is written for \(older), which is not supported",
        hint: "convert it to draft-07 or later; 2020-12 is \"\(Draft.draft2020.metaschema)\"")
      return fallback
    }
    var reason: String?
    guard let resource = resource(at: address, from: place, dialect: fallback, reason: &reason) else {
      report(
        .schemaUnsupported, at: place,
        "the schema is written for '\(uri)', which is unknown: \(reason ?? "it cannot be read")",
        hint: Dialect.similar(to: address).map { "did you mean '\($0)'?" }
          ?? "2020-12, 2019-09 and draft-07 are built in; for a metaschema of your own, pass \(CommandOption.schemaRoot) URI=DIR")
      return fallback
    }
    let document = document(of: resource)
    let root = resources[resource].root
    var dialect = resources[resource].dialect
    dialect.isCustom = true
    dialect.uri = address
    if let node = document.child(root, "$vocabulary"), case .object(let members) = document.value(node) {
      dialect.vocabularies = dialect.draft == .draft7 ? .usual : [.core]
      for member in members {
        if let known = Vocabularies(uri: member.name) {
          dialect.vocabularies.formUnion(known)
        } else if member.value.boolValue == true {
          report(
            .schemaUnsupported, at: place,
            "the schema's metaschema requires the vocabulary '\(member.name)', which is unknown")
        }
      }
    }
    dialects[Name(address)] = dialect
    return dialect
  }
}
