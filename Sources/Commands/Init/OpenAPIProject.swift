import Core
import Files
import Pipeline
import Records
import Schema
import Workbench

/// `waybill init --openapi FILE`: a project whose destination is an API that an OpenAPI document describes.
struct OpenAPIProject {
  var folder: String
  /// The document.
  var path: String
  /// Records that go to one of its resources; nil: they come from GHL.
  var sample: SampleProject?

  struct Made {
    var files: [(path: String, bytes: [UInt8])]
    var result: DestinationProposal.Result
    var notes: [InputNote] = []
    var warnings: [String] = []
  }

  /// - Throws: `OperationFailure`, `UncompiledFiles`.
  func make() throws -> Made {
    var options = DestinationProposal.Options(path: path)
    options.header = EditorSchema.mappingHeader
    options.shipped = sample == nil ? ProjectFiles.shipped : []
    options.sample = try sample?.profiled()
    let result: DestinationProposal.Result
    do {
      result = try DestinationProposal.run(options)
    } catch let fault as OpenAPIFile.Fault {
      throw failure(fault)
    }
    let pipeline = try pipeline(result, options.sample)
    var files = [("waybill.yaml", Array(pipeline.utf8))]
    files += result.files.map { ($0.path, Array($0.text.utf8)) }
    return Made(
      files: files, result: result, notes: options.sample?.profile.notes ?? [],
      warnings: sample.flatMap { sample in options.sample.flatMap { sample.unusable($0.profile) } }.map { [$0] } ?? [])
  }

  private func failure(_ fault: OpenAPIFile.Fault) -> any Error {
    if fault.isMissing, let first = fault.diagnostics.first { return OperationFailure(.inputMissing, first.message) }
    var diagnostics = Diagnostics()
    for source in fault.sources { diagnostics.register(source) }
    for diagnostic in fault.diagnostics { diagnostics.add(diagnostic) }
    return UncompiledFiles(diagnostics, "no destination can be proposed from \(VisibleText.escaped(path))")
  }

  // MARK: The pipeline file

  private func pipeline(_ result: DestinationProposal.Result, _ sample: DestinationProposal.Sample?) throws -> String {
    let mappings = result.mappings.map { "  - \($0.path)\n" }.joined()
    let reviews = "# Lines with `review:` say what was assumed: check them, then remove the comments.\n"
    let about = """
      #
      # Proposed from \(VisibleText.escaped(FilePath.name(of: path))), \(result.version): \(VisibleText.escaped(result.title)).
      \(result.hasReviews ? reviews : "")
      """
    guard let sample, let kind = sample.format ?? SourceFormat(path: sample.path) else {
      return Self.starter(result.name, mappings: mappings, destination: result.destination, about: about)
    }
    guard kind.pipelineSummary != nil else {
      throw OperationFailure(
        .usage,
        "a pipeline cannot read \(kind.name) files: convert \(sample.path) to NDJSON, JSON or CSV for \(CommandOption.openapi)")
    }
    let source = SampleProject.source(
      kind, entity: result.mappings.first?.entity ?? "record", path: SampleProject.relative(sample.path, from: folder),
      sample.reading)
    return SampleProject.pipeline(
      name: result.name, source: source, mappings: mappings, destinations: result.destination, about: about)
  }

  /// The usual pipeline over GHL with another name, other mappings and another destination.
  private static func starter(_ name: String, mappings: String, destination: String, about: String) -> String {
    var text = ""
    /// The top-level key whose lines are replaced.
    var skipped = false
    let lines = String(decoding: PackageResources.starter_yaml, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      let isTop = line.first.map { $0 != " " && $0 != "#" } ?? false
      // A comment at the margin belongs to the key below it.
      if isTop || line.hasPrefix("#") { skipped = line.hasPrefix("mappings:") || line.hasPrefix("destinations:") }
      if line.hasPrefix("pipeline:") {
        text += about + "pipeline: \(name)\n"
      } else if isTop, line.hasPrefix("mappings:") {
        text += "mappings:\n" + mappings
      } else if isTop, line.hasPrefix("destinations:") {
        text += "destinations:\n" + destination
      } else if !skipped {
        text += line + (index + 1 < lines.count ? "\n" : "")
      }
    }
    return text
  }
}

/// What `init --openapi` reports, at 80 columns.
struct OpenAPISummary {
  var made: OpenAPIProject.Made
  var folder: String
  var files: Int
  var isFromSample = false

  private var result: DestinationProposal.Result { made.result }

  var text: String {
    var lines = ["\(Wording.count(files, "file")) written to \(folder == "." ? "this folder" : VisibleText.escaped(folder))."]
    lines += ProposalSummary.wrapped("\(VisibleText.escaped(result.title)), at \(VisibleText.escaped(result.address)):")
    let width = result.mappings.map(\.name.count).max() ?? 0
    for mapping in result.mappings {
      let name = mapping.name + String(repeating: " ", count: width - mapping.name.count)
      lines += ProposalSummary.wrapped(mapping.abilities.joined(separator: ", "), head: "  \(name)  ")
    }
    for mapping in result.mappings {
      if let proposal = mapping.proposal {
        lines += ProposalSummary(result: proposal, mapping: mapping.path).counts
      } else {
        lines += ProposalSummary.wrapped("\(mapping.path) is the shipped mapping, which fits this API exactly.")
      }
    }
    lines += ProposalSummary.advice(result.mappings.compactMap(\.proposal))
    lines += toReview
    lines += next
    return lines.joined(separator: "\n")
  }

  private var toReview: [String] {
    var items: [String] = []
    for mapping in result.mappings {
      if mapping.key == nil {
        items.append("\(mapping.name): target.key is missing: no field of the API identifies a record for you")
      }
      items += mapping.remarks.map { "\(mapping.name): \(VisibleText.escaped($0))" }
    }
    items += result.omissions.prefix(8).map { "not proposed: \(VisibleText.escaped("\($0.what): \($0.reason)"))" }
    if result.omissions.count > 8 { items.append("not proposed: \(result.omissions.count - 8) more; see waybill.yaml") }
    guard !items.isEmpty else { return [] }
    let others = result.hasReviews ? ", besides the comments with `review:` in waybill.yaml" : ""
    return ["To review\(others):"]
      + items.flatMap { ProposalSummary.wrapped($0, head: "  - ") }
  }

  private var next: [String] {
    var lines = ["Next:"]
    if folder != "." { lines.append("  \(ShellText.words(["cd", folder]))") }
    var variables = result.variables
    if !isFromSample {
      variables = [("GHL_LOCATION", "the ID of the location"), ("GHL_TOKEN", "its private integration token")] + variables
    }
    for variable in variables {
      let words = "export \(variable.name)=…"
      lines += ProposalSummary.wrapped(VisibleText.escaped(variable.meaning), head: "  " + padded(words))
    }
    lines.append("  " + padded("waybill check") + "show what is guessed or not mapped")
    lines.append("  " + padded("waybill run --dry-run") + "read and map, and load nothing")
    lines.append("  " + padded("waybill run") + "read, map, and load")
    return lines + firstLoad
  }

  /// If no request shows which records the API has, the first load is refused until you confirm that it has none.
  private var firstLoad: [String] {
    let unseen = result.mappings.filter { !$0.abilities.contains("find") && !$0.abilities.contains("list") }
    guard !unseen.isEmpty else { return [] }
    let names = unseen.prefix(4).map(\.name).joined(separator: ", ") + (unseen.count > 4 ? ", …" : "")
    return ProposalSummary.wrapped(
      "the first load, once you know that the API has none of these records (no request can show them): \(names)",
      head: "  " + padded("waybill run \(CommandOption.firstLoad)"))
  }

  private func padded(_ text: String) -> String {
    text + String(repeating: " ", count: max(2, 38 - text.count))
  }
}
