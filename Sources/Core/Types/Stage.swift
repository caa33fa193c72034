/// The stages of a run, as named in ledger lines.
package enum Stage: String, BitwiseCopyable, Sendable, CaseIterable, Hashable, Codable {
  case extract, transform, validate, load
}
