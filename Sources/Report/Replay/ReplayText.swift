import Control

/// Open items that a replay left as they are, for people.
package enum ReplayText {
  /// Nil if nothing has to be said: what is replayed or resolved is counted.
  package static func note(_ standing: ReplayedItem.Standing, count: Int) -> String? {
    let isOne = count == 1
    let again = "run the pipeline to read \(isOne ? "it" : "them") again"
    switch standing {
    case .known(.replay), .known(.resolved): return nil
    case .known(.newerOpen(let run, let isPending)):
      let what = isOne ? "a newer version of 1 record, which is" : "newer versions of \(count) records, which are"
      return "run \(run) has read \(what) "
        + (isPending ? "pending: the next run sends \(isOne ? "it" : "them")" : "not loaded either: replay that run")
    case .known(.keyless(let run)):
      return
        "\(isOne ? "1 record has" : "\(count) records have") no key, or another one than in run \(run), so newer versions that it has read cannot be recognized: \(again)"
    case .known(.undone(let run)):
      return
        "run \(run) had loaded \(isOne ? "a newer version of 1 record" : "newer versions of \(count) records"), and has been undone: the next run sends \(isOne ? "it" : "them")"
    case .known(.olderSnapshot(let run)):
      return
        "run \(run) has read \(isOne ? "an older version of 1 record" : "older versions of \(count) records") since, so \(isOne ? "it is" : "they are") not sent: \(again)"
    case .indistinct:
      return
        "\(isOne ? "1 record" : "\(count) records") cannot be told apart from others on the same line: \(again)"
    }
  }
}
