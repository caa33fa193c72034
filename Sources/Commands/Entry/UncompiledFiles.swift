import Core

/// Files that do not compile: their diagnostics are printed before the failure.
struct UncompiledFiles: ConvertibleToOperationFailure {
  let diagnostics: Diagnostics
  let operationFailure: OperationFailure

  init(_ diagnostics: Diagnostics, _ message: String) {
    self.diagnostics = diagnostics
    operationFailure = OperationFailure(.wrongFile, message)
  }
}
