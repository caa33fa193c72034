package import Extract
package import State

extension StateFolder {
  /// The newest snapshot that has all of a location, or all of these businesses, for counting.
  package func latestSnapshot(of location: String, businesses: [String]? = nil) -> Snapshot? {
    SnapshotReader(root: snapshots).latestComplete(location: location, businesses: businesses)
  }
}
