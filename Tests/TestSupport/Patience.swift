import Foundation
package import Testing

extension Trait where Self == TimeLimitTrait {
  /// Ends a test that hangs, or whose time grows faster than its input.
  ///
  /// `WAYBILL_TEST_PATIENCE=20` multiplies every limit: tests take that much longer with a sanitizer.
  ///
  /// - Parameter minutes: far more than the test needs on a busy machine.
  package static func ends(withinMinutes minutes: Int) -> Self { .timeLimit(.minutes(minutes * patience)) }
}

private let patience = ProcessInfo.processInfo.environment["WAYBILL_TEST_PATIENCE"].flatMap { Int($0) }.map { max(1, $0) } ?? 1
