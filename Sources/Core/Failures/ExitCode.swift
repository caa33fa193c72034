/// The process's exit code. The contract is in CommandLine.md, "Exit codes"; `waybill --help` prints it.
package enum ExitCode: Int32, Sendable, CaseIterable, Codable {
  case done = 0
  case fault = 1
  case gateFailed = 3
  case recordsFailed = 4
  case circuitOpen = 6
  case usage = 64
  case wrongFile = 65
  case inputMissing = 66
  case unreachable = 69
  case cannotWrite = 73
  case tryLater = 75
  case notAuthorised = 77
  case configuration = 78
  /// 128 plus the number of SIGPIPE: what shells report for filters that a closed pipe terminates.
  case outputClosed = 141

  package var meaning: String {
    switch self {
    case .done: "done"
    case .fault: "unexpected error"
    case .gateFailed: "a gate failed, or a destination differs from what was expected"
    case .recordsFailed: "records were rejected or failed and no gate allows that many"
    case .circuitOpen: "circuit open"
    case .usage: "wrong usage"
    case .wrongFile: "a mapping, schema or pipeline file is wrong, or its tests fail"
    case .inputMissing: "an input is missing"
    case .unreachable: "source or destination unreachable"
    case .cannotWrite: "an output cannot be written"
    case .tryLater: "try again later: quota spent, interrupted, or another run holds the state"
    case .notAuthorised: "not authorized"
    case .configuration: "configuration"
    case .outputClosed: "the reader of the output exited first (`| head`)"
    }
  }
}

extension ExitCode {
  /// The code that a run with several codes ends with; `done` if there are none.
  package static func worst(_ codes: some Sequence<ExitCode>) -> ExitCode {
    let order: [ExitCode] = [
      .fault, .configuration, .wrongFile, .usage, .inputMissing, .notAuthorised, .cannotWrite, .circuitOpen, .gateFailed,
      .recordsFailed, .unreachable, .tryLater, .outputClosed,
    ]
    let all = Set(codes)
    return order.first { all.contains($0) } ?? .done
  }
}
