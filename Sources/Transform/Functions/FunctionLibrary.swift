/// All functions that a `do` chain may name, in the order of the reference table.
package enum FunctionLibrary {
  package static let all: [FunctionDefinition] = []

  package static func find(_ name: String) -> FunctionDefinition? { all.first { $0.name == name } }
}
