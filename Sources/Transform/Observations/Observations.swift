import Core
import Records

/// What a mapping did to the values of the items that were let through: how many it changed, by column and kind, and which source value
/// became which target value. The same for any number of workers.
package struct Observations: Sendable {
  /// Items that were let through.
  package private(set) var items = 0
  /// By column, then by var.
  package private(set) var changes: [ChangeCounts]
  /// Of the columns of `crosstabColumns`.
  package private(set) var crosstabs: [CrosstabCounts]
  package let crosstabColumns: [Int]

  package init(_ program: Program) {
    let plan = ObservationPlan(program)
    changes = [ChangeCounts](repeating: ChangeCounts(), count: program.layout.columns.count + program.model.vars.count)
    crosstabColumns = plan.crosstabs.map(\.column)
    crosstabs = crosstabColumns.map { CrosstabCounts(known: program.knownSources(of: $0)) }
  }

  /// Adds the items of a batch, once their outcomes are final.
  ///
  /// - Parameter kept: those that take part; nil: all.
  package mutating func add(_ lane: TransformLane, kept: [Int]? = nil) {
    guard let observed = lane.observations else { return }
    let items = lane.items.items
    if observed.isPlain {
      self.items += kept.map { $0.count { items[$0].outcome == .written } } ?? items.count { $0.outcome == .written }
      return
    }
    var counts = [Int](repeating: 0, count: observed.pairs.pairs.count)
    func add(_ index: Int) {
      guard items[index].outcome == .written else { return }
      self.items += 1
      for change in observed.changes(ofItem: index) { count(change) }
      for (place, number) in observed.numbers(ofItem: index).enumerated() {
        if number == ValuePairs.none { crosstabs[place].addOther(1) } else { counts[Int(number)] += 1 }
      }
    }
    if let kept { for index in kept { add(index) } } else { for index in items.indices { add(index) } }
    for (pair, count) in zip(observed.pairs.pairs, counts) where count > 0 {
      let source = pair.source.map { Array(observed.pairs.bytes[$0]) }
      crosstabs[pair.column].add(source, pair.target.map { Array(observed.pairs.bytes[$0]) }, count)
    }
  }

  private mutating func count(_ change: ValueChange) {
    guard let kind = ChangeKind.precedence.first(where: { change.kinds.contains($0) }) else { return }
    changes[Int(change.subject)][kind] += 1
  }
}

extension Program {
  /// The values that the source of a column may have, as far as the mapping tells: the keys of its lookup, or, of a value that is copied,
  /// the members of the target's enumeration. In the order of the file; empty if there are none, or too many to be held.
  func knownSources(of column: Int) -> [String] {
    let field = model.fields[fieldOfColumn[column]]
    if let table = lookups(of: field).first {
      let index = lookups.base[table]
      return index.keyCount <= CrosstabCounts.mostKnown ? Array(index.names) : []
    }
    guard field.steps.isEmpty, let node = field.node, let values = model.target?.nodes[node].enumeration else { return [] }
    return values.compactMap { value in
      switch value {
      case .string(let text): text
      case .null: nil
      default: value.text
      }
    }
  }
}
