import Core
import Schema

/// Where the values of one column must be integers, according to Your App's schema: the value itself, or something in it.
struct IntegerColumn: Sendable {
  /// From the record.
  let path: [IntegerPlaces.Step]
  let takesIntegersOnly: Bool
  let places: IntegerPlaces

  /// Nil if no value of the column has such a place.
  init?(_ field: FieldModel, _ places: IntegerPlaces?) {
    guard let places else { return nil }
    path = field.target.map { .member(Name($0)) }
    guard places.mayReach(path) else { return nil }
    self.places = places
    takesIntegersOnly = places.contain(path)
  }

  /// Whether a value of this kind can be, or hold, a number in another notation.
  @inline(__always)
  static func mayChange(_ kind: CellKind) -> Bool {
    switch kind {
    case .number, .decimal, .list, .object: true
    default: false
    }
  }
}
