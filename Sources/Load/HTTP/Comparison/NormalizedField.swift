package import Core

/// A field that a destination normalizes, as a pipeline declares it.
package struct NormalizedField: Sendable, Hashable {
  /// The target field, or one inside of it: `[address, city]`. Lists have no step of their own: `[phones, number]` is the number of
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
