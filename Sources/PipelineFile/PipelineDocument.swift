package import Control
package import Core
package import Extract
import Files
package import HTTP
import Mapping
package import Records

/// A pipeline file (`waybill.yaml`), read and checked: where records come from, the mappings that they go through, where
/// they go, and under which conditions. Relative paths have been resolved against the file's folder.
package struct PipelineDocument: Sendable {
  /// The pipeline file as the user named it.
  package var file: String
  /// SHA-256 of the file's text.
  package var digest: String
  package var name: String
  package var source: PipelineSource
  package var mappings: [MappingReference]
  package var destinations: [DestinationDocument]
  package var gates: [GateDocument]
  /// What the gates name, to be checked against the mappings.
  package var gateReferences: [GateReference] = []
  /// The values of its `${NAME}` references, which messages must not show.
  package var environmentValues: [EnvironmentValue] = []
  /// The formats that record files may have.
  package var formats = SourceFormats.standard

  /// The businesses that the pipeline itself always reads; nil: all.
  package var businesses: [String]? {
    if case .ghl(let source) = source { source.businesses } else { nil }
  }

  /// The contacts that it always reads; nil for other sources.
  package var selection: SnapshotFit.Selection? {
    guard case .ghl(let source) = source else { return nil }
    return .init(businesses: source.businesses, withoutBusiness: source.withoutBusiness)
  }

  package struct MappingReference: Sendable, Hashable {
    package var path: String
    package var place: SourcePlace
  }

  /// The name of the mapping in this file; nil if the pipeline does not list the file.
  package func mappingName(inFile path: String) -> String? {
    guard let reference = mappings.first(where: { FileIdentity.isSame($0.path, path) }) else { return nil }
    var ignored = Diagnostics()
    return YAMLReader.load(path: reference.path, &ignored)?["name"]?.scalar?.text
  }

  /// Reads the file at `path`. `environment` provides the values of `${NAME}`; `formats` are those that its `source` may name. The
  /// document is nil if an error was reported.
  package static func load(
    path: String, environment: [String: String], formats: SourceFormats = .standard
  ) -> (document: PipelineDocument?, diagnostics: Diagnostics) {
    PipelineReader.read(path: path, text: nil, environment: environment, formats: formats)
  }

  /// Like `load`, for text in memory.
  package static func read(
    file: String, text: String, environment: [String: String], formats: SourceFormats = .standard
  ) -> (document: PipelineDocument?, diagnostics: Diagnostics) {
    PipelineReader.read(path: file, text: text, environment: environment, formats: formats)
  }
}

/// Where a pipeline's records come from.
package enum PipelineSource: Sendable {
  case ghl(GHLSourceDocument)
  /// One file per source entity, in the order of the pipeline file.
  case files(SourceFormat, [EntityFile])
  /// An existing snapshot: its ID, or `latest`.
  case snapshot(String)
}

/// `source.ghl`.
package struct GHLSourceDocument: Sendable {
  package typealias WithoutBusiness = FetchPlan.WithoutBusiness

  package var location: String
  /// Ids or names; nil: all.
  package var businesses: [String]?
  package var withoutBusiness: WithoutBusiness
  /// Nil: the API's own address.
  package var baseURL: String?
  package var token: SecretReference
  package var fallback: SecretReference?
  /// Share of the daily quota that a run may use, in percent.
  package var dailyPercent: Double?
  package var requests = RequestPatience()
}

/// `source.ghl.requests`; nil: the default.
package struct RequestPatience: Sendable, Hashable {
  package var attempts: Int?
  package var timeoutSeconds: Int?
  package var longestWaitSeconds: Int?
}
