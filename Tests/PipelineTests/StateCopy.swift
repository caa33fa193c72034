import Control
import Core
import Foundation
import Report
import TestSupport

@testable import Pipeline

/// Copies the state at the nth event, as a killed process would leave it.
final class StateCopy: RunObserver {
  private let state: String
  private let copy: String
  private let left: Locked<Int>

  init(_ state: String, to copy: String, at count: Int) {
    (self.state, self.copy) = (state, copy)
    left = Locked(count)
  }

  var hasCopied: Bool { left.withLock { $0 <= 0 } }

  func receive(_ event: RunEvent) {
    let isDue = left.withLock { left in
      left -= 1
      return left == 0
    }
    if isDue { try? FileManager.default.copyItem(atPath: state, toPath: copy) }
  }
}
