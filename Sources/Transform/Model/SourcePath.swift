/// A path into a source record as a mapping writes it: dotted names, `[n]`, `[member=text]`, under a root.
package struct SourcePath: Sendable, Hashable {
  package enum Root: Sendable, Hashable {
    /// The record's own fields.
    case record
    /// `custom.KEY`: resolved through the custom field definitions when a program is made.
    case custom(key: String)
    /// The element of `each`, and the record that it is an element of.
    case item
    case parent
  }

  package enum Step: Sendable, Hashable {
    case member(String)
    case index(Int)
    /// The first element whose `member` has the value `text`.
    case select(member: String, equals: String)
  }

  package var root: Root
  package var steps: [Step]
  /// Members of the first step match in any case (`dndSettings`): per step, true where the shape says so.
  package var caseInsensitiveSteps: Set<Int>

  package init(root: Root = .record, steps: [Step] = [], caseInsensitiveSteps: Set<Int> = []) {
    self.root = root
    self.steps = steps
    self.caseInsensitiveSteps = caseInsensitiveSteps
  }

  /// It leads through other values, which may have another shape than its steps take.
  package var isNested: Bool {
    switch root {
    case .record, .parent: steps.count > 1
    case .custom: true
    case .item: !steps.isEmpty
    }
  }

  /// As the mapping writes it.
  package var text: String {
    var text = ""
    switch root {
    case .record: break
    case .custom(let key): text = "custom.\(key)"
    case .item: text = "item"
    case .parent: text = "parent"
    }
    for step in steps {
      switch step {
      case .member(let name): text += text.isEmpty ? name : ".\(name)"
      case .index(let index): text += "[\(index)]"
      case .select(let member, let value): text += "[\(member)=\(value)]"
      }
    }
    return text
  }
}
