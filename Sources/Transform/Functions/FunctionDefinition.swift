package import Core

/// One function of the library: everything that the compiler checks, the documentation prints and the tests run.
///
/// Each function has its own file, as a static member, and is listed in `FunctionLibrary.all`.
package struct FunctionDefinition: Sendable {
  package var name: String
  /// One sentence.
  package var summary: String
  package var parameters: [Parameter]
  /// Takes a whole list as one value (`join`, `sort`); others, given a list, work on each element.
  package var takesList: Bool
  /// For documentation: `string`, `string or number`, `list of string`.
  package var input: String
  package var output: String
  package var errors: [ProblemCode]
  package var examples: [Example]
  /// Checks the input's type and the arguments, and binds them.
  package var bind: @Sendable (BindRequest) -> BindResult

  package init(
    name: String, summary: String, parameters: [Parameter] = [], takesList: Bool = false, input: String, output: String,
    errors: [ProblemCode] = [], examples: [Example], bind: @escaping @Sendable (BindRequest) -> BindResult
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.takesList = takesList
    self.input = input
    self.output = output
    self.errors = errors
    self.examples = examples
    self.bind = bind
  }

  package struct Parameter: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
      case text, integer, boolean, texts
      case words([String])
      case any
    }

    package var name: String
    package var kind: Kind
    package var isRequired: Bool
    /// `{join: " "}` gives this parameter without its name.
    package var isPositional: Bool
    package var summary: String

    package init(_ name: String, _ kind: Kind, isRequired: Bool = false, isPositional: Bool = false, _ summary: String) {
      self.name = name
      self.kind = kind
      self.isRequired = isRequired
      self.isPositional = isPositional
      self.summary = summary
    }
  }

  /// JSON texts; `output` is nil where `error` is given.
  package struct Example: Sendable, Hashable {
    /// The step as a mapping writes it: `trim`, `{join: " "}`.
    package var step: String
    /// The step before it, if the function takes a value that JSON cannot express: `datetime`.
    package var before: String?
    package var input: String
    package var output: String?
    package var error: ProblemCode?

    package init(_ step: String, after before: String? = nil, _ input: String, gives output: String) {
      self.step = step
      self.before = before
      self.input = input
      self.output = output
    }

    package init(_ step: String, after before: String? = nil, _ input: String, raises error: ProblemCode) {
      self.step = step
      self.before = before
      self.input = input
      self.error = error
    }
  }
}

/// What a function is to be bound to.
package struct BindRequest: Sendable {
  /// The type of the value that reaches it: of one element where it works on each.
  package var input: ValueType
  /// By parameter name; kinds have been checked, and required ones are present.
  package var arguments: [String: JSONValue]
  package var settings: MappingSettings
  /// The mapping's lookups, by name.
  package var lookups: [Name: LookupShape]
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
  case bound(FunctionCall, output: ValueType)
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
