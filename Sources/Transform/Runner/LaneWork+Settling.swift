import Core
import Values

/// Applies decisions about a lane's items, which were made in the order of the input, to its results.
extension LaneWork {
  /// Takes rejected items out of the output, changes how they ended and adds the problems. Nothing is touched where there is
  /// nothing to say, as with most batches.
  ///
  /// - Throws: `OperationFailure`.
  mutating func settle(_ sequencer: RecordSequencer) throws {
    guard let sequence else { return }
    let clashes = try sequencer.judge(sequence, items)
    guard !clashes.isEmpty else { return }
    var settled = Settled()
    settled.output.begin()
    let problems = log.problems
    var next = 0
    var start = (output: 0, problems: 0)
    for index in sequence.items.indices {
      let item = items.items[index]
      var own = clashes[next...].prefix { $0.item == index }
      next += own.count
      let isRejected = own.contains { $0.severity == .error }
      if isRejected {
        // A record that is not written needs no word on how it is written; nor on what did not reject it.
        settled.problems += problems[start.problems..<item.problemsEnd].filter { $0.stage != .load }
        own = own.filter { $0.severity == .error }[...]
        counts.written -= 1
        counts.rejected += 1
      } else {
        settled.problems += problems[start.problems..<item.problemsEnd]
        copyOutput(start.output..<item.outputEnd, into: &settled.output)
      }
      for clash in own { settled.problems.append(problem(of: clash, index, sequence)) }
      start = (item.outputEnd, item.problemsEnd)
      items.change(
        index, to: isRejected ? .rejected : item.outcome, output: settled.output.pendingCount,
        problems: settled.problems.count)
    }
    log.replaceAll(settled.problems)
    swap(&output, &settled.output)
    count()
  }

  private struct Settled: ~Copyable {
    var output = ByteArena(capacity: 512 * 1024)
    var problems: [Problem] = []
  }

  /// Records of a JSON array have the comma before them.
  private func copyOutput(_ range: Range<Int>, into out: inout ByteArena) {
    let text = output.withPending { $0 }[range]
    guard encoding.separator.utf8CodeUnitCount > 0 else { return out.append(text) }
    let isSeparated = text.count > 1 && text.start[0] == UInt8(ascii: ",")
    let record = isSeparated ? text[2..<text.count] : text
    if out.pendingCount > 0, record.count > 0 { out.append(encoding.separator) }
    out.append(record)
  }

  private mutating func problem(
    of clash: RecordSequencer.Clash, _ index: Int, _ sequence: LaneSequence
  ) -> Problem {
    let item = sequence.items[index]
    let key = copiedKey(of: index)
    let subject = Problem.Subject.unique(Int32(clash.rule))
    let privacy = evaluator.privacy(of: subject)
    let value = sequence.text(sequence.shown[item.first + clash.rule]).map { log.copy($0, as: privacy) } ?? .empty
    return Problem(
      .notUnique, severity: clash.severity, stage: .validate, subject: subject, record: items.items[index].mark,
      detail: .other(line: clash.line, key: .empty), value: value, key: key)
  }
}

extension LaneWork {
  fileprivate mutating func copiedKey(of index: Int) -> LogSlice {
    guard let range = items.items[index].key else { return .empty }
    let bytes = Array(items.keys[range])
    return bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { log.copy(key: Text(start: $0, count: buffer.count)) } ?? .empty
    }
  }
}

extension LaneSequence {
  /// Bytes of an item; good as long as the sequence is not changed.
  fileprivate func text(_ range: Range<Int>?) -> Text? {
    guard let range else { return nil }
    return bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { Text(start: $0 + range.lowerBound, count: range.count) }
    }
  }
}
