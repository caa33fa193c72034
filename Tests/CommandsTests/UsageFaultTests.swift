import Core
import Testing

@testable import Commands

@Suite struct UsageFaultTests {
  @Test(arguments: [
    // A misspelled option comes before what is missing and before files that are not there.
    (["validate", "--shcema", "x"], "unknown option --shcema: did you mean --schema?"),
    (["validate", "x", "--shcema", "y"], "unknown option --shcema: did you mean --schema?"),
    (["validate", "--shcema=y"], "unknown option --shcema: did you mean --schema?"),
    (["transform", "--maping", "m.yaml"], "unknown option --maping: did you mean --mapping?"),
    (["transform", "--threads", "0", "--lenent"], "unknown option --lenent: did you mean --lenient?"),
    (["check", "missing.yaml", "--quite"], "unknown option --quite: did you mean --quiet?"),
    (["check", "--custom"], "unknown option --custom: did you mean --custom-fields?"),
    (["check", "--custom_fields", "f"], "unknown option --custom_fields: did you mean --custom-fields?"),
    (["check", "-json"], "unknown option -json: did you mean --json?"),
    (["runs", "--josn"], "unknown option --josn: did you mean --json?"),
    (["runs", "show", "--jsonn"], "unknown option --jsonn: did you mean --json?"),
    (["eval", "a", "--inptu", "x"], "unknown option --inptu: did you mean --input?"),
    (["transform", "-o", "x"], "unknown option -o: did you mean --output?"),
    (["check", "-v"], "unknown option -v: `waybill check --help` lists the options"),
    (["check", "--frobnicate"], "unknown option --frobnicate: `waybill check --help` lists the options"),
    // An option of another command.
    (
      ["check", "--budget", "5"],
      "unknown option --budget: it belongs to `plan`, `extract`, `run`, `load` and `replay`, not to `waybill check`"
    ),
    (
      ["check", "--threads", "5"],
      "unknown option --threads: it belongs to `profile`, `transform`, `validate`, `run` and `replay`, not to "
    ),
    (["transform", "m.yaml", "--explain"], "unknown option --explain: it belongs to `check`"),
    // Before the command.
    (["--quiet", "check"], "--quiet comes after the command: `waybill check --quiet`"),
    (["--jsno"], "unknown option --jsno: "), (["--versoin"], "unknown option --versoin: did you mean --version?"),
    // Commands of commands.
    (["runs", "lst"], "`waybill runs` has no command 'lst'; did you mean 'list'?"),
    (["runs", "remove"], "`waybill runs` has no command 'remove'; it has list, show and compare"),
    (["help", "runs", "shwo"], "`waybill runs` has no command 'shwo'; did you mean 'show'?"),
    (["tranform"], "there is no command 'tranform'; did you mean 'transform'?"),
    // Values.
    (["ledger", "--format", "cvs"], "--format cvs: it must be table, csv or ndjson; did you mean csv?"),
    (["ledger", "--format=xml"], "--format xml: it must be table, csv or ndjson\n"),
    (["transform", "--format", "jsn"], "--format jsn: it must be csv, ndjson or json; did you mean json?"),
    (["ledger", "--severity", "eror"], "--severity eror: it must be note, warning or error; did you mean error?"),
    (["run", "--log-format", "jsn"], "--log-format jsn: it must be text or json; did you mean json?"),
    (
      ["list", "bussinesses"], "'bussinesses': it must be locations, businesses, users, fields or tags; did you mean businesses?"
    ),
    (["schema", "maping"], "'maping': it must be mapping or pipeline; did you mean mapping?"),
    (["run", "--limit", "abc"], "--limit abc: it must be a whole number"),
    (["run", "--limit", "1.5"], "--limit 1.5: it must be a whole number"),
    (["run", "--max-duration", "5"], "--max-duration 5: write a number and its unit: 90s, 15m, 2h"),
    // What is missing, once everything that is there is right.
    (["validate", "--schema", "x"], "missing expected argument '--input <file>'"),
    (["run", "--limit"], "missing value for '--limit <n>'"),
  ])
  func `a misspelled or misplaced word is reported first`(arguments: [String], message: String) async {
    let ended = await waybill(arguments)
    #expect(ended.code == .usage)
    #expect(ended.output.isEmpty)
    #expect(ended.error.hasPrefix("waybill: \(message)"), "\(ended.error)")
  }

  @Test(arguments: [["eval", "-1 + 2"], ["eval", "-x"], ["eval", "--", "--x"]])
  func `an expression that begins with a dash is not an option`(arguments: [String]) async {
    #expect(!(await waybill(arguments)).error.contains("unknown option"))
  }

  @Test func `the table has every command and its options`() {
    let table = CommandTable()
    #expect(table.root.subcommands.compactMap(\.path.last) == CommandNames.known.filter { $0 != "help" })
    #expect(table.all.allSatisfy { !$0.subcommands.isEmpty || $0.option("--project") != nil })
    #expect(table.all.first { $0.path == ["ledger"] }?.option("--format")?.values == ["table", "csv", "ndjson"])
    #expect(table.all.first { $0.path == ["run"] }?.option("-q")?.takesValue == false)
  }

  @Test(arguments: [
    (["--generate-completion-script", "powershell"], "--generate-completion-script powershell: it must be "),
    (["--generate-completion-script=pwsh"], "--generate-completion-script pwsh: it must be "),
    (["run", "--generate-completion-script", "nu"], "--generate-completion-script nu: it must be "),
    (["--generate-completion-script", "zhs"], "did you mean zsh?"),
  ])
  func `completions for an unknown shell list the supported shells`(words: [String], message: String) async {
    let ended = await waybill(words)
    #expect(ended.code == .usage && ended.error.contains(message), "\(ended.error)")
    for shell in ["bash", "fish", "zsh"] { #expect(ended.error.contains(shell), "\(ended.error)") }
  }

}
