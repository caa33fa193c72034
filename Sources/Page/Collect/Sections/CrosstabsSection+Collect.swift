import Core
import Report

extension CrosstabsSection {
  private static let mostTables = 40
  private static let mostCells = 100

  mutating func add(_ run: RunMaterial) {
    for mapping in run.summary?.mappings ?? [] {
      guard let changes = run.changes[Name(mapping.name)] else {
        missing.append(.init(run: run.id, text: "\(mapping.name): which value became which is not recorded."))
        continue
      }
      for table in changes["crosstabs"]?.arrayValue ?? [] {
        guard let field = table["field"]?.stringValue else { continue }
        let cells = (table["cells"]?.arrayValue ?? []).map { cell in
          Cell(
            source: cell["source"]?.stringValue, target: cell["target"]?.stringValue, count: cell["count"]?.intValue ?? 0,
            isKnown: cell["known"]?.boolValue ?? false)
        }
        let shown = Array(cells.prefix(Self.mostCells))
        let total = table["total"]?.intValue ?? 0
        tables.rows.append(
          Table(
            run: run.id, mapping: mapping.name, field: field, sourceField: table["source"]?.stringValue ?? "",
            isMasked: table["masked"]?.boolValue ?? true, cells: shown, total: total,
            omitted: total - shown.reduce(0) { $0 + $1.count },
            unused: (table["unused"]?.arrayValue ?? []).compactMap(\.stringValue)))
      }
    }
  }

  mutating func close() { tables = PageList(tables.rows, limit: Self.mostTables) }
}
