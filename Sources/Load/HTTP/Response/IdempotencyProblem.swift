import Control
import Core

/// What the idempotency layer of a destination says about a key, which has nothing to do with the record.
///
/// The IETF draft "The Idempotency-Key HTTP Header Field" (section 2.7) gives a problem for each case, but not its `type`: it is
/// recognized by its words. Codes in use besides are those of Your App, and Stripe's.
enum IdempotencyProblem {
  /// The first call with the key is still being processed.
  case running
  /// The key was used before: for another request, or for this one at a destination that does not repeat responses.
  case keyReused

  private static let runningCodes: Set<String> = [
    "request-in-progress", "idempotency-request-in-progress", "idempotency-key-in-use", "idempotency-in-progress",
    "idempotent-request-in-progress", "idempotency-key-in-progress",
  ]
  private static let reusedCodes: Set<String> = [
    "idempotency-key-reused", "idempotency-error", "idempotency-key-already-used", "idempotency-key-mismatch",
    "idempotency-key-reuse", "idempotency-mismatch", "idempotency-conflict",
  ]

  init?(status: Int, body: JSONValue?) {
    guard [400, 409, 422, 425].contains(status), let body, body.objectValue != nil else { return nil }
    let places = [body, body["error"]].compactMap(\.self)
    let codes = places.flatMap { [$0["code"], $0["type"]] }.compactMap { $0?.stringValue }.map(Self.code)
    let texts = places.flatMap { [$0["title"], $0["detail"], $0["message"]] }.compactMap { $0?.stringValue?.lowercased() }
      .filter { $0.contains("idempotency") }
    func says(_ words: [String]) -> Bool { texts.contains { text in words.contains { text.contains($0) } } }
    if status == 409 || status == 425,
      codes.contains(where: Self.runningCodes.contains)
        || says(["outstanding", "in progress", "being processed", "in use", "still running"])
    {
      self = .running
    } else if codes.contains(where: Self.reusedCodes.contains)
      || says(["already used", "reused", "different payload", "different request", "another request", "different parameters"])
    {
      self = .keyReused
    } else {
      return nil
    }
  }

  var kind: CallFlow.Response { self == .running ? .stillRunning : .keyReused }

  /// The last part of a problem's type, or a code: `request-in-progress`.
  private static func code(_ text: String) -> String {
    let last = text.split { $0 == "/" || $0 == "#" || $0 == ":" }.last ?? ""
    return last.lowercased().replacing("_", with: "-").replacing(" ", with: "-")
  }
}
