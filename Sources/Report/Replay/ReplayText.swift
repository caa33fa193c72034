import Control

/// Open items that a replay left as they are, for people.
package enum ReplayText {
  /// Nil if nothing has to be said: what is replayed or resolved is counted.
  package static func note(_ standing: ReplayedItem.Standing, count: Int) -> String? {
    let isOne = count == 1
    switch standing {
    case .known(.replay), .known(.resolved): return nil
    case .known(.newerOpen(let run, let isPending)):
      let what = isOne ? "a newer version of 1 record, which is" : "newer versions of \(count) records, which are"
      return "run \(run) has read \(what) "
        + (isPending ? "pending: the next run sends \(isOne ? "it" : "them")" : "not loaded either: replay that run")
    case .known(.keyless(let run)):
      return
        "\(isOne ? "1 record has" : "\(count) records have") no key, so newer versions that run \(run) has read cannot be recognized: run the pipeline to read \(isOne ? "it" : "them") again"
    case .indistinct:
      return
        "\(isOne ? "1 record" : "\(count) records") cannot be told apart from others on the same line: run the pipeline to read \(isOne ? "it" : "them") again"
    }
  }
}
