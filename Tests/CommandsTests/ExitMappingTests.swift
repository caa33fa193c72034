import ArgumentParser
import Core
import Extract
import Files
import GHL
import Pipeline
import Records
import State
import Testing

@testable import Commands

@Suite("Exit codes")
struct ExitMappingTests {
  static let faults: [(any Error, Core.ExitCode)] = [
    (UncompiledFiles(Diagnostics(), "x"), .wrongFile),
    (CancellationError(), .tryLater),
    (OperationFailure.reading("a.csv", "No such file"), .inputMissing),
    (GHLFailure(.badToken, ""), .notAuthorised),
    (GHLFailure(.scopeMissing, ""), .notAuthorised),
    (GHLFailure(.otherLocation, ""), .configuration),
    (GHLFailure(.dailyQuotaSpent, ""), .tryLater),
    (GHLFailure(.unreachable, ""), .unreachable),
    (ExtractFailure.unknownBusiness("x", hint: nil), .configuration),
    (OperationFailure(.cannotWrite, "x"), .cannotWrite),
    (OperationFailure(.damaged, "x"), .inputMissing),
    (OperationFailure(.newerFormat, "x"), .configuration),
    (OperationFailure(.stateHeld, "x"), .tryLater),
    (Unknown(), .fault),
  ]

  struct Unknown: Error {}

  @Test("Each failure of the layers below has its code and a sentence", arguments: faults.indices)
  func codes(index: Int) throws {
    let (error, code) = Self.faults[index]
    let failure = try #require(ExitMapping.failure(of: error))
    #expect(failure.exitCode == code)
    #expect(!failure.description.isEmpty)
  }

  @Test func `What the parser throws stays the parser's`() {
    #expect(ExitMapping.failure(of: ValidationError("x")) == nil)
    #expect(ExitMapping.failure(of: CleanExit.helpRequest()) == nil)
    do {
      _ = try Waybill.parseAsRoot(["functions", "--nonsense"])
      Issue.record("the parser took an unknown option")
    } catch {
      #expect(ExitMapping.failure(of: error) == nil)
    }
  }
}
