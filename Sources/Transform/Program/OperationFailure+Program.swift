import Core

extension OperationFailure {
  /// A checked mapping that cannot be made into a program in this context.
  static func program(_ message: String, at place: SourcePlace) -> OperationFailure {
    OperationFailure(.wrongFile, "\(place.file):\(place.line):\(place.column): \(message)")
  }
}
