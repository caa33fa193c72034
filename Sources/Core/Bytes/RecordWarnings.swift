/// What a source warns of about a record that is processed anyway.
package struct RecordWarnings: OptionSet, BitwiseCopyable, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let csvResynchronized = RecordWarnings(rawValue: 1)
  package static let csvBareQuote = RecordWarnings(rawValue: 2)
  package static let controlCharacter = RecordWarnings(rawValue: 4)

  private static let all: [(RecordWarnings, ProblemCode)] = [
    (.csvResynchronized, .csvResynchronized), (.csvBareQuote, .csvBareQuote), (.controlCharacter, .controlCharacter),
  ]

  /// As ledger lines carry them.
  package var codes: [ProblemCode] { Self.all.filter { contains($0.0) }.map(\.1) }
}
