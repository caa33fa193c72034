import Control
package import Core
import Extract
import GHL
import Records
import State
import Transform

/// Why a stage could not do its work: an exit code and a message for people.
package struct PipelineFailure: Error, Sendable, Hashable, CustomStringConvertible {
  package var exitCode: ExitCode
  package var description: String
  /// Nobody is there to read a message: the reader of the output has gone.
  package var isQuiet = false
  /// Of a failure with the exit code `tryLater`: what has to pass.
  package var pause: Pause?

  /// Why it is worth to try later, and when.
  package enum Pause: Sendable, Hashable {
    /// A signal, or `--max-duration`.
    case interrupted
    case stateHeld
    /// `--budget`.
    case budgetSpent
    case dailyQuotaSpent
    /// Somebody else uses the quota.
    case throttled
    /// The server asked to come back after this many seconds.
    case asked(seconds: Int)

    /// Nil if that is unknown: when another run will end, or when the daily quota resets, which GHL does not announce.
    package var seconds: Int? {
      switch self {
      case .interrupted, .budgetSpent: 0
      case .throttled: 120
      case .asked(let seconds): seconds
      case .stateHeld, .dailyQuotaSpent: nil
      }
    }
  }

  package init(_ exitCode: ExitCode, _ description: String) {
    self.exitCode = exitCode
    // Invalid addresses are quoted.
    self.description = SecretShapes.withoutCredentials(description)
  }

  /// Any error that a stage throws, as the exit code and the words that it deserves.
  package init(_ error: any Error) {
    switch error {
    case let failure as PipelineFailure: self = failure
    case let failure as InputFailure: self.init(.inputMissing, "\(failure)")
    case let failure as OutputFailure:
      self.init(.cannotWrite, "\(failure): \(failure.remedy ?? "free some space, or check the folder and its permissions")")
      isQuiet = failure.isBrokenPipe
    case let failure as SpillFailure: self.init(.cannotWrite, "\(failure): free some space, or point TMPDIR to another disk")
    case let failure as CSVFailure: self.init(.wrongFile, "\(failure)")
    case let failure as ProgramFailure: self.init(.wrongFile, "\(failure)")
    case let failure as StateFailure: self.init(failure.exitCode, "\(failure)")
    case let failure as StateLock.Held: self.init(failure.exitCode, "\(failure)")
    case let failure as SnapshotFailure: self.init(failure.exitCode, "\(failure)")
    case let failure as ExtractFailure: self.init(failure.exitCode, "\(failure)")
    case let failure as GHLFailure: self.init(failure.exitCode, "\(failure)")
    case let failure as SecretReference.Failure: self.init(failure.exitCode, "\(failure)")
    case is CancellationError: self.init(.tryLater, "interrupted")
    default: self.init(.fault, "unexpected: \(ErrorText.describe(error))")
    }
    if pause == nil { pause = Self.pause(of: error) }
  }

  private static func pause(of error: any Error) -> Pause? {
    switch error {
    case ExtractFailure.source(let failure): pause(of: failure)
    case is CancellationError: .interrupted
    case is StateLock.Held: .stateHeld
    case ExtractFailure.locationNeeded(let failure, _): pause(of: failure)
    case let failure as GHLFailure:
      switch failure.kind {
      case .cancelled: .interrupted
      case .budgetSpent: .budgetSpent
      case .dailyQuotaSpent: asked(failure) ?? .dailyQuotaSpent
      case .throttled: asked(failure) ?? .throttled
      case .comeBackLater: asked(failure)
      default: nil
      }
    default: nil
    }
  }
}

extension PipelineFailure {
  private static func asked(_ failure: GHLFailure) -> Pause? { failure.retryAfter.map { .asked(seconds: $0.wholeSeconds) } }
}

extension ExitCode {
  /// Of several, the one that a run ends with; done where there is none.
  package static func worst(_ codes: some Sequence<ExitCode>) -> ExitCode {
    let order: [ExitCode] = [
      .fault, .configuration, .wrongFile, .usage, .inputMissing, .notAuthorised, .cannotWrite, .circuitOpen, .gateFailed,
      .recordsFailed, .unreachable, .tryLater,
    ]
    let all = Set(codes)
    return order.first { all.contains($0) } ?? .done
  }
}
