package import Core

/// A place in a JSON body: `error.existingId`, `items[0].id`.
package struct ResponsePath: Sendable, Hashable {
  package enum Step: Sendable, Hashable {
    case member(Name)
    case element(Int)
  }

  package let steps: [Step]

  package init(_ steps: [Step]) { self.steps = steps }

  /// - Parameter text: names, separated by dots, each with any number of `[N]` after it. Nil: it is not a path.
  package init?(_ text: String) {
    var steps: [Step] = []
    for part in text.split(separator: ".", omittingEmptySubsequences: false) {
      let name = part.prefix { $0 != "[" }
      var rest = part.dropFirst(name.count)
      guard !name.isEmpty || !rest.isEmpty && steps.isEmpty else { return nil }
      if !name.isEmpty { steps.append(.member(Name(String(name)))) }
      while !rest.isEmpty {
        guard rest.first == "[", let end = rest.firstIndex(of: "]"), let number = Int(rest[rest.startIndex..<end].dropFirst()),
          number >= 0
        else { return nil }
        steps.append(.element(number))
        rest = rest[rest.index(after: end)...]
      }
    }
    self.steps = steps
  }

  package func value(in body: JSONValue) -> JSONValue? {
    var value = body
    for step in steps {
      switch step {
      case .member(let name):
        guard let next = value[name.text] else { return nil }
        value = next
      case .element(let index):
        guard let elements = value.arrayValue, index < elements.count else { return nil }
        value = elements[index]
      }
    }
    return value
  }

  /// Written as in a pipeline.
  package var text: String {
    steps.reduce(into: "") { text, step in
      switch step {
      case .member(let name): text += text.isEmpty ? name.text : ".\(name.text)"
      case .element(let index): text += "[\(index)]"
      }
    }
  }
}

/// Where a response has a value: in its body, or in a header.
package enum ResponsePlace: Sendable, Hashable {
  case body(ResponsePath)
  /// In lower case. Of an address, as in `Location`, the last segment of the path counts where an ID is wanted.
  case header(String)
  /// In the header of a response that has it, otherwise in the body: the records of a list have no headers of their own.
  case headerOrBody(String, ResponsePath)

  /// The path in a body; nil if only a header has it.
  package var path: ResponsePath? {
    switch self {
    case .header: nil
    case .body(let path), .headerOrBody(_, let path): path
    }
  }

  /// The text or number there; nil if there is none, or something else.
  package func text(headers: [String: String], body: JSONValue?) -> String? {
    switch self {
    case .header(let name): return headers[name].flatMap { $0.isEmpty ? nil : $0 }
    case .headerOrBody(let name, let path):
      return Self.header(name).text(headers: headers, body: nil) ?? Self.body(path).text(headers: headers, body: body)
    case .body(let path):
      switch body.flatMap({ path.value(in: $0) }) {
      case .string(let text)? where !text.isEmpty: return text
      case .number(let digits)?: return digits
      default: return nil
      }
    }
  }
}
