package import Core
import Values

/// Results as JSON, and as the cells that encoders write.
extension ExpressionEvaluator {
  /// The JSON text of a value, good until `reset()`: bytes as base64, times as text, types by name, keys of maps as text, NaN and
  /// infinities as text. Not all of it where `outputFailure` says why.
  package mutating func json(of value: ExpressionValue) -> Text {
    outputFailure = nil
    output.begin()
    append(value)
    return output.finish()
  }

  /// `{"type": …, "value": …}`.
  package mutating func typedJSON(of value: ExpressionValue) -> Text {
    outputFailure = nil
    output.begin()
    output.append("{\"type\":\"")
    let type = value.typeText
    for byte in type.utf8 { output.append(byte) }
    output.append("\",\"value\":")
    append(value)
    output.append(UInt8(ascii: "}"))
    return output.finish()
  }

  private mutating func append(_ value: ExpressionValue, depth: Int = 0) {
    // A list may hold the same list many times over: written out, that can be any length.
    guard output.pendingCount <= sizeLimit else {
      outputFailure = .tooLarge
      return
    }
    guard depth <= Self.mostLevels else {
      outputFailure = .tooDeep
      return
    }
    switch value.kind {
    case .error:
      // An element of the input that has no value.
      if outputFailure == nil { outputFailure = value.failure }
    case .null: output.append("null")
    case .bool: output.append(value.word != 0 ? "true" : "false")
    case .int: output.append(decimal: value.word)
    case .uint: output.append(decimal: value.uintValue)
    case .double:
      let double = value.doubleValue
      if double.isFinite { return NumberWriting.append(double, isJSON: true, into: &output) }
      hasNames = true
      appendQuoted { NumberWriting.append(double, isJSON: true, into: &$0) }
    case .decimal: output.append(value.text)
    case .string: JSONText.appendString(value.text.span, into: &output)
    case .bytes: appendQuoted { Base64Writing.append(value.text, into: &$0) }
    case .timestamp: appendQuoted { TimeText.append(timestamp: value, into: &$0) }
    case .duration: appendQuoted { TimeText.append(duration: value, into: &$0) }
    case .type: appendQuoted { $0.append((TypeName(rawValue: UInt8(truncatingIfNeeded: value.word)) ?? .type).text) }
    case .object, .array: if !JSONText.minify(value.text.span, into: &output) { output.append(value.text) }
    case .list, .cells:
      output.append(UInt8(ascii: "["))
      for index in 0..<value.size where outputFailure == nil {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        append(item(value, index), depth: depth + 1)
      }
      output.append(UInt8(ascii: "]"))
    case .map: appendMap(value, depth: depth)
    }
  }

  private mutating func appendMap(_ map: ExpressionValue, depth: Int) {
    if hasTwinNames(map) { outputFailure = .sameNames }
    output.append(UInt8(ascii: "{"))
    for index in 0..<map.size where outputFailure == nil {
      guard let pairs = map.values else { break }
      if index > 0 { output.append(UInt8(ascii: ",")) }
      let key = pairs[2 * index]
      if key.kind == .string {
        JSONText.appendString(key.text.span, into: &output)
      } else {
        output.append(UInt8(ascii: "\""))
        append(key)
        output.append(UInt8(ascii: "\""))
      }
      output.append(UInt8(ascii: ":"))
      append(pairs[2 * index + 1], depth: depth + 1)
    }
    output.append(UInt8(ascii: "}"))
  }

  /// Whether two keys are one name when they are text, as `1` and `'1'`.
  private func hasTwinNames(_ map: ExpressionValue) -> Bool {
    guard let pairs = map.values, (0..<map.size).contains(where: { pairs[2 * $0].kind != ValueKind.string }) else { return false }
    var names: Set<[UInt8]> = []
    for index in 0..<map.size {
      let key = pairs[2 * index]
      let name =
        switch key.kind {
        case .string: Array(key.text.buffer)
        case .bool: Array((key.word != 0 ? "true" : "false").utf8)
        case .uint: Array(String(key.uintValue).utf8)
        default: Array(String(key.word).utf8)
        }
      if !names.insert(name).inserted { return true }
    }
    return false
  }

  private mutating func appendQuoted(_ body: (inout ByteArena) -> Void) {
    output.append(UInt8(ascii: "\""))
    body(&output)
    output.append(UInt8(ascii: "\""))
  }

  // MARK: Cells

  /// The value as a cell with the text that it is written with, good until `reset()`; nil for what JSON cannot say (NaN and
  /// infinities), and where `outputFailure` says why.
  package mutating func cell(of value: ExpressionValue) -> Cell? {
    outputFailure = nil
    guard let cell = cell(of: value, depth: 0) else {
      if madeBytes > sizeLimit { outputFailure = .tooLarge }
      return nil
    }
    return cell
  }

  private mutating func cell(of value: ExpressionValue, depth: Int) -> Cell? {
    // As deep as a record may be.
    guard depth < 1_024 else {
      outputFailure = .tooDeep
      return nil
    }
    guard mayMake(bytes: MemoryLayout<Cell>.stride) else { return nil }
    switch value.kind {
    case .error:
      outputFailure = value.failure
      return nil
    case .null: return .null
    case .bool: return .boolean(value.word != 0)
    case .string: return Cell(kind: .string, text: value.text)
    case .decimal: return Cell(kind: .decimal, text: value.text)
    case .cells: return Cell(kind: .list, pointer: value.pointer, count: value.size)
    case .int:
      output.begin()
      output.append(decimal: value.word)
      return Cell(kind: .integer, text: output.finish(), number: value.word)
    case .timestamp:
      output.begin()
      TimeText.append(timestamp: value, into: &output)
      return Cell(kind: .datetime, text: output.finish(), number: value.word)
    case .uint where value.word >= 0: return cell(of: .int(value.word))
    case .uint: return Cell(kind: .number, text: json(of: value))
    case .double: return value.doubleValue.isFinite ? Cell(kind: .number, text: json(of: value)) : nil
    case .bytes, .duration, .type:
      let quoted = json(of: value)
      return Cell(kind: .string, text: quoted[1..<quoted.count - 1])
    case .list, .array:
      let list = resolved(value)
      if list.isError {
        outputFailure = list.failure
        return nil
      }
      let cells = self.cells.take(list.size)
      for index in 0..<list.size {
        guard let cell = cell(of: item(list, index), depth: depth + 1) else { return nil }
        cells[index] = cell
      }
      return Cell(list: cells, count: list.size)
    case .map, .object:
      hasNames = false
      let text = json(of: value)
      return hasNames || outputFailure != nil || !mayMake(bytes: text.count) ? nil : Cell(kind: .object, text: text)
    }
  }
}
