/// An option of the command line, for messages that advise using or removing it: `"run without \(CommandOption.snapshot)"`.
/// Only `Commands` declares options; a test checks these names against them.
package enum CommandOption: String, Sendable, CaseIterable, CustomStringConvertible {
  case acceptGate = "accept-gate"
  case budget, business, code
  case customFields = "custom-fields"
  case delimiter, encoding, entity, fault
  case firstLoad = "first-load"
  case format, input
  case inputFormat = "input-format"
  case keys
  case keysDelimiter = "keys-delimiter"
  case keysEncoding = "keys-encoding"
  case keysSkipLines = "keys-skip-lines"
  case ledger, limit, location, mapping, openapi, output, project, quotes, records, resume, sample, schema
  case schemaRoot = "schema-root"
  case shard
  case skipLines = "skip-lines"
  case snapshot, state, summary, to, watch

  /// As it is written on the command line.
  package var description: String { "--\(rawValue)" }
}
