import Core
import Records

/// The two passes of a merge in a lane.
extension LaneWork {
  /// First pass: the record in the evaluator's results is kept for the second one.
  mutating func spool(_ mark: RecordMark) {
    guard let rule = program.rules.merge else { return }
    switch evaluator.evaluate(mark, log: &log) {
    case .written: break
    case .filtered: return keep(.filtered, mark, key: evaluator.key)
    case .rejected: return keep(.rejected, mark, key: evaluator.key)
    }
    let group = KeyText.digest(of: rule.by, in: evaluator.results, &scratch)
    var time = MergeTime.none
    if let slot = rule.updatedSlot {
      if evaluator.isEmpty(evaluator.slots[slot]) {
        time = MergeTime.none
      } else if let read = mergeTime.read(evaluator.slots[slot], &scratch) {
        time = read
      } else {
        let key = evaluator.key.map { log.copy(key: $0) } ?? .empty
        log.append(Problem(.dateInvalid, severity: .warning, subject: .updateTime, record: mark, key: key))
      }
    }
    if !group.isNone { entries.append(MergeEntry(group: group, offset: output.pendingCount, time: time)) }
    keep(.record, mark, key: evaluator.key)
  }

  mutating func keep(_ state: SpooledRecord.State, _ mark: RecordMark, key: Text?) {
    let cells = evaluator.results
    let observed = observedColumns(state)
    SpooledRecord.append(state, mark, key: key, log: log, into: &output) { arena in
      guard state == .record else { return }
      for cell in cells { CellBytes.append(cell, into: &arena) }
      for column in observed { column.append(into: &arena) }
    }
    log.removeAll()
  }

  /// Second pass: the finished records of a batch, by the target schema and what follows it.
  mutating func finish(_ batch: RecordBatch) {
    for item in batch.items {
      let record = SpooledRecord(batch.base + item.start)
      counts.read += 1
      record.replay(into: &log)
      evaluator.reset()
      switch record.state {
      case .rejected:
        counts.rejected += 1
        end(.rejected, record.mark, key: record.key)
      case .filtered:
        counts.filtered += 1
        end(.filtered, record.mark, key: record.key)
      case .merged: noteMerge(record)
      case .record: finish(record)
      }
      position += 1
    }
  }

  private mutating func finish(_ record: SpooledRecord) {
    let (mark, key) = (record.mark, record.key ?? .empty)
    var place = record.cells
    for column in evaluator.results.indices {
      let (cell, size) = CellBytes.read(place, &evaluator.lists)
      evaluator.results[column] = cell
      place += size
    }
    takeObservations(at: place)
    guard evaluator.checkRecord(mark, key: key, log: &log) else {
      counts.rejected += 1
      return end(.rejected, mark, key: key)
    }
    write(mark, key: key)
  }

  private mutating func noteMerge(_ record: SpooledRecord) {
    var place = record.cells
    var cells: [Cell] = []
    for _ in 0..<3 {
      let (cell, size) = CellBytes.read(place, &evaluator.lists)
      cells.append(cell)
      place += size
    }
    let key = record.key.map { log.copy(key: $0) } ?? .empty
    let survivor = Problem.Detail.other(line: Int(cells[0].number), key: log.copy(key: cells[0].text))
    log.append(Problem(.merged, severity: .note, subject: .merge, record: record.mark, detail: survivor, key: key))
    counts.merged += 1
    end(.merged, record.mark, key: record.key)
    sequence?.noteMerge(cells[2], into: cells[1])
  }
}
