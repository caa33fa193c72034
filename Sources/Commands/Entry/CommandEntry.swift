import ArgumentParser
import Core
import Glibc

/// From arguments to an exit code: parses, runs, and reports failures.
package enum CommandEntry {
  /// Called before anything else in the process: from here on, a signal ends the work gracefully.
  package static func begin() { Interruption.begin() }

  /// Runs the process's command line; SIGINT, SIGTERM and SIGHUP cancel it.
  package static func run(_ arguments: [String], environment: [String: String]) async -> Int32 {
    let console = Console.standard(environment: environment)
    let surroundings = Surroundings(console: console, environment: environment, confirmation: .terminal(console))
    if let message = ArgumentText.refusal(of: ArgumentText.ofProcess()) {
      surroundings.console.fault(message)
      return Core.ExitCode.usage.rawValue
    }
    // There is no task to cancel yet.
    if let name = Interruption.first {
      surroundings.console.fault("\(name): interrupted before it started")
      return Core.ExitCode.tryLater.rawValue
    }
    let ending = Locked(Ending())
    let work = Task { await run(arguments, in: surroundings) { ending.withLock { $0.endsAtOnce = true } } }
    let interruption = Interruption { name in
      endAtOnce(name, ending, surroundings.console)
      surroundings.console.note("waybill: \(name): ending gracefully; interrupt again to end at once")
      work.cancel()
      // A command that begins after this is cancelled before it does anything; one that has begun since the first look ends here.
      endAtOnce(name, ending, surroundings.console)
    }
    let code = await work.value
    let isInterrupted = ending.withLock { ending in
      defer { ending.isDecided = true }
      return ending.isDecided
    }
    interruption.stop()
    return (isInterrupted ? .tryLater : code).rawValue
  }

  /// What decides the exit code: the work, or a signal.
  private struct Ending {
    /// A signal does not wait for the work.
    var endsAtOnce = false
    var isDecided = false
  }

  /// Ends the process here, on the signal-handling thread: on a single processor, a busy command lets no other task run.
  private static func endAtOnce(_ signal: String, _ ending: Locked<Ending>, _ console: Console) {
    let isToEnd = ending.withLock { ending in
      guard ending.endsAtOnce, !ending.isDecided else { return false }
      ending.isDecided = true
      return true
    }
    guard isToEnd else { return }
    console.fault("\(signal): interrupted; nothing was changed")
    _exit(Core.ExitCode.tryLater.rawValue)
  }

  /// The same without the process: what tests call.
  ///
  /// - Parameter willEndAtOnce: called just before a command with `endsAtOnce` begins.
  static func run(
    _ arguments: [String], in given: Surroundings, willEndAtOnce: () -> Void = {}
  ) async -> Core.ExitCode {
    var surroundings = given
    surroundings.console = given.console.guarded()
    var console = surroundings.console
    if let message = CommandNames.refusal(of: arguments) {
      console.fault(message)
      return .usage
    }
    do {
      if arguments == [ManualPage.option] {
        try console.writeOutput(ManualPage.text())
        return .done
      }
      var command = try Waybill.parseAsRoot(EvalArguments.arranged(arguments))
      guard let waybillCommand = command as? any WaybillCommand else {
        try command.run()
        return .done
      }
      if type(of: waybillCommand).endsAtOnce {
        willEndAtOnce()
        try Task.checkCancellation()
      }
      let context = CommandContext(waybillCommand.common, surroundings)
      // From here on, errors also follow `--log-format`.
      console = context.console
      return try await waybillCommand.run(in: context)
    } catch {
      return report(error, of: arguments, console)
    }
  }

  private static func report(_ error: any Error, of arguments: [String], _ console: Console) -> Core.ExitCode {
    if error is Console.OutputClosed { return .done }
    if let failure = ExitMapping.failure(of: error) {
      if let files = error as? UncompiledFiles { console.show(files.diagnostics) }
      // Nobody is left to read a message.
      if failure.code != .outputClosed { console.fault(failure.description) }
      return failure.exitCode
    }
    // Help, the version, and the parser's own messages.
    let text = UsageLine.shortened(in: Waybill.fullMessage(for: error))
    guard !Waybill.exitCode(for: error).isSuccess else {
      try? console.print(text)
      return .done
    }
    if let message = UsageFault(EvalArguments.arranged(arguments)).message(Waybill.message(for: error)) {
      console.fault(message)
      return .usage
    }
    let prefix = "Error: "
    console.faultText(text.hasPrefix(prefix) ? lowercasingFirst(text.dropFirst(prefix.count)) : text)
    return .usage
  }

  private static func lowercasingFirst(_ text: Substring) -> String { text.prefix(1).lowercased() + text.dropFirst() }
}
