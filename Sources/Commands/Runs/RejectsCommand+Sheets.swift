import Core
import Files
import Report

/// `--by-repair`: a table for each kind of repair, for the people who can do it, and an index of the tables.
extension RejectsCommand {
  private func place(_ name: String) -> String { output.hasSuffix("/") ? output + name : "\(output)/\(name)" }

  /// - Throws: `OperationFailure` 64 if one of the files must not be written. Sheets without rows count as well: those of an earlier run
  ///   beside the new ones would be taken for a part of them.
  func checkSheets(in context: CommandContext) throws {
    try ExportTarget.checkFolder(output)
    try checkOutput(RepairAction.allCases.map { place(RepairIndex.sheet(of: $0)) }, in: context)
    try ExportTarget(what: "an index of repairs", may: "belongs to an earlier run", isForced: force)
      .check([place(RepairIndex.name)], in: context, RepairIndex.content)
  }

  /// All files appear, or none.
  ///
  /// - Throws: `OperationFailure`.
  func writeSheets(_ table: borrowing RejectsTable, _ console: Console) throws {
    let repairs = table.repairs
    var files: [OutputFile] = []
    do {
      var written = 0
      for repair in repairs {
        let file = try begin(RepairIndex.sheet(of: repair.action))
        files.append(file)
        written += try table.write(repairedBy: repair.action) { try file.write($0) }
      }
      guard written == table.count else {
        throw OperationFailure(.fault, "\(written) of \(table.count) rows are in the sheets: this is a bug in waybill")
      }
      let index = try begin(RepairIndex.name)
      files.append(index)
      for row in [RepairIndex.columns] + RepairIndex.rows(repairs) { try index.write(CSVText.row(row)) }
      for file in files { try file.seal() }
      for file in files { try file.commit() }
    } catch {
      for file in files { file.abandon() }
      throw error
    }
    for file in files { for warning in file.warnings { console.warn(warning) } }
    for action in RepairAction.allCases where !repairs.contains(where: { $0.action == action }) {
      let path = place(RepairIndex.sheet(of: action))
      if FileKind.of(path) == .regular, FileRemoval.file(path) { console.note("\(path) of an earlier run was removed.") }
    }
  }

  private func begin(_ name: String) throws -> OutputFile {
    let path = place(name)
    OutputFile.removeLeftovers(beside: path)
    // The values are not masked.
    let file = try OutputFile(path: path, isCSV: true, isPrivate: true)
    try file.write("\u{FEFF}")
    return file
  }

  func noteSheets(of table: borrowing RejectsTable, to console: Console) {
    for (action, rows) in table.repairs {
      console.note("  \(Wording.count(rows)) \(RepairIndex.sheet(of: action)): \(action.title) (\(action.ownerTitle))")
    }
  }

  func repairs(of table: borrowing RejectsTable) -> JSONValue {
    .array(
      table.repairs.map { action, rows in
        .object([
          .init("repair", .string(action.slug)), .init("title", .string(action.title)),
          .init("owner", .string(action.ownerTitle)),
          .init("rows", .number(rows)), .init("what_to_do", .string(action.summary)),
          .init("file", .string(place(RepairIndex.sheet(of: action)))),
        ])
      })
  }
}
