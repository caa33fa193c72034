/// Which values of the source became which members of the target's enums.
package struct CrosstabsSection: PageSection {
  package static let title = "Source values and target values"
  package static let explanation =
    "For fields with a fixed list of values: which source value became which target value, and how often."
  package static let sources = ["changes-made/MAPPING.json"]

  package struct Table: Encodable, Sendable, Equatable {
    package var run: String
    package var mapping: String
    package var field: String
    package var sourceField: String
    /// Its values are shown as the ledger masks them.
    package var isMasked: Bool
    /// The most frequent first.
    package var cells: [Cell]
    /// Items in all cells, also those that are not listed.
    package var total: Int
    /// Items in cells that are not listed.
    package var omitted: Int
    /// Values that the lookup or the enum has and no item had.
    package var unused: [String]
  }

  package struct Cell: Encodable, Sendable, Equatable {
    /// Nil: no value.
    package var source: String?
    package var target: String?
    package var count: Int
    /// The lookup or the enum has the source's value.
    package var isKnown: Bool
  }

  package var tables = PageList<Table>()
  package var missing: [NotRecorded] = []
}
