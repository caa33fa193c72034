import Core

/// Diagnostics that say the same about many places: each is reported at its first place, with the number of the others.
struct RepeatedRemarks: Sendable {
  private var first: [Diagnostic] = []
  private var places: [[SourcePlace]] = []
  private var indices: [Name: Int] = [:]

  mutating func add(_ diagnostic: Diagnostic) {
    let key = Name("\(diagnostic.place.file)\n\(diagnostic.message)")
    guard let index = indices[key] else {
      indices[key] = first.count
      first.append(diagnostic)
      places.append([diagnostic.place])
      return
    }
    places[index].append(diagnostic.place)
  }

  /// In the order of the first places.
  var diagnostics: [Diagnostic] {
    zip(first, places).map { diagnostic, places in
      let distinct = Set(places)
      guard distinct.count > 1, let least = distinct.min() else { return diagnostic }
      var diagnostic = diagnostic
      diagnostic.place = least
      diagnostic.message += " (here and in \(distinct.count - 1) other \(distinct.count == 2 ? "place" : "places"))"
      return diagnostic
    }
  }
}
