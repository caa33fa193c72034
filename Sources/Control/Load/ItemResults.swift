package import Core

/// Matches each result to its record in a batch: by the key that the result repeats, otherwise by its position if there are as many
/// results as records.
///
/// Destinations leave results out, add some, or give them in another order. A result is never taken for a record that it may
/// not belong to: the records without a certain result are `unknown`, and have to be looked up.
package struct ItemResults<Result: Sendable>: Sendable {
  /// By record, in the order in which they were sent; nil: unknown.
  package private(set) var results: [Result?]
  /// Results that belong to none of the records.
  package private(set) var strays = 0

  /// - Parameters:
  ///   - keys: of the records, in the order in which they were sent; distinct.
  ///   - items: the results in response order, each with the key that it repeats, if any.
  package init(keys: [Name], items: [(key: Name?, result: Result)]) {
    results = [Result?](repeating: nil, count: keys.count)
    let isPlain = items.count == keys.count
    let agrees = isPlain && zip(items, keys).allSatisfy { $0.key == nil || $0.key == $1 }
    if agrees {
      results = items.map(\.result)
      return
    }
    var places: [Name: Int] = [:]
    for (place, key) in keys.enumerated() { places[key] = place }
    var seen: Set<Int> = []
    for item in items {
      guard let place = item.key.flatMap({ places[$0] }) else {
        strays += 1
        continue
      }
      // Two results for one record: neither can be trusted.
      results[place] = seen.insert(place).inserted ? item.result : nil
    }
  }
}
