package import Core
import Values

/// One line of a ledger, whether of a run or of `transform` or `validate`: what happened to a record, or to the input as a
/// whole.
///
///     {"run":"…","mapping":"contacts","record":"c1","stage":"transform","severity":"error","code":"email-invalid",
///      "field":"email","source":"mail","value":"x@","message":"'email': nothing after the @",
///      "at":{"file":"in.ndjson","line":7},"rule":{"file":"m.yaml","line":12,"column":5},"time":"…"}
package struct LedgerLine: Sendable {
  /// A place in the input.
  package struct Place: Sendable {
    package var file: String?
    /// From 1.
    package var line: Int?
    /// In that line, from 1.
    package var byte: Int?
    /// The number of the element (`each`), from 0; only if it has no key, which would have the number.
    package var element: Int?

    package init(file: String? = nil, line: Int? = nil, byte: Int? = nil, element: Int? = nil) {
      self.file = file
      self.line = line
      self.byte = byte
      self.element = element
    }
  }

  /// The API's response that caused it.
  package struct Response: Sendable {
    package var status: Int?
    package var trace: String?
  }

  package var run: String?
  package var mapping: String?
  /// The record's key, with the number of the element after `#` if there is one.
  package var record: String?
  package var stage: Stage
  package var severity: Severity
  /// The slug, or the ID of a rule.
  package var code: String
  package var field: String?
  /// JSON pointers into the value and into the schema: of `validate`.
  package var instance: String?
  package var schema: String?
  /// The paths that it is about.
  package var source: String?
  /// Masked as the mapping says.
  package var value: String?
  package var message: String
  /// The destination that reports it, or that it is about.
  package var destination: String?
  package var http: Response?
  /// How many times the record was sent to the destination.
  package var attempt: Int?
  /// The number of records that it stands for, if it is not one.
  package var count: Int?
  package var at: Place?
  /// The place in the mapping.
  package var rule: SourcePlace?
  /// RFC 3339.
  package var time: String?

  package init(_ code: String, severity: Severity, stage: Stage, message: String) {
    self.code = code
    self.severity = severity
    self.stage = stage
    self.message = message
  }
}

// MARK: Encoding

extension LedgerLine {
  /// Appends the line as a JSON object without line break, its members in the order of the properties. Absent ones are omitted.
  func encode(into out: inout ByteArena) {
    out.append("{")
    out.append("run", run)
    out.append("mapping", mapping)
    out.append("record", record)
    out.append("stage", stage.rawValue)
    out.append("severity", severity.rawValue)
    out.append("code", code)
    out.append("field", field)
    out.append("instance", instance)
    out.append("schema", schema)
    out.append("source", source)
    out.append("value", value)
    out.append("message", message)
    out.append("destination", destination)
    if let http {
      out.open("http")
      out.append("status", http.status)
      out.append("trace_id", http.trace)
      out.append("}")
    }
    out.append("attempt", attempt)
    out.append("count", count)
    if let at {
      out.open("at")
      out.append("file", at.file)
      out.append("line", at.line)
      out.append("byte", at.byte)
      out.append("element", at.element)
      out.append("}")
    }
    if let rule {
      out.open("rule")
      out.append("file", rule.file)
      out.append("line", rule.line)
      out.append("column", rule.column)
      out.append("}")
    }
    out.append("time", time)
    out.append("}")
  }
}

extension ByteArena {
  fileprivate mutating func append(_ name: StaticString, _ text: String?) {
    guard let text else { return }
    begin(name)
    JSONText.appendString(text.utf8.span, into: &self)
  }

  fileprivate mutating func append(_ name: StaticString, _ number: Int?) {
    guard let number else { return }
    begin(name)
    append(decimal: Int64(number))
  }

  fileprivate mutating func open(_ name: StaticString) {
    begin(name)
    append("{")
  }

  /// The name of a member, after a comma unless it is the first one of its object.
  private mutating func begin(_ name: StaticString) {
    if self[pending: pendingCount - 1] != UInt8(ascii: "{") { append(",") }
    append("\"")
    append(name)
    append("\":")
  }
}

// MARK: Secrets

extension LedgerLine {
  /// The line without secrets, in every text that comes from outside.
  func redacted(by redactor: Redactor) -> LedgerLine {
    guard let redact = redactor.redaction else { return self }
    var line = self
    line.run = run.map(redact)
    line.mapping = mapping.map(redact)
    line.record = record.map(redact)
    line.code = redact(code)
    line.field = field.map(redact)
    line.instance = instance.map(redact)
    line.schema = schema.map(redact)
    line.source = source.map(redact)
    line.value = value.map(redact)
    line.message = redact(message)
    line.destination = destination.map(redact)
    line.http?.trace = http?.trace.map(redact)
    line.at?.file = at?.file.map(redact)
    if let rule { line.rule?.file = redact(rule.file) }
    line.time = time.map(redact)
    return line
  }
}
