package import Control
package import Core

/// What one gate of a pipeline file names, with the places: the mappings are read later.
package struct GateReference: Sendable {
  package var gate: String
  package var place: SourcePlace
  package var mappings: [DestinationDocument.NamedPlace]
  package var field: GateField?
}
