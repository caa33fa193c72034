package import Core
import Transform

/// What the compiler determined about one target field, as `check --explain` prints it.
package struct FieldExplanation: Sendable, Hashable {
  /// One link of the chain: a source or a step as written, and its result type.
  package struct Link: Sendable, Hashable {
    package var step: String
    package var type: String

    package init(step: String, type: String) {
      self.step = step
      self.type = type
    }
  }

  /// A top-level source field, and what it takes to read it.
  package struct Need: Sendable, Hashable {
    package var field: String
    package var origin: FieldOrigin

    package init(field: String, origin: FieldOrigin) {
      self.field = field
      self.origin = origin
    }
  }

  package var target: String
  /// Source paths, vars followed to their sources.
  package var reads: [String]
  package var chain: [Link]
  /// At the end of the chain, default and `required` included.
  package var type: String
  package var isNullable: Bool
  /// `string of format email`; nil if nothing is checked.
  package var targetType: String?
  package var isRequiredByTarget: Bool
  package var onError: String
  /// Slugs of the ledger.
  package var errors: [String]
  package var privacy: Privacy
  package var needs: [Need]

  /// A block of lines:
  ///
  ///     email
  ///       reads    email
  ///       chain    email: string -> trim: string -> email: string
  ///       type     string or null, into string of format email (required)
  ///       errors   email-invalid, wrong-type; on_error: nullify
  ///       shown    mask
  ///       needs    email: list
  package var text: String {
    var lines = [target]
    func add(_ name: String, _ text: String) {
      lines.append("  \(name)\(String(repeating: " ", count: max(1, 9 - name.count)))\(text)")
    }
    add("reads", reads.isEmpty ? "nothing" : reads.joined(separator: ", "))
    add("chain", chain.map { "\($0.step): \($0.type)" }.joined(separator: " -> "))
    let into = targetType.map { ", into \($0)\(isRequiredByTarget ? " (required)" : "")" } ?? ""
    add("type", "\(type)\(isNullable ? " or null" : "")\(into)")
    add("errors", (errors.isEmpty ? "none" : errors.joined(separator: ", ")) + "; on_error: \(onError)")
    add("shown", privacy == .show ? "as it is" : privacy.rawValue)
    if !needs.isEmpty { add("needs", needs.map { "\($0.field): \($0.origin.word)" }.joined(separator: ", ")) }
    return lines.joined(separator: "\n") + "\n"
  }

  package var json: JSONValue {
    func texts(_ list: [String]) -> JSONValue { .array(list.map { .string($0) }) }
    var members: [JSONValue.Member] = [
      .init("field", .string(target)),
      .init("reads", texts(reads)),
      .init("chain", .array(chain.map { .object([.init("step", .string($0.step)), .init("type", .string($0.type))]) })),
      .init("type", .string(type)),
      .init("nullable", .bool(isNullable)),
    ]
    if let targetType { members.append(.init("target_type", .string(targetType))) }
    members += [
      .init("target_required", .bool(isRequiredByTarget)),
      .init("on_error", .string(onError)),
      .init("errors", texts(errors)),
      .init("pii", .string(privacy.rawValue)),
      .init(
        "needs", .array(needs.map { .object([.init("field", .string($0.field)), .init("call", .string($0.origin.word))]) })),
    ]
    return .object(members)
  }
}

extension FieldOrigin {
  fileprivate var word: String {
    switch self {
    case .list: "list"
    case .requestPerRecord: "detail"
    }
  }
}
