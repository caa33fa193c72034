package import Core

/// One function of the library: everything that the compiler checks, the documentation prints and the tests run.
///
/// Each function has its own file, as a static member, and is listed in `FunctionLibrary.standard`. Most functions take one value and
/// run through their kernel; then the file is all there is:
///
///     extension FunctionDefinition {
///       static let initials = FunctionDefinition(
///         name: "initials",
///         summary: "The first letter of each word of the text.",
///         takes: [.string], gives: .string,
///         examples: [Example("initials", #""Ada Lovelace""#, gives: #""AL""#)],
///         kernel: { _ in
///           Kernel { text, result in
///             Initials.append(of: text, into: &result)
///             return .made
///           }
///         })
///     }
///
/// A function that most records go through, that takes a list, or that reads more of the record than its value has a case of
/// its own in `FunctionCall` and `Operation` instead.
package struct FunctionDefinition: Sendable {
  /// Whether a text of the result may begin as a spreadsheet formula does. Cells of a CSV file are escaped where it may.
  package enum FormulaRisk: Sendable, Hashable {
    case possible, impossible
    /// As in the input, from which at most white space or elements are removed.
    case asInInput
  }

  private enum Body: Sendable {
    case operation(@Sendable (BindRequest) -> BindResult)
    case kernel(takes: [ValueType], gives: ValueType, @Sendable (inout KernelArguments) -> Kernel)
  }

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
  package var formulas: FormulaRisk
  private var body: Body

  /// A function with an operation of its own. `bind` checks the input's type and the arguments, and binds them.
  package init(
    name: String, summary: String, parameters: [Parameter] = [], takesList: Bool = false, input: String, output: String,
    errors: [ProblemCode] = [], formulas: FormulaRisk = .possible, examples: [Example],
    bind: @escaping @Sendable (BindRequest) -> BindResult
  ) {
    self.name = name
    self.summary = summary
    self.parameters = parameters
    self.takesList = takesList
    self.input = input
    self.output = output
    self.errors = errors
    self.formulas = formulas
    self.examples = examples
    body = .operation(bind)
  }

  /// A function of one value that runs through its kernel.
  ///
  /// - Parameters:
  ///   - takes: The types that it accepts: texts, and numbers, dates and moments as their text. Any other is refused.
  ///   - gives: A text, a number or a boolean.
  ///   - kernel: Checks the arguments, and makes the kernel for them.
  package init(
    name: String, summary: String, parameters: [Parameter] = [], takes: [ValueType], gives: ValueType,
    errors: [ProblemCode] = [], formulas: FormulaRisk = .possible, examples: [Example],
    kernel: @escaping @Sendable (inout KernelArguments) -> Kernel
  ) {
    precondition(KernelCall.canTake(takes) && KernelCall.canGive(gives), "a kernel of \(takes) cannot give \(gives)")
    self.name = name
    self.summary = summary
    self.parameters = parameters
    takesList = false
    input = ValueType.words(takes)
    output = gives.name
    self.errors = errors
    self.formulas = formulas
    self.examples = examples
    body = .kernel(takes: takes, gives: gives, kernel)
  }

  /// Checks the input's type and the arguments, and binds them.
  package func bind(_ request: BindRequest) -> BindResult {
    switch body {
    case .operation(let bind): return bind(request)
    case .kernel(let takes, let gives, let make):
      var arguments = KernelArguments(function: name, values: request.arguments)
      let kernel = make(&arguments)
      return request.bind(
        name, takes: takes, gives: gives, issues: arguments.issues, facts: kernel.facts,
        .kernel(KernelCall(function: self, arguments: request.arguments, takes: takes, gives: gives, body: kernel.body)))
    }
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
    /// The mapping's key under which the named thing is defined: `lookups`.
    package var definedUnder: String?

    package init(
      _ name: String, _ kind: Kind, isRequired: Bool = false, isPositional: Bool = false, definedUnder: String? = nil,
      _ summary: String
    ) {
      self.name = name
      self.kind = kind
      self.isRequired = isRequired
      self.isPositional = isPositional
      self.definedUnder = definedUnder
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
