import Core

extension FunctionDefinition {
  static let stripHTML = FunctionDefinition(
    name: "strip_html",
    summary: "The text of an HTML fragment: tags removed, character references resolved, blocks and breaks as line breaks.",
    input: "string", output: "string",
    examples: [
      Example("strip_html", #""<p>Called <b>Ada</b> &amp; left a note</p>""#, gives: #""Called Ada & left a note""#),
      Example("strip_html", #""no tags here""#, gives: #""no tags here""#),
    ],
    bind: { $0.bind("strip_html", takes: [.string], gives: .string, .stripHTML) })
}
