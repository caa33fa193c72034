/// The stages of a run, as named in ledger lines, that of a comparison with what was loaded, and that of a profile.
package enum Stage: String, BitwiseCopyable, Sendable, CaseIterable, Hashable, Codable {
  case extract, transform, validate, load, compare, profile
}
