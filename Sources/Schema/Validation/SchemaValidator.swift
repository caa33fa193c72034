package import Core
import Values

/// Validates JSON values against a whole schema and reports everything that is wrong, in the order of the instance.
///
/// Made by `SchemaCompiler`; immutable, shared by all workers, each of which brings its own `ValidationSpace`.
package struct SchemaValidator: Sendable {
  let program: SchemaProgram

  package var integerPlaces: IntegerPlaces { IntegerPlaces(program) }

  /// One JSON text. A text that is not valid JSON, nests too deeply or has a duplicate member is a fault, not a failure.
  package func failures(
    in text: UnsafeBufferPointer<UInt8>, _ space: ValidationSpace
  ) -> Result<[SchemaFailure], InstanceFault> {
    if let fault = InstanceReader.read(text, onto: space.tape) { return .failure(fault) }
    return .success(run(space))
  }

  /// A value that is available as a tree.
  package func failures(in value: JSONValue, _ space: ValidationSpace) -> [SchemaFailure] {
    space.tape.removeAll()
    space.tape.append(value)
    return run(space)
  }

  /// The same with its own space, for occasional values.
  package func failures(in value: JSONValue) -> [SchemaFailure] { failures(in: value, ValidationSpace()) }

  private func run(_ space: ValidationSpace) -> [SchemaFailure] {
    var run = ValidationRun(program, space)
    return run.failures()
  }
}

/// The memory that validation needs, used again for every value: one per worker.
package final class ValidationSpace {
  let tape = InstanceTape()
  let workspace = PatternWorkspace()
  /// Sets of children that have been evaluated, one after the other.
  var marks: [UInt64] = []
  var key: [UInt8] = []

  package init() {}
}
