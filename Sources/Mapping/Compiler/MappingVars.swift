import Core
import Transform

/// The vars of a mapping.
struct MappingVars {
  struct State {
    enum Progress { case waiting, running, done }
    var entry: YAMLEntry
    var progress = Progress.waiting
    var isUsed = false
    var index: Int?
    var facts = ValueFacts.poisoned
    /// The place in the source of a var that is a plain path: its members can be read like those of any field.
    var plain: SourceWalk?
    var reads: [String] = []
  }

  var states: [Name: State] = [:]
  /// In the order of the file.
  var names: [String] = []
  /// In the order in which the program evaluates them.
  var models: [FieldModel] = []

  subscript(name: String) -> State? {
    get { states[name] }
    _modify { yield &states[name] }
  }
}
