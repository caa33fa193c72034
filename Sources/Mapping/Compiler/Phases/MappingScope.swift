import Core

/// Everything that values, conditions and rules can refer to. `LookupPhase` completes it, and the phases after it pass it on.
struct MappingScope {
  let context: MappingContext
  var diagnostics: Diagnostics
  let source: SourceScope
  var marks: SourceMarks
  let settings: WrittenSettings
  var target: MappingTarget
  var lookups: MappingLookups
  var vars: MappingVars
}

/// A phase after `LookupPhase`.
protocol ScopedPhase: SourceReader {
  var scope: MappingScope { get set }
}

extension ScopedPhase {
  var context: MappingContext { scope.context }
  var source: SourceScope { scope.source }
  var settings: WrittenSettings { scope.settings }

  // In place: a copy for each diagnostic, or each field, would make large mappings quadratic.
  var diagnostics: Diagnostics {
    get { scope.diagnostics }
    _modify { yield &scope.diagnostics }
  }
  var marks: SourceMarks {
    get { scope.marks }
    _modify { yield &scope.marks }
  }
  var target: MappingTarget {
    get { scope.target }
    _modify { yield &scope.target }
  }
  var lookups: MappingLookups {
    get { scope.lookups }
    _modify { yield &scope.lookups }
  }
  var vars: MappingVars {
    get { scope.vars }
    _modify { yield &scope.vars }
  }
}
