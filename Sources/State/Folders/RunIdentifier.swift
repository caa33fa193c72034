import Files
package import FoundationEssentials

/// Names of runs: `20261124T024650123Z-00kq2m`. They sort by time, as those of snapshots do.
package enum RunIdentifier {
  package static func make(at date: Date) -> String { SortableName.make(at: date) }
}
