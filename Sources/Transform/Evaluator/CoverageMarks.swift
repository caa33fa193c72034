/// Which parts of a program a test has exercised: one mark per entry of each lookup, and per branch of each condition.
///
/// Evaluators of the hot path have none, and pay for it with one look at a nil pointer where a mark would be set.
struct CoverageMarks {
  let marks: UnsafeMutablePointer<Bool>
  let count: Int
  /// Where the rows of each lookup begin.
  let lookups: UnsafeMutablePointer<Int>

  init(_ program: Program) {
    count = program.coverageCount
    marks = .allocate(capacity: max(1, count))
    marks.initialize(repeating: false, count: max(1, count))
    let offsets = program.lookupMarks
    lookups = .allocate(capacity: max(1, offsets.count))
    lookups.initialize(repeating: 0, count: max(1, offsets.count))
    for (index, offset) in offsets.enumerated() { lookups[index] = offset }
  }

  func deallocate() {
    marks.deallocate()
    lookups.deallocate()
  }

  @inline(__always)
  func mark(lookup: Int, row: Int) { marks[lookups[lookup] + row] = true }
}

extension Program {
  /// Where the marks of each lookup begin: one per key, in the order of the table.
  var lookupMarks: [Int] {
    var offsets: [Int] = []
    var next = 0
    for lookup in model.lookups {
      offsets.append(next)
      next += lookup.keys.count
    }
    return offsets
  }

  var coverageCount: Int { model.lookups.reduce(branchPoints.count) { $0 + $1.keys.count } }
}
