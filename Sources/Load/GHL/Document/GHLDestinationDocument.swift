import Core
package import GHL
package import HTTP
package import Transform

/// A `ghl` destination, as a pipeline file describes it.
///
/// It is loaded as an `http` destination: `httpDocument` has the requests, and the adapter does what the `http` block cannot
/// describe.
package struct GHLDestinationDocument: Sendable {
  /// The location to write to.
  package var location: String
  package var address: ServerAddress
  package var token: SecretReference
  /// Used when `token` is refused.
  package var fallback: SecretReference?
  package var generation = GHLVersions.Generation.dated
  /// Contacts, tasks and notes may be deleted: by mappings with `delete`, and by `waybill undo`.
  package var allowsDelete = false
  /// The share of the day's quota that a run may use, together with a source of the same location. Nil: as for the source.
  package var dailyPercent: Double?
  /// As in `HTTPDocument`. The contact search may lag by this much, too.
  package var longestCall: Duration = .seconds(60)
  /// In the order of the file.
  package var parts: [GHLPartDocument] = []

  package init(location: String, address: ServerAddress, token: SecretReference) {
    (self.location, self.address, self.token) = (location, address, token)
  }

  package func part(of mapping: String) -> GHLPartDocument? { parts.first { $0.mapping.isExactly(mapping) } }

  /// What a token needs for the mappings that go here.
  ///
  /// - Parameter models: those that could be compiled.
  package func scopes(_ models: [MappingModel]) -> [String] {
    var kinds: Set<GHLLocationData.Kind> = []
    for part in parts {
      let model = models.first { $0.name.isExactly(part.mapping) }
      kinds.formUnion(GHLLocationData.kinds(for: part, columns: model?.fields.map(\.target) ?? []))
    }
    let routes = [GHLRoute.contact, .createContact] + GHLLocationData.requests(of: kinds).map(\.route)
    return routes.map(\.scope)
  }
}
