package import Core

/// What a function is to be bound to.
package struct BindRequest: Sendable {
  /// The type of the value that reaches it: of one element where it works on each.
  package var input: ValueType
  /// By parameter name; kinds have been checked, and required ones are present.
  package var arguments: [String: JSONValue]
  package var settings: MappingSettings
  /// The mapping's lookups, by name.
  package var lookups: [Name: LookupShape]
  /// The source declares that numbers of this value are milliseconds since 1970.
  package var countsMilliseconds = false
  /// Whether to search for similar lookups; false if the caller has already found many errors.
  package var wantsHints = true

  package init(
    input: ValueType, arguments: [String: JSONValue] = [:], settings: MappingSettings = .init(),
    lookups: [Name: LookupShape] = [:]
  ) {
    self.input = input
    self.arguments = arguments
    self.settings = settings
    self.lookups = lookups
  }

  package struct LookupShape: Sendable, Hashable {
    /// Its place in `MappingModel.lookups`.
    package var index: Int
    /// One unnamed column (`""`) for an inline table.
    package var columns: [String]
    /// What the values of each column are; null apart.
    package var columnTypes: [ValueType]

    /// `columnTypes` left out: all columns are text, as those of a CSV file are.
    package init(index: Int, columns: [String], columnTypes: [ValueType]? = nil) {
      self.index = index
      self.columns = columns
      self.columnTypes = columnTypes ?? columns.map { _ in .string }
    }
  }
}

package enum BindResult: Sendable {
  case bound(FunctionCall, output: ValueType, facts: ResultFacts)
  case refused([BindIssue])
}

/// Why a function cannot be bound; the compiler adds the place: the argument's, or the function's name's.
package struct BindIssue: Sendable, Hashable {
  package var code: DiagnosticCode
  /// The parameter at fault; nil: the input's type.
  package var parameter: String?
  package var message: String
  package var hint: String?

  package init(_ code: DiagnosticCode, parameter: String? = nil, _ message: String, hint: String? = nil) {
    self.code = code
    self.parameter = parameter
    self.message = message
    self.hint = hint
  }
}
