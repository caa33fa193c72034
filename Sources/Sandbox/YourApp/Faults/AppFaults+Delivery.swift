import Core

/// What happens to a response on its way out, after the write.
extension AppFaults {
  static let slowMilliseconds = 2000
  /// How long a request whose connection closed remains in progress.
  static let timeoutMilliseconds = 300
  private static let hugeBytes = 1 << 20

  /// How long the application is busy with the request, in milliseconds.
  var busyMilliseconds: Int { has(.slow) ? Self.slowMilliseconds : has(.timeoutAfter) ? Self.timeoutMilliseconds : 0 }

  func deliver(_ answer: inout SandboxAnswer) {
    changeResults(&answer)
    let isJSON = answer.body.first == UInt8(ascii: "{")
    if has(.slow) { answer.delay = Self.slowMilliseconds }
    if has(.notJSON), isJSON {
      answer.body = Array("OK\n".utf8)
      answer.contentType = "text/plain"
    } else if has(.truncated), isJSON {
      answer.body.removeLast(answer.body.count - answer.body.count / 2)
    } else if has(.huge), isJSON {
      answer.body.removeLast()
      var out = JSONOutput(bytes: answer.body)
      out.text("padding", String(repeating: "x", count: Self.hugeBytes))
      answer.body = out.bytes + [UInt8(ascii: "}")]
    }
    if has(.timeoutAfter) { answer.ending = .nothing }
  }

  /// Reorders, removes, repeats and empties the results of a batch.
  private func changeResults(_ answer: inout SandboxAnswer) {
    guard has(.shuffled) || has(.short) || has(.long) || has(.withoutKeys),
      case .object(var members)? = try? JSONReader.read(answer.body),
      let index = members.firstIndex(where: { $0.name == "results" }), var results = members[index].value.arrayValue,
      !results.isEmpty
    else { return }
    var draw = draw(2)
    if has(.shuffled) {
      for place in results.indices.dropFirst().reversed() { results.swapAt(place, draw.below(place + 1)) }
    }
    if has(.short) {
      results.remove(at: draw.below(results.count))
    } else if has(.long) {
      let place = draw.below(results.count)
      results.insert(results[place], at: place)
    }
    if has(.withoutKeys) {
      results = results.map { result in .object((result.objectValue ?? []).filter { $0.name != "key" && $0.name != "index" }) }
    }
    members[index].value = .array(results)
    answer.body = Array(JSONValue.object(members).text.utf8)
  }
}
