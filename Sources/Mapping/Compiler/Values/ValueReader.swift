/// A phase that can compile the values of vars and fields.
protocol ValueReader: ScopedPhase {}

/// A phase that knows all fields.
protocol FieldReader: ValueReader {
  var fields: MappingFields { get set }
}

extension FieldReader {
  var finishedFields: MappingFields? { fields }
}
