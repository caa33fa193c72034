import AsyncHTTPClient
import Core
import NIOCore
import NIOHTTP1

/// Receives the response to one request, and continues reading only when there is memory for more.
final class AnswerReceiver: HTTPClientResponseDelegate {
  typealias Response = HTTPAnswer

  private struct State {
    var answer = HTTPAnswer(status: 0, headers: [:], body: [])
    /// The length of the body according to its header.
    var announced: Int?
    /// The task that waits for memory.
    var growth: _Concurrency.Task<Void, Never>?
    var isOver = false
  }

  private let maxBytes: Int
  private let lease: ByteBudget.Lease
  private let state = Locked(State())

  /// - Parameters:
  ///   - maxBytes: a longer body is refused.
  ///   - lease: the body's share of the memory for responses.
  init(maxBytes: Int, lease: ByteBudget.Lease) {
    self.maxBytes = maxBytes
    self.lease = lease
  }

  func didReceiveHead(task: HTTPClient.Task<HTTPAnswer>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
    var headers: [String: String] = [:]
    for (name, value) in head.headers { HTTPAnswer.add(name.lowercased(), value, to: &headers) }
    let announced = headers["content-length"].flatMap { HeaderNumber.count($0) }
    if let announced, announced > maxBytes { return tooLarge(task) }
    state.withLock { state in
      state.announced = announced
      state.answer = HTTPAnswer(status: Int(head.status.code), headers: headers, body: [])
    }
    return task.eventLoop.makeSucceededVoidFuture()
  }

  func didReceiveBodyPart(task: HTTPClient.Task<HTTPAnswer>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
    let (count, room) = state.withLock { state in
      let count = state.answer.body.count + part.readableBytes
      guard count > state.answer.body.capacity else { return (count, 0) }
      // Doubles each time, up to the limit. An announced size alone reserves nothing.
      return (count, max(count, min(state.answer.body.capacity * 2, state.announced ?? maxBytes, maxBytes)))
    }
    guard count <= maxBytes else { return tooLarge(task) }
    guard lease.growsAtOnce(to: room) else { return wait(for: room, task, part) }
    append(part, room)
    return task.eventLoop.makeSucceededVoidFuture()
  }

  func didFinishRequest(task: HTTPClient.Task<HTTPAnswer>) throws -> HTTPAnswer {
    var answer = state.withLock(\.answer)
    answer.lease = lease
    return answer
  }

  func didReceiveError(task: HTTPClient.Task<HTTPAnswer>, _ error: any Error) { cancel() }

  /// Stops waiting for memory. The client does not notify its delegate of a cancellation once the whole response has arrived.
  func cancel() {
    let growth = state.withLock { state in
      state.isOver = true
      return state.growth
    }
    growth?.cancel()
  }

  private func tooLarge(_ task: HTTPClient.Task<HTTPAnswer>) -> EventLoopFuture<Void> {
    task.eventLoop.makeFailedFuture(TransportFailure.tooLarge(limit: maxBytes))
  }

  private func append(_ part: ByteBuffer, _ room: Int) {
    state.withLock { state in
      if room > 0 { state.answer.body.reserveCapacity(room) }
      state.answer.body.append(contentsOf: part.readableBytesView)
    }
  }

  private func wait(for room: Int, _ task: HTTPClient.Task<HTTPAnswer>, _ part: ByteBuffer) -> EventLoopFuture<Void> {
    let grown = task.eventLoop.makePromise(of: Void.self)
    let growth = _Concurrency.Task { [self] in
      do {
        try await lease.grow(to: room)
        append(part, room)
        grown.succeed()
      } catch {
        grown.fail(error)
      }
    }
    let isOver = state.withLock { state in
      state.growth = growth
      return state.isOver
    }
    if isOver { growth.cancel() }
    return grown.futureResult
  }
}
