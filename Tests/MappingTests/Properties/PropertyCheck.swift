import Core
import Foundation
import Mapping
import Records
import Schema
import Transform

/// The properties that hold of every mapping that compiles, over any records. Each gives what breaks it, in words.
struct PropertyCheck {
  struct Violation {
    var property: String
    var detail: String
  }

  /// What was seen, so that a run that looked at nothing is noticed.
  struct Tally {
    var mappings = 0
    var records = 0
    var written = 0
    var predicted = 0
    var warned = 0
  }

  private let run: PropertyRun
  private let lines: [RecordGenerator.Line]
  private(set) var violations: [Violation] = []
  var tally = Tally()

  init(_ run: PropertyRun, _ lines: [RecordGenerator.Line]) {
    self.run = run
    self.lines = lines
  }

  private mutating func require(_ holds: Bool, _ property: String, _ detail: @autoclosure () -> String) {
    if !holds { violations.append(Violation(property: property, detail: detail())) }
  }

  mutating func check() async throws {
    let plain = try await run.run(lines, encoding: TargetEncoding.ndjson)
    tally.mappings += 1
    checkAccounts(plain)
    var records: [PlainJSON] = []
    for line in plain.output.split(separator: 0x0A, omittingEmptySubsequences: true) {
      guard let record = try? PlainJSON(line) else {
        require(false, "outputs are JSON", String(decoding: line, as: UTF8.self))
        return
      }
      records.append(record)
      checkSchema(Array(line))
    }
    tally.records += plain.outcomes.count
    tally.written += records.count
    let written = plain.outcomes.filter { $0.member("outcome")?.string == "written" }
    require(records.count == written.count, "as many outputs as written", "\(records.count) outputs, \(written.count) outcomes")
    guard records.count == written.count else { return }
    for (record, outcome) in zip(records, written) { checkTypes(record, outcome, plain) }
    checkSets(records)
    if run.plan.merge == nil { checkPredictions(plain, records) }
    try await checkTable(plain, records)
    try await checkThreads(plain)
  }

  // MARK: (a) every record once

  private mutating func checkAccounts(_ result: PropertyRun.Result) {
    let counts = result.counts
    let name = "every record is accounted for once"
    require(counts.unaccounted == 0, name, "\(counts)")
    func outcomes(_ word: String) -> [PlainJSON] { result.outcomes.filter { $0.member("outcome")?.string == word } }
    require(counts.read == result.outcomes.count, name, "\(counts.read) read, \(result.outcomes.count) outcome rows")
    for (word, count) in [
      ("written", counts.written), ("rejected", counts.rejected), ("filtered", counts.filtered), ("merged", counts.merged),
    ] {
      require(outcomes(word).count == count, name, "\(count) \(word), \(outcomes(word).count) outcome rows")
    }
    var expected: [Int] = []
    var alternatives: [Int: Int] = [:]
    for (index, line) in lines.enumerated() where !line.bytes.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) {
      var count = 1
      if let record = line.record, let items = MappingOracle.items(of: record, run.plan) { count = items.count }
      expected += Array(repeating: index + 1, count: count)
      // Read or not, by what the mapping reads.
      if line.hasDoubles { alternatives[index + 1] = count }
    }
    func counted(_ lines: [Int]) -> [Int: Int] { lines.reduce(into: [:]) { $0[$1, default: 0] += 1 } }
    let (wanted, found) = (counted(expected), counted(result.outcomes.compactMap { Self.number($0.member("line")) }))
    for line in 1...max(1, lines.count) {
      let isFine =
        wanted[line, default: 0] == found[line, default: 0] || (alternatives[line] != nil && found[line, default: 0] >= 1)
      require(isFine, name, "line \(line): \(wanted[line, default: 0]) items, \(found[line, default: 0]) outcomes")
    }
    for outcome in outcomes("rejected") {
      let problems = Self.problems(of: outcome, in: result)
      require(
        problems.contains { $0.member("severity")?.string == "error" }, "a rejected record has a ledger line", outcome.text)
    }
    for outcome in outcomes("written") + outcomes("filtered") {
      let problems = Self.problems(of: outcome, in: result)
      require(
        !problems.contains { $0.member("severity")?.string == "error" }, "no error stands beside a record that is let through",
        outcome.text)
    }
    for outcome in outcomes("merged") {
      let problems = Self.problems(of: outcome, in: result)
      require(problems.contains { $0.member("code")?.string == "merged" }, "a merged record has a note", outcome.text)
    }
    require(counts.filtered == 0 || run.plan.filter != nil, "only where filters", "\(counts)")
    let warnings = result.ledger.count { $0.member("severity")?.string == "warning" }
    require(warnings == counts.warnings, "warnings are counted", "\(counts.warnings) counted, \(warnings) lines")
  }

  private static func number(_ value: PlainJSON?) -> Int? { if case .number(let digits)? = value { Int(digits) } else { nil } }

  /// Ledger lines that name the item of an outcome: by line, and with `each` by element.
  private static func problems(of outcome: PlainJSON, in result: PropertyRun.Result) -> [PlainJSON] {
    result.ledger.filter { line in
      line.member(at: ["at", "line"]) == outcome.member("line") && line.member("record") == outcome.member("record")
    }
  }

  // MARK: (b), (c), (g) what is in an output

  private mutating func checkTypes(_ record: PlainJSON, _ outcome: PlainJSON, _ result: PropertyRun.Result) {
    // A merged record has values of others.
    let problems = run.plan.mergeBy == nil ? Self.problems(of: outcome, in: result) : result.ledger
    for (index, field) in run.model.fields.enumerated() {
      let name = field.target.joined(separator: ".")
      let value = record.member(at: field.target)
      let shown = "\(name) of \(outcome.text) is \(value?.text ?? "missing")"
      let explained = run.explanation[index]
      let isKept =
        field.onError == .keep
        && problems.contains { $0.member("field")?.string == name && $0.member("severity")?.string == "warning" }
      if let value, value != .null, !isKept {
        require(Self.isOf(field.type, value), "a value has the type that is declared", "\(shown), not \(field.type.name)")
      }
      if field.condition == nil, !explained.isNullable {
        require(value != nil && value != .null, "what is never null has a value", shown)
      }
      let isRequired = run.plan.fields.first { $0.target == name }?.isRequired == true
      let isKey = run.plan.keyNames.contains(name)
      if isRequired || isKey {
        let mayBeMissing = field.condition != nil && value == nil && !isKey
        require((value != nil && value != .null) || mayBeMissing, "what is required has a value", shown)
      }
      for text in value?.texts ?? [] { checkWords(text, shown, outcome) }
    }
  }

  private static func isOf(_ type: ValueType, _ value: PlainJSON) -> Bool {
    switch (type, value) {
    case (.any, _), (_, .null): true
    case (.oneOf(let members), _): members.contains { isOf($0, value) }
    case (.string, .text), (.boolean, .bool), (.decimal, .number), (.number, .number): true
    case (.integer, .number(let digits)): PlainIntegers.digits(digits) == digits
    case (.date, .text(let text)): isDate(text)
    case (.datetime, .text(let text)): isMoment(text)
    case (.list(let element), .list(let elements)): elements.allSatisfy { isOf(element, $0) }
    case (.object, .object): true
    default: false
    }
  }

  private static func isDate(_ text: String) -> Bool {
    text.utf8.count == 10
      && zip(text.utf8, "0000-00-00".utf8).allSatisfy { $1 == UInt8(ascii: "-") ? $0 == $1 : (0x30...0x39).contains($0) }
  }

  private static func isMoment(_ text: String) -> Bool {
    guard isDate(String(text.prefix(10))), text.utf8.count >= 20 else { return false }
    let rest = text.dropFirst(10)
    return rest.wholeMatch(of: /T\d\d:\d\d:\d\d(\.\d*[1-9])?(Z|[+-]\d\d:\d\d)/) != nil
  }

  /// Words that a careless hand makes of nothing; they may come from the record or the mapping only.
  private static let words = ["null", "none", "nil", "undefined", "nan", "infinity", "optional(", "missing"]

  private mutating func checkWords(_ text: String, _ shown: String, _ outcome: PlainJSON) {
    let folded = text.lowercased()
    for word in Self.words where folded.contains(word) {
      let texts = lines.compactMap(\.record).flatMap { $0.texts + Self.names(in: $0) }
      let isGiven = texts.contains { $0.lowercased().contains(word) }
      let isWritten = word == "none" && run.plan.text.contains("none ")
      require(isGiven || isWritten, "null never becomes a word", shown)
    }
  }

  private static func names(in value: PlainJSON) -> [String] {
    switch value {
    case .list(let elements): elements.flatMap(names)
    case .object(let members): members.flatMap { [$0.name] + names(in: $0.value) }
    default: []
    }
  }

  // MARK: (f) the target schema

  private mutating func checkSchema(_ line: [UInt8]) {
    guard let validator = run.model.record else { return }
    let failures = line.withUnsafeBufferPointer { validator.failures(in: $0, ValidationSpace()) }
    switch failures {
    case .failure(let fault): require(false, "an output is valid by the target schema", "\(fault)")
    case .success(let found):
      require(found.isEmpty, "an output is valid by the target schema", "\(found) in \(String(decoding: line, as: UTF8.self))")
    }
  }

  // MARK: unique, merge

  private mutating func checkSets(_ records: [PlainJSON]) {
    let sets = run.plan.unique + (run.plan.mergeBy.map { [$0] } ?? [])
    for name in sets {
      // By bytes, as the product compares: a String equals its other Unicode forms.
      var seen: Set<[UInt8]> = []
      for record in records {
        guard let value = record.member(at: name.split(separator: ".").map(String.init)), value != .null else { continue }
        require(seen.insert(Array(value.text.utf8)).inserted, "what is unique or merged occurs once", "\(name): \(value.text)")
      }
    }
  }

  // MARK: (b), (h) what the oracle knows

  private mutating func checkPredictions(_ result: PropertyRun.Result, _ records: [PlainJSON]) {
    var next = 0
    var outputs: [PlainJSON?] = []
    for outcome in result.outcomes {
      let isWritten = outcome.member("outcome")?.string == "written"
      outputs.append(isWritten ? records[next] : nil)
      if isWritten { next += 1 }
    }
    var place = 0
    for (index, line) in lines.enumerated() {
      let own = result.outcomes.indices.filter { Self.number(result.outcomes[$0].member("line")) == index + 1 }
      guard let record = line.record, !line.hasDoubles else {
        for number in own where !line.hasDoubles {
          require(outputs[number] == nil, "what cannot be read is not written", result.outcomes[number].text)
        }
        continue
      }
      guard let items = MappingOracle.items(of: record, run.plan), items.count == own.count else { continue }
      for (item, number) in zip(items, own) {
        check(record, item, result.outcomes[number], outputs[number], result)
        place += 1
      }
    }
  }

  private mutating func check(
    _ record: PlainJSON, _ item: PlainJSON, _ outcome: PlainJSON, _ output: PlainJSON?, _ result: PropertyRun.Result
  ) {
    let problems = Self.problems(of: outcome, in: result)
    func has(_ severity: String, _ field: String?, _ code: String) -> Bool {
      problems.contains { line in
        line.member("severity")?.string == severity && (field == nil || line.member("field")?.string == field)
          && (code.isEmpty || line.member("code")?.string == code)
      }
    }
    guard MappingOracle.key(of: record) != nil else {
      require(output == nil && has("error", nil, "missing-key"), "a record without its key is rejected", outcome.text)
      return
    }
    guard outcome.member("outcome")?.string != "filtered" else { return }
    // Where `where` itself has failed, the fields were not made.
    let isMade = output != nil || run.plan.filter == nil
    let oracle = MappingOracle(plan: run.plan, record: record, item: run.plan.each == nil ? nil : item)
    let fields = run.plan.vars.map { ($0, "vars.\($0.target)") } + ([run.plan.keyField] + run.plan.fields).map { ($0, $0.target) }
    for (field, name) in fields {
      var found = oracle.prediction(field)
      if run.plan.keyNames.contains(field.target), found.isCertain, found.rejects == nil, found.value.isAbsent {
        found.rejects = "required"
      }
      if let code = found.rejects {
        tally.predicted += 1
        require(output == nil, "what cannot be made rejects the record", "\(name) of \(outcome.text): \(code)")
        if isMade { require(has("error", name, code), "an error has its ledger line", "\(name) of \(outcome.text): \(code)") }
        continue
      }
      if let code = found.warns {
        tally.warned += 1
        if isMade {
          require(has("warning", name, code), "what is put up with leaves a warning", "\(name) of \(outcome.text): \(code)")
        }
      }
      guard found.isCertain else { continue }
      tally.predicted += 1
      let wrong = problems.filter {
        $0.member("field")?.string == name && $0.member("stage")?.string == "transform"
          && $0.member("severity")?.string == "error"
      }
      require(wrong.isEmpty, "a value that can be made is not an error", "\(name) of \(outcome.text): \(wrong.map(\.text))")
      guard let output, !name.hasPrefix("vars.") else { continue }
      let value = output.member(at: name.split(separator: ".").map(String.init))
      let isSame: Bool
      let wanted: String
      switch found.value {
      case .missing: (isSame, wanted) = (value == nil, "missing")
      case .null: (isSame, wanted) = (value == .null, "null")
      case .some(let expected): (isSame, wanted) = (value == expected, expected.text)
      case .unknown: continue
      }
      require(
        isSame, "a value is what the mapping says", "\(name) of \(outcome.text) is \(value?.text ?? "missing"), not \(wanted)")
    }
  }

  // MARK: (d) CSV and NDJSON

  private mutating func checkTable(_ plain: PropertyRun.Result, _ records: [PlainJSON]) async throws {
    let table = try await run.run(lines, encoding: { TargetEncoding.csv($0) })
    let name = "CSV and NDJSON agree"
    guard let text = String(validating: table.output, as: UTF8.self), let rows = try? PlainCSV(text).rows else {
      require(false, name, "the CSV cannot be read: \(String(decoding: table.output, as: UTF8.self))")
      return
    }
    let columns = run.program.layout.columns
    require(rows.count == records.count, name, "\(rows.count) rows for \(records.count) records")
    require(rows.allSatisfy { $0.count == columns.count }, name, "rows of other lengths")
    guard violations.isEmpty else { return }
    let escaped = table.ledger.filter { $0.member("code")?.string == "formula-escaped" }
    var escapes = 0
    for (record, row) in zip(records, rows) {
      for (column, cell) in zip(columns, row) {
        let value = record.member(at: column.path)
        let isSame: Bool
        switch value {
        case nil, .null?: isSame = cell.text.isEmpty && cell.isQuoted == (columns.count == 1)
        case .bool(let value)?: isSame = cell.text == (value ? "true" : "false")
        case .number(let digits)?: isSame = cell.text == digits
        case .text(let text)?:
          let mustEscape = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
          if mustEscape, cell.text.utf8.elementsEqual(("'" + text).utf8) {
            escapes += 1
            isSame = true
          } else {
            isSame =
              cell.text.utf8.elementsEqual(text.utf8) && (!text.isEmpty || cell.isQuoted) && (!mustEscape || column.isVouchedFor)
          }
        case .list?, .object?: isSame = (try? PlainJSON(cell.text)) == value
        }
        require(isSame, name, "\(column.name): \(cell) beside \(value?.text ?? "missing")")
      }
    }
    require(escapes == escaped.count, name, "\(escapes) cells are escaped, \(escaped.count) warnings")
    let others = table.ledger.filter { $0.member("code")?.string != "formula-escaped" }.map(\.text)
    require(others == plain.ledger.map(\.text), name, "the ledgers differ")
    require(table.outcomesText == plain.outcomesText, name, "the outcomes differ")
  }

  // MARK: (e) threads

  private mutating func checkThreads(_ plain: PropertyRun.Result) async throws {
    for (threads, batchSize) in [(1, 500), (2, 900), (3, 2_500)] {
      let other = try await run.run(lines, encoding: TargetEncoding.ndjson, threads: threads, batchSize: batchSize)
      let isSame =
        other.output == plain.output && other.ledgerText == plain.ledgerText && other.outcomesText == plain.outcomesText
      require(
        isSame && other.counts == plain.counts, "threads and batches change nothing", "\(threads) threads, \(batchSize) bytes")
    }
  }
}
