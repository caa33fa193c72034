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

  /// A target field, what it was made of, and what became of it.
  package struct Field: Sendable, Equatable {
    @ByBytes package var name: String
    /// The paths that its value depends on, and the JSON text at each; nil where the record has nothing there.
    package var reads: [Read]
    /// JSON text; nil if the target record does not have the field.
    package var text: String?

    package init(name: String, reads: [Read], text: String?) {
      self.name = name
      self.reads = reads
      self.text = text
    }
  }

  package struct Read: Sendable, Equatable {
    @ByBytes package var path: String
    package var text: String?

    package init(path: String, text: String?) {
      self.path = path
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
  /// The target record, field by field, in its order.
  package var fields: [Field]
  /// What the mapping reads for other purposes: for the key, `where`, rules.
  package var readOtherwise: [Pair]
  /// What the record has that the mapping does not read.
  package var unread: [Pair]
  package var problems: [Remark]
}
