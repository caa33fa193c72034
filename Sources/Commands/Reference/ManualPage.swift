import ArgumentParser
import Core

/// The manual page `waybill(1)` in roff, from the declarations of the commands and their options.
enum ManualPage {
  /// The option of the command line that prints it, beside the parser's own `--generate-completion-script`.
  static let option = "--generate-manual-page"

  /// - Throws: if the parser describes the commands in a form that this version does not know.
  static func text() throws -> String {
    guard let root = try JSONReader.read(Waybill._dumpHelp())["command"] else {
      throw OperationFailure(.fault, "the commands have no description")
    }
    var page = [#".TH WAYBILL 1 "" "waybill \#(Waybill.version)" "Waybill""#, ".SH NAME"]
    page.append("waybill \\- " + escaped(word(root["abstract"])))
    page += [".SH SYNOPSIS", #".B waybill \fIcommand\fR [\fIarguments\fR] [\fIoptions\fR]"#, ".SH DESCRIPTION"]
    page += prose(word(root["discussion"]))
    page.append(".SH COMMANDS")
    for command in commands(in: root) { page += section(command, parents: ["waybill"]) }
    page.append(".SH COMMON OPTIONS")
    let first = commands(in: root).first?["arguments"]?.arrayValue ?? []
    for argument in first where isCommon(argument) { page += entry(argument) }
    return page.joined(separator: "\n") + "\n"
  }

  /// A command, or its subcommands if it has some.
  private static func section(_ command: JSONValue, parents: [String]) -> [String] {
    let name = parents + [word(command["commandName"])]
    let inner = commands(in: command)
    guard inner.isEmpty else { return inner.flatMap { section($0, parents: name) } }
    let arguments = (command["arguments"]?.arrayValue ?? []).filter { !isCommon($0) && isShown($0) }
    var lines = [".SS \"" + escaped(name.joined(separator: " ")) + "\""]
    lines.append(escaped(word(command["abstract"]) + "."))
    let operands = arguments.filter { word($0["kind"]) == "positional" }.map { argument in
      let name = "\\fI" + escaped(word(argument["valueName"])) + "\\fR" + (argument["isRepeating"] == .bool(true) ? " ..." : "")
      return argument["isOptional"] == .bool(true) ? "[\(name)]" : name
    }
    lines += [
      ".PP", (["\\fB" + escaped(name.joined(separator: " ")) + "\\fR"] + operands + ["[\\fIoptions\\fR]"]).joined(separator: " "),
    ]
    lines += prose(word(command["discussion"]))
    for argument in arguments { lines += entry(argument) }
    return lines
  }

  private static func commands(in command: JSONValue) -> [JSONValue] {
    (command["subcommands"]?.arrayValue ?? []).filter { isShown($0) && word($0["commandName"]) != "help" }
  }

  private static func isShown(_ item: JSONValue) -> Bool { item["shouldDisplay"] != .bool(false) }

  private static func isCommon(_ argument: JSONValue) -> Bool {
    isShown(argument)
      && (word(argument["sectionTitle"]) == "Common options" || ["help", "version"].contains(word(argument["valueName"])))
  }

  /// `--limit <n>`, and what it means.
  private static func entry(_ argument: JSONValue) -> [String] {
    let names = (argument["names"]?.arrayValue ?? []).map { name in
      (word(name["kind"]) == "long" ? "--" : "-") + word(name["name"])
    }
    let value = "\\fI" + escaped(word(argument["valueName"])) + "\\fR"
    var head = names.map { "\\fB" + escaped($0) + "\\fR" }.joined(separator: ", ")
    switch word(argument["kind"]) {
    case "positional": head = value
    case "option": head += " " + value
    default: break
    }
    var text = escaped(word(argument["abstract"]))
    let values = (argument["allValues"]?.arrayValue ?? []).map(word)
    if !values.isEmpty { text += " Values: " + escaped(values.joined(separator: ", ")) + "." }
    if let value = argument["defaultValue"]?.stringValue { text += " Default: " + escaped(value) + "." }
    return [".TP", head, text]
  }

  /// Paragraphs; what is indented keeps its lines.
  private static func prose(_ text: String) -> [String] {
    guard !text.isEmpty else { return [] }
    var lines = [".PP"]
    var isVerbatim = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let isIndented = line.hasPrefix("  ")
      if isIndented != isVerbatim {
        lines.append(isIndented ? ".nf" : ".fi")
        if !isIndented { lines.append(".PP") }
        isVerbatim = isIndented
      }
      lines.append(line.isEmpty ? ".PP" : escaped(String(line)))
    }
    if isVerbatim { lines.append(".fi") }
    return lines
  }

  private static func word(_ value: JSONValue?) -> String { value?.stringValue ?? "" }

  /// ASCII text in which roff finds no request, no escape, and no hyphen that it may replace.
  private static func escaped(_ text: String) -> String {
    let plain = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\e"
      case "-": "\\-"
      case "\"": "\\(dq"
      case _ where scalar.isASCII: String(scalar)
      default: "\\[u\(String(repeating: "0", count: max(0, 4 - hexadecimal(scalar).count)))\(hexadecimal(scalar))]"
      }
    }.joined()
    return plain.hasPrefix(".") || plain.hasPrefix("'") ? "\\&" + plain : plain
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String { String(scalar.value, radix: 16, uppercase: true) }
}
