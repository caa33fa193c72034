import ArgumentParser
import Mapping

/// `--now`: the value of `now` in expressions, so that a result can be reproduced.
struct MomentOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The value of `now` in expressions: RFC 3339 with an offset (default: the start).", valueName: "time"))
  var now: String?

  mutating func validate() throws {
    guard let now, !MomentText.isMoment(now) else { return }
    throw ValidationError("--now \(now): write a time with its offset, such as 2024-05-01T12:00:00Z")
  }
}
