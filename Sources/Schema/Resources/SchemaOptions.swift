package import Core
package import Files

/// How schemas are found and what is asserted.
package struct SchemaOptions: Sendable {
  /// Whether `format` is checked, or only an annotation (the specification's default).
  package enum Formats: String, Sendable, CaseIterable {
    case assert, annotate
  }

  /// Which way values go: OpenAPI 3.0 requires read-only members of responses only, and write-only members of requests only.
  package enum Direction: Sendable {
    /// Records that an API receives: a mapping's target.
    case request
    /// Records that it returns: a mapping's source.
    case response
  }

  /// The folder of documents whose address begins with `prefix`: `https://a.example/schemas` in `schemas/`.
  package struct Root: Sendable, Hashable {
    package var prefix: String
    package var folder: String

    package init(prefix: String, folder: String) {
      self.prefix = prefix
      self.folder = folder
    }
  }

  /// Reads a document that is not JSON (YAML), by its name and bytes: the tree and its errors.
  package typealias Reader = @Sendable (_ file: String, _ bytes: [UInt8]) -> (PlacedValue?, [Diagnostic])

  package var formats: Formats
  package var roots: [Root]
  /// Reads files that are not JSON, whatever they are called; without it, they are refused.
  package var yaml: Reader?
  /// What a schema without `$schema` is taken to be written in: a draft's name, or a metaschema's address.
  package var dialect: String?
  /// The folders of files that may be read, besides those of the roots. Nil: those around the schema file itself.
  package var boundary: FileBoundary?
  /// The schema's own path comes from a file, so it must also be inside the boundary.
  package var isReference = false
  /// Nil: it is not known, so members of either direction are not required.
  package var direction: Direction?
  /// Whether the schema is also written as one document (`SchemaCompilation.standalone`).
  package var makesStandalone = false

  package init(
    formats: Formats = .assert, roots: [Root] = [], yaml: Reader? = nil, dialect: String? = nil, boundary: FileBoundary? = nil
  ) {
    self.boundary = boundary
    self.formats = formats
    self.roots = roots
    self.yaml = yaml
    self.dialect = dialect
  }
}
