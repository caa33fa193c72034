import Core
import HTTP
import Load
import TestSupport
import Testing

/// What a comparison says of a destination that cannot be read.
@Suite struct UnreadableComparisonTests {
  private static let records = ComparisonBench.records(0..<30)

  @Test func `a destination without find and list cannot be read back`() async throws {
    let bench = try ComparisonBench { people in (people.find, people.list) = (nil, nil) }
    await bench.expectFailure(.configuration, "has neither `list` nor `find` for 'people'")
    let listed = try ComparisonBench(.init(), { $0.find = nil })
    await listed.expectFailure(.configuration, "has no `find` for 'people'", reading: .key)
    let found = try ComparisonBench { $0.list = nil }
    await found.expectFailure(.configuration, "has no `list` for 'people'", reading: .list)
  }

  @Test func `failures of the destination are failures of the comparison`() async throws {
    let bench = try await ComparisonBench.loaded()
    for reading in ComparisonOptions.Reading.allCases {
      bench.api.setScript { _ in .respond(401) }
      await bench.expectFailure(.notAuthorised, "refuses the credentials", reading: reading)
      bench.api.setScript { _ in .respond(403) }
      await bench.expectFailure(.notAuthorised, "forbids this", reading: reading)
    }
    bench.api.setScript { $0.number % 3 == 0 ? nil : .respond(503) }
    #expect(try await bench.compare(Self.records).words == [])
    bench.api.setScript { $0.target.hasSuffix("page=2") ? .respond(404) : nil }
    await bench.expectFailure(.configuration, "GET /people?page=2 was refused with status 404")
    bench.api.setScript { $0.target.contains("id=") ? .respond(404) : nil }
    await bench.expectFailure(.unreachable, "a record of 'people' cannot be looked up at 'app'", reading: .key)
  }

  @Test func `a list in one response that is too large says that it needs pages`() async throws {
    let bench = try await ComparisonBench.loaded()
    let engine = HTTPEngine(
      name: "app", bench.http.document, environment: [:], transport: TooLargeTransport(), timekeeper: bench.http.timekeeper)
    let destination = HTTPDestination(name: "app", bench.http.document, environment: [:]) { [stores = bench.http.stores] in
      .init(engine: engine, journal: stores.journal, states: stores.states, owner: "test")
    }
    var session = try await destination.beginComparing(
      Self.records.part(), ComparisonOptions(isWhole: true, scratch: bench.folder.path))
    await #expect {
      _ = try await session.compare { _ in }
    } throws: { error in
      let failure = error as? OperationFailure
      return failure?.code == .configuration
        && failure?.description.contains("more than 1024 KiB: let `list` read it in pages") == true
    }
    await session.close()
  }

  private struct TooLargeTransport: HTTPTransport {
    func send(_ exchange: HTTPExchange) async throws(TransportFailure) -> HTTPAnswer { throw .tooLarge(limit: 1 << 20) }
    func close() async {}
  }

  @Test func `an address of another system is refused`() async throws {
    var bench = try await ComparisonBench.loaded()
    bench.http.document.address = try ServerAddress("https://other.example/v1")
    await bench.expectFailure(.configuration, "but base_url is now https://other.example/v1")
  }
}

extension ComparisonBench {
  /// Comparing 30 records fails with this code, and says this.
  func expectFailure(
    _ code: OperationFailure.Code, _ text: String, reading: ComparisonOptions.Reading? = nil,
    _ place: SourceLocation = #_sourceLocation
  ) async {
    do {
      _ = try await compare(Self.records(0..<30), reading: reading)
      Issue.record("it did not fail", sourceLocation: place)
    } catch {
      let failure = OperationFailure(error)
      #expect(failure.code == code && failure.description.contains(text), "\(failure)", sourceLocation: place)
    }
  }
}
