/// An operation that failed although neither the data nor the mapping is wrong: what happened, where, and what to do.
///
/// It is the one shape of such failures in all targets. What is wrong with the data is a `Problem`, what is wrong with a
/// mapping a `Diagnostic`.
///
///     throw OperationFailure(.inputMissing, "there is no snapshot in \(root): run `waybill extract` first")
package struct OperationFailure: Error, Sendable, CustomStringConvertible {
  /// Callers decide by the code; `exitCode` derives the process's exit code from it.
  package enum Code: String, Sendable, Hashable, CaseIterable, Codable {
    /// A bug, or an unforeseen failure of the system.
    case fault
    /// An option or argument that does not fit.
    case usage
    /// A mapping, schema or pipeline file, or the form of an input file.
    case wrongFile
    case inputMissing
    /// One of our files was changed or truncated.
    case damaged
    /// A newer version of Waybill wrote the file.
    case newerFormat
    case cannotWrite
    /// The reader of the output has gone; nothing can be reported to it.
    case outputClosed
    case configuration
    case notAuthorised
    case unreachable
    /// Too many requests to a destination failed, so no more are sent to it for now.
    case circuitOpen
    /// A gate of the pipeline stops the run.
    case gateFailed
    /// A destination is not as it was expected to be.
    case differs
    /// A signal, or `--max-duration`.
    case interrupted
    /// Another process holds the state.
    case stateHeld
    /// Another process is writing to the state at the moment.
    case stateBusy
    /// Another program has locked a destination.
    case destinationBusy
    /// `--budget`.
    case budgetSpent
    /// The reset time is unknown: GHL does not announce it.
    case dailyQuotaSpent
    /// Another client uses the quota.
    case throttled
    /// The server asked to come back after `retryAfterSeconds`.
    case askedToWait
  }

  package let code: Code
  /// One line for people. It does not contain credentials.
  package let description: String
  /// What was thrown below.
  package let underlying: (any Error)?
  /// When to retry; nil if that is unknown, or if a retry would fail again.
  package let retryAfterSeconds: Int?

  package init(_ code: Code, _ description: String, underlying: (any Error)? = nil, retryAfterSeconds: Int? = nil) {
    self.code = code
    // Invalid addresses are quoted.
    self.description = SecretShapes.withoutCredentials(description)
    self.underlying = underlying
    self.retryAfterSeconds = retryAfterSeconds ?? code.retryAfterSeconds
  }

  /// Any error: itself if it is one, what it converts to, an interruption if the task was cancelled, or else a fault.
  package init(_ error: any Error) {
    switch error {
    case let failure as OperationFailure: self = failure
    case let failure as any ConvertibleToOperationFailure: self = failure.operationFailure
    case is CancellationError: self.init(.interrupted, "interrupted", underlying: error)
    default: self.init(.fault, "unexpected: \(ErrorText.describe(error))", underlying: error)
    }
  }

  /// The same operation may succeed later without any change.
  package var isTransient: Bool { code.isTransient }

  package var exitCode: ExitCode { code.exitCode }
}

extension OperationFailure: Hashable {
  /// What was thrown below does not count: errors cannot be compared.
  package static func == (left: Self, right: Self) -> Bool {
    left.code == right.code && left.description.isExactly(right.description) && left.retryAfterSeconds == right.retryAfterSeconds
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(code)
    hasher.combine(Name(description))
  }
}

/// An error of one domain, with kinds of its own that its callers decide by.
package protocol ConvertibleToOperationFailure: Error {
  var operationFailure: OperationFailure { get }
}

extension OperationFailure.Code {
  package var exitCode: ExitCode {
    switch self {
    case .fault: .fault
    case .usage: .usage
    case .wrongFile: .wrongFile
    case .inputMissing, .damaged: .inputMissing
    case .cannotWrite: .cannotWrite
    case .outputClosed: .outputClosed
    case .configuration, .newerFormat: .configuration
    case .notAuthorised: .notAuthorised
    case .unreachable: .unreachable
    case .circuitOpen: .circuitOpen
    case .gateFailed, .differs: .gateFailed
    case .interrupted, .stateHeld, .stateBusy, .destinationBusy, .budgetSpent, .dailyQuotaSpent, .throttled, .askedToWait:
      .tryLater
    }
  }

  var isTransient: Bool { exitCode == .tryLater || self == .unreachable || self == .circuitOpen }

  fileprivate var retryAfterSeconds: Int? {
    switch self {
    case .interrupted, .budgetSpent: 0
    case .throttled: 120
    default: nil
    }
  }
}
