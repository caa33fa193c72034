/// A draft of JSON Schema that is read here. Later drafts compare greater.
enum Draft: UInt8, Sendable, Hashable, Comparable {
  case draft7, draft2019, draft2020

  static func < (left: Draft, right: Draft) -> Bool { left.rawValue < right.rawValue }

  /// The address of its metaschema, without a fragment.
  var metaschema: String {
    switch self {
    case .draft7: "http://json-schema.org/draft-07/schema"
    case .draft2019: "https://json-schema.org/draft/2019-09/schema"
    case .draft2020: "https://json-schema.org/draft/2020-12/schema"
    }
  }

  /// By its name in messages, also as `draft2020-12`, `draft7` and the like.
  init?(name: String) {
    var name = name.lowercased()[...]
    if name.hasPrefix("draft") { name = name.dropFirst(5).drop { $0 == "-" || $0 == "0" } }
    switch name {
    case "7", "07": self = .draft7
    case "2019-09": self = .draft2019
    case "2020-12": self = .draft2020
    default: return nil
    }
  }

  /// Its name in messages.
  var name: String {
    switch self {
    case .draft7: "draft-07"
    case .draft2019: "2019-09"
    case .draft2020: "2020-12"
    }
  }
}

/// The vocabularies of 2019-09 and 2020-12 (core, section 8.1.2); draft-07 has all of them by itself.
struct Vocabularies: OptionSet, Sendable, Hashable {
  let rawValue: UInt16
  static let core = Vocabularies(rawValue: 1)
  static let applicator = Vocabularies(rawValue: 2)
  static let unevaluated = Vocabularies(rawValue: 4)
  static let validation = Vocabularies(rawValue: 8)
  static let metadata = Vocabularies(rawValue: 16)
  static let formatAnnotation = Vocabularies(rawValue: 32)
  static let formatAssertion = Vocabularies(rawValue: 64)
  static let content = Vocabularies(rawValue: 128)
  /// OpenAPI's base vocabulary: annotations only.
  static let openAPI = Vocabularies(rawValue: 256)

  static let usual: Vocabularies = [
    .core, .applicator, .unevaluated, .validation, .metadata, .formatAnnotation, .content, .openAPI,
  ]

  /// Nil for the address of an unknown vocabulary.
  init?(uri: String) {
    let prefixes = ["https://json-schema.org/draft/2020-12/vocab/", "https://json-schema.org/draft/2019-09/vocab/"]
    if uri == "https://spec.openapis.org/oas/3.1/vocab/base" {
      self = .openAPI
      return
    }
    guard let index = prefixes.firstIndex(where: { uri.hasPrefix($0) }) else { return nil }
    switch (index, uri.dropFirst(prefixes[index].count)) {
    case (_, "core"): self = .core
    // 2019-09 has no separate vocabulary for the `unevaluated` keywords.
    case (0, "applicator"): self = .applicator
    case (1, "applicator"): self = [.applicator, .unevaluated]
    case (0, "unevaluated"): self = .unevaluated
    case (_, "validation"): self = .validation
    case (_, "meta-data"): self = .metadata
    case (0, "format-annotation"), (1, "format"): self = .formatAnnotation
    case (0, "format-assertion"): self = .formatAssertion
    case (_, "content"): self = .content
    default: return nil
    }
  }

  init(rawValue: UInt16) { self.rawValue = rawValue }
}

/// What the keywords of a schema mean: a draft, and the vocabularies that its metaschema names.
struct Dialect: Sendable, Hashable {
  var draft: Draft
  var vocabularies: Vocabularies = .usual
  /// The metaschema's address.
  var uri: String
  /// A metaschema that is not one of the specification's: schemas are checked against it.
  var isCustom = false
  /// The version of the OpenAPI document that the schema is in.
  var openAPI: OpenAPIVersion?

  init(_ draft: Draft) {
    self.draft = draft
    uri = draft.metaschema
  }

  /// Schema objects of an OpenAPI document. Swagger 2.0 takes `items` from draft-04, where it may be a list of schemas.
  init(_ version: OpenAPIVersion) {
    self.init(version == .swagger2 ? .draft2019 : .draft2020)
    openAPI = version
    if version == .v31 { uri = Self.openAPI31 }
  }

  /// Its name in messages.
  var name: String { openAPI.flatMap { $0.isTranslated ? $0.name : nil } ?? "JSON Schema \(draft.name)" }

  /// A schema language that only resembles JSON Schema.
  var isTranslated: Bool { openAPI?.isTranslated == true }

  /// Whether the siblings of `$ref` are ignored (draft-07, core, section 8.3; OpenAPI 3.0.3, "Reference Object").
  var hidesSiblings: Bool { draft == .draft7 || isTranslated }

  static let draft2020 = Dialect(.draft2020)
  static let openAPI31 = "https://spec.openapis.org/oas/3.1/dialect/base"

  /// The address that is likely meant: with the other scheme, or in lower case.
  static func similar(to uri: String) -> String? {
    let drafts: [Draft] = [.draft7, .draft2019, .draft2020]
    func core(_ uri: String) -> Substring { uri.lowercased()[...].drop { $0 != ":" } }
    return drafts.map(\.metaschema).first { core($0) == core(uri) }
  }

  /// The dialect that one of the specification's addresses names, with or without an empty fragment.
  static func named(_ uri: String) -> Dialect? {
    let uri = uri.hasSuffix("#") ? String(uri.dropLast()) : uri
    switch uri {
    case Draft.draft7.metaschema, "https://json-schema.org/draft-07/schema": return Dialect(.draft7)
    case Draft.draft2019.metaschema: return Dialect(.draft2019)
    case Draft.draft2020.metaschema: return Dialect(.draft2020)
    case openAPI31: return Dialect(OpenAPIVersion.v31)
    default: return nil
    }
  }
}
