import ArgumentParser

/// `--budget` of the commands that read or write GHL.
struct BudgetOption: ParsableArguments {
  @Option(parsing: .unconditional, help: ArgumentHelp("Make at most this many requests to GHL.", valueName: "n"))
  var budget: Int?

  mutating func validate() throws {
    if let budget, budget < 1 { throw ValidationError("--budget \(budget): it must be 1 or more") }
  }
}
