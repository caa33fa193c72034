import Testing

@testable import Control

@Suite struct UndoVerdictTests {
  struct Case: Sendable, CustomTestStringConvertible {
    /// Before the run, and now.
    var wasThere: Bool
    var isThere: Bool
    var isAsBefore = false
    var result: UndoVerdict.Result
    var canDelete = true
    var expected: UndoVerdict
    var testDescription: String { "\(wasThere) \(isThere) \(isAsBefore) \(result) \(canDelete)" }
  }

  static let cases: [Case] =
    // What is as it was is never written, whatever the run did.
    UndoVerdict.Result.allCases.map { Case(wasThere: true, isThere: true, isAsBefore: true, result: $0, expected: .isBack) }
    + UndoVerdict.Result.allCases.map { Case(wasThere: false, isThere: false, result: $0, expected: .isBack) }
    // What somebody has removed is not created again.
    + UndoVerdict.Result.allCases.map { Case(wasThere: true, isThere: false, result: $0, expected: .leave(.goneSince)) }
    + [
      Case(wasThere: true, isThere: true, result: .same, expected: .putBack),
      Case(wasThere: true, isThere: true, result: .same, canDelete: false, expected: .putBack),
      Case(wasThere: true, isThere: true, result: .different, expected: .leave(.changedSince)),
      Case(wasThere: true, isThere: true, result: .notWritten, expected: .leave(.changedSince)),
      Case(wasThere: true, isThere: true, result: .unknown, expected: .leave(.resultUnknown)),
      Case(wasThere: false, isThere: true, result: .same, expected: .remove),
      Case(wasThere: false, isThere: true, result: .same, canDelete: false, expected: .leave(.noDelete)),
      Case(wasThere: false, isThere: true, result: .different, expected: .leave(.changedSince)),
      Case(wasThere: false, isThere: true, result: .notWritten, expected: .leave(.changedSince)),
      Case(wasThere: false, isThere: true, result: .unknown, expected: .leave(.resultUnknown)),
    ]

  @Test(arguments: cases) func `a record is written only if it is as the run left it`(test: Case) {
    let facts = UndoVerdict.Facts(
      wasThere: test.wasThere, isThere: test.isThere, isAsBefore: test.isAsBefore, result: test.result,
      canDelete: test.canDelete)
    #expect(UndoVerdict(facts) == test.expected)
  }
}
