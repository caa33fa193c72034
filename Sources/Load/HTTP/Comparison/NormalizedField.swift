package import Core

/// A field that a pipeline declares as normalized by a destination.
package struct NormalizedField: Sendable, Hashable {
  /// The target field, or one inside it: `[address, city]`. List elements are not a step: `[phones, number]` is the number of
  /// each phone.
  package var path: [Name]
  package var normalizers: Set<FieldNormalizer>
  package var place: SourcePlace

  package init(_ path: [Name], _ normalizers: Set<FieldNormalizer>, place: SourcePlace) {
    self.path = path
    self.normalizers = normalizers
    self.place = place
  }

  /// `address.city`
  package var name: String { path.map(\.text).joined(separator: ".") }
}
