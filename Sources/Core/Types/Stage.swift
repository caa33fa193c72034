/// The stages of a run, as named in ledger lines, and that of a comparison with what was loaded.
package enum Stage: String, BitwiseCopyable, Sendable, CaseIterable, Hashable, Codable {
  case extract, transform, validate, load, compare
}
