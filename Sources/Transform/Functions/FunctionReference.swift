import Core

/// The reference of the function library, as `waybill functions [NAME]` prints it; made from the definitions alone.
package enum FunctionReference {
  /// Everything about one function:
  ///
  ///     truncate: At most the first `max` characters of the text.
  ///
  ///       takes       string
  ///       gives       string
  ///       parameters  max  an integer, required, may be given alone: the largest number of characters, 1 or more
  ///       examples    {truncate: 5}  "Lovelace"  ->  "Lovel"
  package static func text(of function: FunctionDefinition) -> String {
    var lines = ["\(function.name): \(function.summary)", ""]
    lines.append("  takes       \(function.input)\(function.takesList ? "" : "; of a list, each element")")
    lines.append("  gives       \(function.output)")
    if !function.errors.isEmpty {
      lines.append("  errors      \(function.errors.map(\.slug).joined(separator: ", "))")
    }
    let parameters = columns(function.parameters.map { [$0.name, describe($0)] })
    lines += block("parameters", parameters)
    let examples = function.examples.map {
      [($0.before.map { "\($0), " } ?? "") + $0.step, $0.input, "->  " + ($0.output ?? $0.error?.slug ?? "")]
    }
    lines += self.examples(examples)
    return lines.joined(separator: "\n") + "\n"
  }

  /// Of each function: how it is written, what it takes and gives, its sentence.
  package static func rows(of functions: [FunctionDefinition] = FunctionLibrary.standard.functions) -> [[String]] {
    functions.map { function in [signature(function), "\(function.input) -> \(function.output)", function.summary] }
  }

  /// The tables of one group in the documentation: its functions, and their arguments.
  package static func markdown(of group: FunctionLibrary.Group) -> String {
    func row(_ cells: [String]) -> String { "|" + cells.map { $0.isEmpty ? " |" : " \($0) |" }.joined() + "\n" }
    func prose(_ text: String) -> String { text.replacing("|", with: "\\|") }
    var text = row(["Function", "Arguments", "Takes", "Gives", "Result"]) + "|---|---|---|---|---|\n"
    for function in group.functions {
      let arguments = function.parameters.map { parameter in
        let name = parameter.isPositional ? "**`\(parameter.name)`**" : "`\(parameter.name)`"
        return parameter.isRequired ? name : "(\(name))"
      }
      text += row(
        ["`\(function.name)`", arguments.joined(separator: ", "), function.input, function.output, prose(function.summary)])
    }
    let described = group.functions.filter { !$0.parameters.isEmpty }
    guard !described.isEmpty else { return text }
    text += "\n" + row(["Argument", "Value", "Meaning"]) + "|---|---|---|\n"
    for function in described {
      for parameter in function.parameters {
        text += row(["`\(parameter.name)` of `\(function.name)`", parameter.kind.name, prose(parameter.summary)])
      }
    }
    return text
  }

  /// `truncate{max}`, as the design writes it.
  static func signature(_ function: FunctionDefinition) -> String {
    guard !function.parameters.isEmpty else { return function.name }
    return function.name + "{" + function.parameters.map(\.name).joined(separator: ",") + "}"
  }

  private static func describe(_ parameter: FunctionDefinition.Parameter) -> String {
    var text = parameter.kind.name
    if parameter.isRequired { text += ", required" }
    if parameter.isPositional { text += ", may be given alone" }
    return text + ": " + parameter.summary
  }

  private static func block(_ title: String, _ lines: [String]) -> [String] {
    lines.enumerated().map { index, line in
      "  " + pad(index == 0 ? title : "", to: 12) + line
    }
  }

  /// Rows with aligned columns; the last column is not padded.
  private static func columns(_ rows: [[String]]) -> [String] {
    var widths: [Int] = []
    for row in rows {
      for (column, text) in row.enumerated() {
        if column == widths.count { widths.append(0) }
        widths[column] = max(widths[column], CellWidth.of(text))
      }
    }
    return rows.map { row in
      row.enumerated().map { column, text in
        column == row.count - 1 ? text : pad(text, to: widths[column] + 2)
      }.joined()
    }
  }

  /// The columns of examples, or each on lines of its own if the widest would be too wide for a terminal:
  ///
  ///     examples
  ///       {decimal: {symbols: ["$"], group_mark: ","}}
  ///         "$78,526.00"  ->  78526.00
  private static func examples(_ examples: [[String]]) -> [String] {
    let lines = block("examples", columns(examples))
    guard lines.contains(where: { CellWidth.of($0) > widestLine }) else { return lines }
    return ["  examples"]
      + examples.flatMap { example in
        let (step, result) = (example[0], example.dropFirst())
        let line = "      " + result.joined(separator: "  ")
        return ["    " + step] + (CellWidth.of(line) > widestLine ? result.map { "      " + $0 } : [line])
      }
  }

  private static let widestLine = 80

  private static func pad(_ text: String, to width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - CellWidth.of(text)))
  }
}
