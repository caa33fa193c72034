import Core
import Records

/// Observations in a lane: taken when an item ends. In a merge they are those of the first pass, which reach the second one behind the
/// cells of a record: per column one byte with its changes and, for a column whose values are counted with their sources, the source's
/// cell. A column that the survivor takes from another record brings them along.
extension LaneWork {
  /// From now on.
  mutating func observe() {
    let plan = ObservationPlan(program)
    observations = LaneObservations(plan)
    evaluator.recordChanges(plan)
  }

  mutating func observe(_ outcome: Outcome) {
    guard outcome == .written else {
      observations?.appendNothing()
      return evaluator.forgetChanges()
    }
    evaluator.spreadChanges()
    observations?.append(
      evaluator.changed, slots: evaluator.slots, itemSlots: evaluator.itemSlots, results: evaluator.results,
      blankIsNull: program.blankIsNull)
    evaluator.forgetChanges()
  }

  /// First pass of a merge: what goes behind the cells of a record; empty if nobody wants to know.
  mutating func observedColumns(_ state: SpooledRecord.State) -> [ObservedColumn] {
    guard let plan = observations?.plan else { return [] }
    guard state == .record else {
      evaluator.forgetChanges()
      return []
    }
    evaluator.spreadChanges()
    var columns = plan.crosstabOfColumn.map { place -> ObservedColumn in
      guard place >= 0 else { return ObservedColumn() }
      let cell = evaluator.cell(of: plan.crosstabs[place].source)
      return ObservedColumn(source: evaluator.isEmpty(cell) ? .null : cell)
    }
    for change in evaluator.changed where Int(change.subject) < columns.count {
      columns[Int(change.subject)].kinds = change.kinds
    }
    evaluator.forgetChanges()
    return columns
  }

  /// Second pass: those of a record, which begin here.
  mutating func takeObservations(at place: UnsafePointer<UInt8>) {
    guard observations != nil else { return }
    evaluator.forgetChanges()
    var place = place
    var cells: [Cell] = []
    for column in program.layout.columns.indices {
      let kinds = ObservedColumn.kinds(place)
      if !kinds.isEmpty { evaluator.changed.append(ValueChange(subject: UInt32(column), kinds: kinds)) }
      if let start = ObservedColumn.source(place) { cells.append(CellBytes.read(start, &evaluator.lists).cell) }
      place += ObservedColumn.size(place)
    }
    observations?.sources = cells
  }
}
