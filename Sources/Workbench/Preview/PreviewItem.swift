package import Core

/// What a mapping makes of one item of its input, for people who work on the mapping: what it reads, what it writes, and
/// what is wrong, side by side. Values are shown unmasked whatever `pii` says: this is the user's own screen, and nothing
/// is stored.
package struct PreviewItem: Sendable, Equatable {
  package struct Pair: Sendable, Equatable {
    @ByBytes package var name: String
    @ByBytes package var text: String

    package init(name: String, text: String) {
      self.name = name
      self.text = text
    }
  }

  package struct Remark: Sendable, Equatable {
    package var severity: Severity
    package var code: String
    package var field: String?
    package var message: String
  }

  /// Nil if the record has none.
  package var key: String?
  package var line: Int
  /// As `transform` counts it.
  package var outcome: Outcome
  /// What the mapping reads: path and JSON text, without absent members.
  package var source: [Pair]
  /// The target record, by column: name and JSON text. For an item that is not written, what its fields became; empty if
  /// they were never computed.
  package var target: [Pair]
  package var problems: [Remark]
}
