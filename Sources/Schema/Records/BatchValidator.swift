package import Core
import Records

/// Validates the records of one batch after another and counts. One per worker.
package final class BatchValidator: @unchecked Sendable {
  /// A record that is not valid, or cannot be read; or a warning about one that was still read.
  package struct Finding: Sendable {
    /// From 1; of a record that cannot be read the line of the fault.
    package var line: Int
    /// The place of the fault in that line, from 1; nil if unknown.
    package var byte: Int?
    /// Bytes from the beginning of the input.
    package var offset: Int
    package var failures: [SchemaFailure]
    package var fault: InstanceFault?
    package var severity = Severity.error
    /// The source's description of the fault; nil: the code of `fault` is enough.
    var reason: String?
  }

  package struct Counts: Sendable, Equatable {
    package var read = 0
    package var valid = 0
    package var invalid = 0
    /// Failures by code: several of one record count each.
    package var codes: [ProblemCode: Int] = [:]
    /// Warnings by code, about records that still count as valid or invalid.
    package var warnings: [ProblemCode: Int] = [:]

    package init() {}

    package var unaccounted: Int { read - valid - invalid }

    package static func += (left: inout Counts, right: Counts) {
      left.read += right.read
      left.valid += right.valid
      left.invalid += right.invalid
      left.codes.merge(right.codes, uniquingKeysWith: +)
      left.warnings.merge(right.warnings, uniquingKeysWith: +)
    }
  }

  package let batch = RecordBatch()
  package private(set) var findings: [Finding] = []
  package private(set) var counts = Counts()

  private let validator: SchemaValidator
  private let space = ValidationSpace()

  package init(_ validator: SchemaValidator) { self.validator = validator }

  /// Works on what is in `batch`; `findings` and `counts` are of this batch alone.
  package func process() {
    findings.removeAll(keepingCapacity: true)
    counts = Counts()
    for item in batch.items {
      counts.read += 1
      for warning in item.warnings.codes { warn(warning, of: item) }
      let result: Result<[SchemaFailure], InstanceFault> =
        if let fault = item.fault {
          .failure(InstanceFault(code: fault, offset: 0))
        } else {
          validator.failures(in: UnsafeBufferPointer(rebasing: batch.bytes[item.start..<item.end]), space)
        }
      if case .success = result, let found = space.tape.controlCharacter, !item.warnings.contains(.controlCharacter) {
        warn(.controlCharacter, of: item, reason: "a text contains \(ControlCharacters.name(found))")
      }
      switch result {
      case .success(let failures) where failures.isEmpty: counts.valid += 1
      case .success(let failures):
        note(Finding(line: item.line, offset: item.offset, failures: failures))
        for failure in failures { counts.codes[failure.code, default: 0] += 1 }
      case .failure(let fault):
        let place = place(of: fault, in: item)
        note(
          Finding(
            line: place.line, byte: place.byte, offset: item.offset, failures: [], fault: fault,
            reason: batch.note(of: item, about: fault.code)))
        counts.codes[fault.code, default: 0] += 1
      }
    }
  }

  private func place(of fault: InstanceFault, in item: RecordBatch.Item) -> (line: Int, byte: Int?) {
    guard item.fault == nil else { return (item.line, nil) }
    let before = batch.bytes[item.start..<min(item.start + fault.offset, item.end)]
    guard let lineBreak = before.lastIndex(of: 0x0A) else {
      return (item.line, item.column >= 0 ? item.column + fault.offset + 1 : nil)
    }
    return (item.line + before.count { $0 == 0x0A }, item.start + fault.offset - lineBreak)
  }

  private func warn(_ code: ProblemCode, of item: RecordBatch.Item, reason: String? = nil) {
    var finding = Finding(
      line: item.line, offset: item.offset, failures: [], fault: InstanceFault(code: code, offset: 0),
      reason: reason ?? batch.note(of: item, about: code))
    finding.severity = .warning
    findings.append(finding)
    counts.warnings[code, default: 0] += 1
  }

  private func note(_ finding: Finding) {
    counts.invalid += 1
    findings.append(finding)
  }
}

extension BatchValidator.Finding {
  /// What is wrong with a record that cannot be read, or what the warning is about; nil: see `failures`.
  package var message: String? { fault.map { reason ?? Self.message($0.code) } }

  /// For people: `/email: must have the format 'email' (schema-format, #/properties/email/format)`.
  package var text: [String] {
    if let fault, let message {
      return [
        "\(severity == .warning ? "warning: " : "")\(message)\(byte.map { ", at byte \($0)" } ?? "") (\(fault.code.slug))"
      ]
    }
    return failures.map { failure in
      let place = failure.instance.isEmpty ? "the value" : failure.instance
      return "\(place): \(failure.message) (\(failure.code.slug), \(failure.schema))"
    }
  }

  private static func message(_ code: ProblemCode) -> String {
    switch code {
    case .invalidUTF8: "the record contains invalid UTF-8 or half of a surrogate pair: \(InvalidUTF8.remedy)"
    case .duplicateMember: "a member occurs twice in the record"
    case .recordTooLarge: "the record is longer than the limit and was skipped"
    case .recordTooDeep: "the record is nested deeper than \(InstanceTape.maximumDepth) levels"
    case .raggedRow: "the row has a different number of cells than the header"
    case .invalidCSV: "the row has a quote that is misplaced or never closed"
    case .repeatedHeader: "the row repeats the header"
    case .csvBareQuote: "an unquoted cell contains a quote, which is taken as text"
    case .controlCharacter: "a text contains a control character"
    case .csvResynchronized:
      "a bad quoted cell would have swallowed this row, which may be text that only looks like one"
    default: "the record is not valid JSON"
    }
  }
}
