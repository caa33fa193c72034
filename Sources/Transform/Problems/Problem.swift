package import Core
package import Expressions
package import Values

/// One problem of a record, as the hot path records it: a trivial value, whose bytes are in the problem log. `Report` words it
/// when a ledger or a preview shows it.
///
///     email: {from: mail, do: [email]}      the second element of `mail` is "x@"
///
///     code .emailInvalid, subject .field(2), step 0, element 1, detail .email(.emptyDomain)
package struct Problem: BitwiseCopyable, Sendable {
  package var code: ProblemCode
  package var severity: Severity
  package var stage: Stage
  package var subject: Subject
  /// It is about the field's `default`.
  package var isOfFallback: Bool
  package var part: Part
  /// Index of the failing function in the field's chain; nil: the value itself, or the field as a whole.
  package var step: Int32?
  /// Index of the element, for a list that is processed one by one; nil: not in a list.
  package var element: Int32?
  /// Which record of the batch.
  package var record: RecordMark
  package var detail: Detail
  /// The source value's bytes; empty if none are shown.
  package var value: LogSlice
  /// The record's key; empty if it has none.
  package var key: LogSlice
  /// A description that only the finder can give, without any value; empty if the code and the detail say it all.
  package var note: LogSlice

  package init(
    _ code: ProblemCode, severity: Severity = .error, stage: Stage = .transform, subject: Subject = .record,
    isOfFallback: Bool = false, part: Part = .whole, step: Int32? = nil, element: Int32? = nil, record: RecordMark,
    detail: Detail = .none, value: LogSlice = .empty, key: LogSlice = .empty, note: LogSlice = .empty
  ) {
    self.code = code
    self.severity = severity
    self.stage = stage
    self.subject = subject
    self.isOfFallback = isOfFallback
    self.part = part
    self.step = step
    self.element = element
    self.record = record
    self.detail = detail
    self.value = value
    self.key = key
    self.note = note
  }

  /// The same problem in a log that has its bytes `distance` bytes later.
  func shifted(by distance: Int32) -> Problem {
    var copy = self
    copy.value.start += distance
    copy.key.start += distance
    copy.note.start += distance
    if case .other(let line, var key) = detail {
      key.start += distance
      copy.detail = .other(line: line, key: key)
    }
    return copy
  }
}

extension Problem {
  /// The part of a record or of its mapping that a problem is about. Numbers are indexes into the program and its model.
  package enum Subject: BitwiseCopyable, Sendable, Hashable {
    /// The record as a whole.
    case record
    /// `source.key`.
    case key
    /// `source.updated_at`, which a merge reads.
    case updateTime
    /// `where`.
    case filter
    /// A column of the target, in the order of the layout.
    case field(Int32)
    case variable(Int32)
    /// A rule under `validate`.
    case rule(Int32)
    /// A rule under `unique`.
    case unique(Int32)
    case merge
  }

  /// Which part of a field's definition a problem is about.
  package enum Part: BitwiseCopyable, Sendable, Hashable {
    /// The value: the only path, `expr`, or the field as a whole.
    case whole
    /// One of several paths under `from`, from 0.
    case path(Int32)
    /// `when`.
    case condition
    /// `when` of a branch of `case`, from 0.
    case branchCondition(Int32)
    /// The value of a branch; the number after the last one is that of `else`.
    case branchValue(Int32)
  }

  /// What the code alone does not say.
  package enum Detail: BitwiseCopyable, Sendable, Hashable {
    case none
    case date(DateFailure)
    case email(EmailRefusal)
    case expression(ExpressionError)
    /// Operands of an expression that do not fit.
    case mismatch(ExpressionMismatch)
    case number(NumberRefusal)
    case phone(PhoneFailure)
    /// What was not written is more than an extension.
    case phoneRest
    case postalCode(PostalCodeRefusal)
    case url(URLRefusal)
    /// The kind of a value that the source declares to be of another.
    case undeclared(CellKind)
    /// The kind of a value that the function does not take, or whose text is none of its words.
    case unaccepted(CellKind)
    /// A value of a kind that the function takes, but that it does not accept.
    case unusable
    /// A list with texts beside numbers, or with other kinds that have no common order.
    case unsortable
    /// The values that the mapping makes of the record exceed the limit.
    case tooLarge
    /// The other record of a conflict: its line, 0 if it is not known, and its key in the problem log.
    case other(line: Int, key: LogSlice)
  }
}
