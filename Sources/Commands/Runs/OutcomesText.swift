import Control
import Core
import Files
import Report

/// What `waybill outcomes` prints: a table of the files, and the proof that they are complete.
struct OutcomesText {
  var run: String
  var results: [OutcomeExport.Result]
  /// Mappings that read nothing.
  var unread: [String]

  func text(fitting width: Int?) -> String {
    var table = TextTable([
      .init("MAPPING"), .init("DESTINATION"), .init("READ", isNumber: true), .init("SUCCESS", isNumber: true),
      .init("ERRORS", isNumber: true), .init("OF WHICH"),
    ])
    for result in results {
      table.add([
        result.part.part.mapping.text, result.part.part.destination.text, Wording.count(result.part.read),
        Wording.count(result.success), Wording.count(result.errors), parts(of: result),
      ])
    }
    var text = "outcomes of run \(run)\n"
    if !results.isEmpty {
      text += "\n" + table.text(fitting: width) + "\nEach record that was read is in one file of its row, once.\n"
    }
    if !unread.isEmpty { text += "No files: \(Wording.list(unread.map { "'\($0)'" })) read nothing.\n" }
    if !results.isEmpty { text += "Not masked, perhaps with personal data:\n" }
    for result in results { text += "  \(result.part.successCopy)\n  \(result.part.errorsCopy)\n" }
    return text
  }

  /// `12 filtered, 3 rejected`: what neither a success nor an error file has by its name alone.
  private func parts(of result: OutcomeExport.Result) -> String {
    Outcome.allCases.compactMap { outcome in
      let count = result.counts[outcome]
      return count > 0 ? "\(Wording.count(count)) \(outcome.rawValue)" : nil
    }.joined(separator: ", ")
  }

  var json: JSONValue {
    let files = results.map { result in
      let outcomes = Outcome.allCases.compactMap { outcome -> JSONValue.Member? in
        let count = result.counts[outcome]
        return count > 0 ? .init(outcome.rawValue, .number(count)) : nil
      }
      return JSONValue.object([
        .init("mapping", .string(result.part.part.mapping.text)),
        .init("destination", .string(result.part.part.destination.text)),
        .init("read", .number(result.part.read)),
        .init(
          "success", .object([.init("file", .string(result.part.successCopy)), .init("rows", .number(result.success))])),
        .init("errors", .object([.init("file", .string(result.part.errorsCopy)), .init("rows", .number(result.errors))])),
        .init("outcomes", .object(outcomes)),
      ])
    }
    return .object([
      .init("run", .string(run)), .init("files", .array(files)), .init("unread", .array(unread.map { .string($0) })),
    ])
  }
}
