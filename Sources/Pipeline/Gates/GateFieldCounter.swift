import Control
import Core
import FoundationEssentials
import Load
import Transform

/// Counts the values of fields in the staged records of a mapping, because gates ask for them.
///
/// A mapping whose gates name no field is not read at all. Distinct values are exact, in bounded memory.
struct GateFieldCounter {
  struct Wanted {
    var name: Name
    var countsDistinct = false
    var findsNewest = false
  }

  fileprivate struct Column {
    let wanted: Wanted
    /// Nil: the records have no such field, so every value is missing.
    let index: Int?
    let values: KeySet?
    var count = GateFieldCount()
    var newest: Date?
  }

  private var columns: [Column]

  /// - Parameter folder: where sets that do not fit into memory go.
  init(_ wanted: [Wanted], columns names: [LoadColumn], folder: String) {
    columns = wanted.map { wanted in
      Column(
        wanted: wanted, index: names.firstIndex { $0.name.isExactly(wanted.name.text) },
        values: wanted.countsDistinct ? KeySet(folder: folder) : nil)
    }
  }

  /// The fields that the gates need of a mapping, each once.
  static func wanted(by gates: [GateDocument], of mapping: Name) -> [Wanted] {
    var found: [Wanted] = []
    for gate in gates {
      guard let field = gate.field, field.mapping == mapping else { continue }
      var index = found.firstIndex { $0.name == field.name }
      if index == nil {
        found.append(Wanted(name: field.name))
        index = found.count - 1
      }
      if case .unique = gate.rule { found[index!].countsDistinct = true }
      if case .freshness = gate.rule { found[index!].findsNewest = true }
    }
    return found
  }

  /// - Throws: `OperationFailure`, `CancellationError`.
  mutating func count(_ records: StagedReader) throws {
    var scratch = ByteArena()
    while let batch = try records.next() {
      for record in 0..<batch.count {
        let cells = batch.record(record)
        for index in columns.indices {
          let cell = columns[index].index.map { cells[$0] } ?? .missing
          try columns[index].add(cell, &scratch)
        }
      }
    }
  }

  /// By name; ages are seconds before `now`.
  func result(now: Date) -> (fields: [Name: GateFieldCount], ages: [Name: Int]) {
    var (fields, ages): ([Name: GateFieldCount], [Name: Int]) = ([:], [:])
    for column in columns {
      var count = column.count
      count.distinct = column.values?.count
      fields[column.wanted.name] = count
      if let newest = column.newest {
        ages[column.wanted.name] = Int(max(0, now.timeIntervalSince(newest).rounded(.up)))
      }
    }
    return (fields, ages)
  }

  /// A date, or a date and time; without an offset, UTC.
  static func date(_ text: String) -> Date? {
    var text = text
    if text.utf8.count == 10 { text += "T00:00:00" }
    // Fractions of a second do not matter for an age.
    if let dot = text.firstIndex(of: ".") {
      let rest = text[text.index(after: dot)...].drop { $0.isASCII && $0.isNumber }
      text = String(text[..<dot]) + rest
    }
    if let time = text.firstIndex(where: { $0 == "T" || $0 == " " }) {
      if text[time] == " " { text.replaceSubrange(time...time, with: "T") }
      if !text[time...].contains(where: { $0 == "Z" || $0 == "z" || $0 == "+" || $0 == "-" }) { text += "Z" }
    }
    return try? Date(text, strategy: .iso8601)
  }
}

extension GateFieldCounter.Column {
  fileprivate mutating func add(_ cell: Cell, _ scratch: inout ByteArena) throws {
    count.records += 1
    if cell.isAbsent {
      count.null += 1
      return
    }
    guard !cell.isBlank else {
      count.blank += 1
      return
    }
    count.present += 1
    if let values { _ = try values.insert(KeyText.digest(of: cell, &scratch)) }
    guard wanted.findsNewest, cell.kind != .list, cell.kind != .object else { return }
    if let date = GateFieldCounter.date(String(decoding: cell.text.buffer, as: UTF8.self)) {
      newest = newest.map { max($0, date) } ?? date
    }
  }
}

extension Cell {
  /// Text with nothing but white space, or a list or an object without members.
  fileprivate var isBlank: Bool {
    switch kind {
    case .list: count == 0
    case .string: text.buffer.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
    case .object: text.count == 2
    default: false
    }
  }
}
