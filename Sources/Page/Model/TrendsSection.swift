/// The figures of the last runs, for sparklines.
package struct TrendsSection: PageSection {
  package static let title = "Trends"
  package static let explanation =
    "The last runs of the same pipeline and location, oldest first. A gap is a run that did not record the figure."
  package static let sources = ["state.sqlite: runs"]

  package struct Series: Encodable, Sendable, Equatable {
    /// The run of the page at the end of the series.
    package var run: String
    package var mapping: String?
    package var destination: String?
    /// `read`, an outcome, or the slug of a code.
    package var figure: String
    package var isCode: Bool
    /// Oldest first; the last one is the page's run.
    package var points: [Point]
  }

  package struct Point: Encodable, Sendable, Equatable {
    package var run: String
    /// RFC 3339, UTC.
    package var started: String
    /// Nil: not recorded.
    package var count: Int?
  }

  package var series = PageList<Series>()
  package var missing: [NotRecorded] = []
}
