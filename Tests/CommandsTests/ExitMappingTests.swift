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
    (CommandFailure(.inputMissing, "x"), .inputMissing),
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
    let fault = try #require(ExitMapping.fault(of: error))
    #expect(fault.exitCode == code)
    #expect(!fault.message.isEmpty)
  }

  @Test func `What the parser throws stays the parser's`() {
    #expect(ExitMapping.fault(of: ValidationError("x")) == nil)
    #expect(ExitMapping.fault(of: CleanExit.helpRequest()) == nil)
    do {
      _ = try Waybill.parseAsRoot(["functions", "--nonsense"])
      Issue.record("the parser took an unknown option")
    } catch {
      #expect(ExitMapping.fault(of: error) == nil)
    }
  }
}
