import Core

/// A path into a source record as written in a mapping: dotted names, `[n]`, `[member=text]`, under a root. Names are equal
/// when their bytes are.
package struct SourcePath: Sendable, Hashable {
  package enum Root: Sendable, Hashable {
    /// The record's own fields.
    case record
    /// `custom.KEY`: resolved through the custom field definitions when a program is made.
    case custom(key: String)
    /// The element of `each`, and the record that it is an element of.
    case item
    case parent

    package static func == (left: Root, right: Root) -> Bool {
      switch (left, right) {
      case (.record, .record), (.item, .item), (.parent, .parent): true
      case (.custom(let left), .custom(let right)): left.isExactly(right)
      default: false
      }
    }

    package func hash(into hasher: inout Hasher) {
      switch self {
      case .record: hasher.combine(0)
      case .custom(let key): hasher.combine(Name(key))
      case .item: hasher.combine(1)
      case .parent: hasher.combine(2)
      }
    }
  }

  package enum Step: Sendable, Hashable {
    case member(String)
    case index(Int)
    /// The first element whose `member` has the value `text`.
    case select(member: String, equals: String)

    package static func == (left: Step, right: Step) -> Bool {
      switch (left, right) {
      case (.member(let left), .member(let right)): left.isExactly(right)
      case (.index(let left), .index(let right)): left == right
      case (.select(let left, let text), .select(let right, let other)): left.isExactly(right) && text.isExactly(other)
      default: false
      }
    }

    package func hash(into hasher: inout Hasher) {
      switch self {
      case .member(let name): hasher.combine(Name(name))
      case .index(let index): hasher.combine(index)
      case .select(let member, let text): hasher.combine([Name(member), Name(text)])
      }
    }
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

  /// The path leads through other values, whose shape may not be what its steps take.
  package var isNested: Bool {
    switch root {
    case .record, .parent: steps.count > 1
    case .custom: true
    case .item: !steps.isEmpty
    }
  }

  /// As written in the mapping.
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
