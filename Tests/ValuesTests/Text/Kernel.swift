import Core

@testable import Values

/// Runs a kernel on a string. `isSame`: the kernel said that the text is its own result, and appended nothing.
func run(_ text: String, _ kernel: (Span<UInt8>, inout ByteArena) -> Bool) -> (text: String, isSame: Bool) {
  let bytes = Array(text.utf8)
  var arena = ByteArena(capacity: 16)
  arena.begin()
  arena.append("<")
  let changed = kernel(bytes.span, &arena)
  let made = arena.finish().string
  return changed ? (String(made.dropFirst(scalars: 1)), false) : (made == "<" ? text : "appended: \(made)", true)
}

/// The result of a kernel that answers a refusal, or nil.
func value<Refusal>(_ text: String, _ kernel: (Span<UInt8>, inout ByteArena) -> Refusal?) -> Result<String, Refused<Refusal>> {
  let bytes = Array(text.utf8)
  var arena = ByteArena(capacity: 16)
  arena.begin()
  if let refusal = kernel(bytes.span, &arena) { return .failure(Refused(refusal)) }
  return .success(arena.finish().string)
}

struct Refused<Refusal: Sendable>: Error {
  let refusal: Refusal
  init(_ refusal: Refusal) { self.refusal = refusal }
}
extension Refused: Equatable where Refusal: Equatable {}

/// What a function of the bytes answers.
func of<Answer>(_ text: String, _ body: (Span<UInt8>) -> Answer) -> Answer {
  let bytes = Array(text.utf8)
  return body(bytes.span)
}

extension String {
  func dropFirst(scalars count: Int) -> String { String(String.UnicodeScalarView(unicodeScalars.dropFirst(count))) }
}
