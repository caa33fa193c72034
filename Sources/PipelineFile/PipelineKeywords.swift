import Extract
import Load
import Mapping
import Records
import Report
import Settings

/// The keywords of pipeline files: one table for the reader, and for the editors' schema of `PipelineSchema`. Keywords of a
/// later version are `reserved`: refused by name, and not in the schema.
enum PipelineKeywords {
  static let document = KeywordGroup([
    Keyword("pipeline", .text, required: true, "The pipeline's name in runs and reports."),
    Keyword(
      "source", .group(source(.standard)), required: true,
      "Where records come from: one of \(source(.standard).names.joined(separator: ", "))."),
    Keyword("mappings", .nonEmptyList(.text), required: true, "The mapping files that records go through."),
    Keyword(
      "destinations", .map(.group(destination), atLeast: 1), required: true,
      "Where target records go, each under a name of your choice."),
    Keyword(
      "gates", .group(gates),
      "Conditions on a run, most of them checked before anything is published; the default is read: {min: 1}. `written` always applies."
    ),
    Keyword("retention", .literal, reserved: true, "How long snapshots and runs are kept."),
    Keyword("notify", .literal, reserved: true, "What to run when a run does not end with 0."),
  ])

  /// The formats of files among `formats` that pipelines may name, in reverse order: lines come before tables.
  static func source(_ formats: SourceFormats) -> KeywordGroup {
    let files = formats.all.reversed().compactMap { format in
      format.pipelineSummary.map { Keyword(format.name, .map(FileKeywords.shape(format), atLeast: 1), $0) }
    }
    return KeywordGroup(
      [Keyword("ghl", .group(ghl), "A GHL location.")] + files
        + [Keyword("snapshot", .text, "An existing snapshot: its ID, or latest.")], isChoice: true)
  }

  static let ghl = KeywordGroup(
    [
      Keyword("location", .text, "The location's ID."),
      Keyword("locations", .literal, reserved: true, "Several locations."),
      Keyword("businesses", .anyOf([.text, .nonEmptyList(.text)]), "all, or a list of IDs or names."),
      Keyword(
        "without_business", .words(GHLSourceDocument.WithoutBusiness.allCases.map(\.rawValue)),
        "Contacts that belong to no business: count them, include them, or ignore them."),
      Keyword("base_url", .text, "The API's address, if it is not GHL's own."),
      Keyword("auth", .group(GHLKeywords.auth), required: true, "Where to find the private integration token."),
      Keyword("budget", .group(GHLKeywords.budget), "How much of the quota a run may use."),
      Keyword("requests", .group(requests), "Retries and time limits for API requests."),
      Keyword("removed_guard", .literal, reserved: true, "The share of records that may disappear in one run."),
    ], alternatives: ["location", "locations"])

  static let requests = KeywordGroup([
    Keyword("attempts", .integer(1...20), "How many times a failing request is sent, including the first (default 6)."),
    Keyword("timeout", .text, "How long a response may take, from 1s to 10m (default 30s)."),
    Keyword(
      "longest_wait", .text, "A longer pause, for any reason, ends the run with exit code 75 (default 5m, at most 1h)."),
  ])

  static let destination = KeywordGroup(
    [
      Keyword("csv", .group(csv), "CSV files (RFC 4180)."),
      Keyword("ndjson", .group(file), "Files with one JSON object per line."),
      Keyword("json", .group(file), "Files with one JSON array."),
      Keyword("sqlite", .group(sqlite), "Tables of a SQLite database."),
      Keyword("http", .group(HTTPKeywords.document), "The endpoints of an API."),
      Keyword("ghl", .group(GHLKeywords.document), "A GHL location: contacts, their tasks, notes, tags and businesses."),
    ], isChoice: true)

  static let file = KeywordGroup([
    Keyword("path", .text, required: true, "The file; may contain {mapping}, {location}, {run} and {date}."),
    Keyword("mappings", .list(.text), "Only these mappings, by name (default: all)."),
  ])

  static let csv = KeywordGroup(
    file.keywords + [
      Keyword("crlf", .boolean, "Whether rows end in CR LF (default false)."),
      Keyword("escape_formulas", .boolean, "Whether text that a spreadsheet would run gets a leading ' (default true)."),
    ])

  static let sqlite = KeywordGroup([
    Keyword("path", .text, required: true, "The database; may contain {mapping}, {location}, {run} and {date}."),
    Keyword("table", .text, "The table, with the same placeholders (default {mapping})."),
    Keyword(
      "mode", .words(SQLiteMode.allCases.map(\.rawValue)),
      "upsert inserts and updates rows by the target key (the default); replace deletes all other rows as well."),
    Keyword("mappings", .list(.text), "Only these mappings, by name (default: all)."),
  ])
}
