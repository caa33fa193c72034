import Core
import Records
package import Transform
package import Values

/// What was observed, with names, and with values as the mapping's `pii` lets them be seen.
extension ObservationsDocument {
  /// Of a field: known source values, and target values of a source value.
  private static let mostKnown = 64
  private static let mostTargets = 64

  package init(_ observations: Observations, of program: Program, digestKey: DigestKey?) {
    let model = program.model
    let columns = program.layout.columns.count
    func changed(_ index: Int, _ field: FieldModel, _ name: String) -> ChangedField {
      ChangedField(
        field: name, sources: program.allSources(of: field).map(\.text), counts: observations.changes[index])
    }
    self.init(
      mapping: model.name, items: observations.items,
      fields: (0..<columns).map { column in
        let field = model.fields[program.fieldOfColumn[column]]
        return changed(column, field, field.target.joined(separator: "."))
      },
      vars: model.vars.enumerated().map { changed(columns + $0, $1, "vars.\($1.target.joined(separator: "."))") }
        .filter { !$0.counts.isZero },
      crosstabs: zip(observations.crosstabColumns, observations.crosstabs).map { column, counts in
        Crosstab(counts, of: model.fields[program.fieldOfColumn[column]], in: program, digestKey: digestKey)
      })
  }

  fileprivate static func isWithin(_ cell: CrosstabCounts.Cell, _ known: inout Set<[UInt8]>, _ targets: inout [[UInt8]?: Int])
    -> Bool
  {
    if cell.isKnown, let source = cell.source {
      guard known.contains(source) || known.count < mostKnown else { return false }
      known.insert(source)
    }
    guard targets[cell.source, default: 0] < mostTargets else { return false }
    targets[cell.source, default: 0] += 1
    return true
  }
}

extension ObservationsDocument.Crosstab {
  fileprivate init(_ counts: CrosstabCounts, of field: FieldModel, in program: Program, digestKey: DigestKey?) {
    func shown(_ bytes: [UInt8]?) -> String? {
      bytes.map { Masking.string($0.span, as: field.privacy, key: digestKey) }
    }
    var known: Set<[UInt8]> = []
    var targets: [[UInt8]?: Int] = [:]
    var cells: [Cell] = []
    var other = counts.other
    for cell in counts.cells {
      guard ObservationsDocument.isWithin(cell, &known, &targets) else {
        other += cell.count
        continue
      }
      cells.append(
        Cell(
          source: shown(cell.source), target: shown(cell.target), count: cell.count,
          isKnown: cell.isKnown && field.privacy == .show))
    }
    let isMasked = field.privacy != .show
    // A key that a function before the lookup makes is not a value of the source.
    let namesSources = field.steps.first?.call.isLookup ?? field.value.isSource
    self.init(
      field: field.target.joined(separator: "."), source: program.allSources(of: field).first?.text ?? "", isMasked: isMasked,
      total: counts.total, cells: isMasked ? Self.merged(cells) : cells,
      unused: isMasked || !namesSources ? [] : Array(counts.unused.prefix(64)), other: other)
  }

  /// Values that look the same once they are masked are one.
  private static func merged(_ cells: [Cell]) -> [Cell] {
    struct Pair: Hashable {
      var source: Name?
      var target: Name?
    }
    var counts: [Pair: Int] = [:]
    for cell in cells {
      counts[Pair(source: cell.source.map { Name($0) }, target: cell.target.map { Name($0) }), default: 0] += cell.count
    }
    return counts.map { Cell(source: $0.source?.text, target: $0.target?.text, count: $1, isKnown: false) }.sorted {
      left, right in
      if left.count != right.count { return left.count > right.count }
      let (first, second) = ([left.source, left.target], [right.source, right.target])
      return first.map { Array(($0 ?? "").utf8) }.lexicographicallyPrecedes(second.map { Array(($0 ?? "").utf8) }) {
        $0.lexicographicallyPrecedes($1)
      }
    }
  }
}

extension FunctionCall {
  fileprivate var isLookup: Bool { if case .lookup = self { true } else { false } }
}

extension ValueModel {
  fileprivate var isSource: Bool { if case .source = self { true } else { false } }
}
