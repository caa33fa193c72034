/// A section of the page.
package protocol PageSection: Encodable, Sendable, Equatable {
  /// Its heading.
  static var title: String { get }
  /// What it says and how to read it, in a sentence or two.
  static var explanation: String { get }
  /// The files of the run's folder, or of the state, that its numbers come from.
  static var sources: [String] { get }
  /// What could not be shown.
  var missing: [NotRecorded] { get set }
}

/// Something that a section should have and a run has not recorded.
package struct NotRecorded: Encodable, Sendable, Equatable {
  package var run: String
  /// What is missing, and what would record it, as a sentence.
  package var text: String
}

/// The first rows of a list that may be too long for a page.
package struct PageList<Row: Encodable & Sendable & Equatable>: Encodable, Sendable, Equatable {
  package var rows: [Row] = []
  /// Of the whole list.
  package var total = 0
  /// Prints the whole list; nil if `rows` is the whole list, or there is no such command.
  package var command: String?

  /// The rows that the page does not have.
  package var omitted: Int { max(0, total - rows.count) }

  package init() {}

  /// - Parameter limit: the most rows to keep.
  package init(_ all: [Row], limit: Int, command: String? = nil) {
    rows = Array(all.prefix(limit))
    total = all.count
    self.command = all.count > limit ? command : nil
  }

  package init(_ rows: [Row], total: Int, command: String? = nil) {
    self.rows = rows
    self.total = total
    self.command = total > rows.count ? command : nil
  }
}

/// A named count.
package struct PageCount: Encodable, Sendable, Equatable {
  package var name: String
  package var count: Int

  package init(_ name: String, _ count: Int) {
    self.name = name
    self.count = count
  }
}
