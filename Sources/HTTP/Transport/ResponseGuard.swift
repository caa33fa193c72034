import NIOCore
import NIOHTTP1

/// Protects the HTTP client from misbehaving servers. Without it, an invalid status crashes the process, an endless series of
/// interim responses (1xx) is read until the deadline, and the client waits without limit for a missing or trickling response.
final class ResponseGuard: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = HTTPClientResponsePart
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = HTTPClientRequestPart

  struct Refused: Error, CustomStringConvertible {
    var description: String
  }

  /// Interim responses before the final one: one or two are usual.
  static let interimAtMost = 16

  /// The time allowed for a response, from the start of its request. Time during which we do not read does not count.
  private let timeout: TimeAmount
  /// What remains of `timeout`, as of `readingSince`.
  private var left: TimeAmount
  /// Nil while we do not read.
  private var readingSince: NIODeadline?
  /// A request has started and its response has not ended.
  private var isBusy = false
  /// Stays scheduled after a response that arrives in time, so that most calls need not schedule a new one.
  private var alarm: Scheduled<Void>?
  private var interim = 0
  private var isRefused = false

  init(timeout: TimeAmount) {
    self.timeout = timeout
    left = timeout
  }

  // MARK: Responses

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      switch head.status.code {
      case 200...999: interim = 0
      // 101 answers a request to switch protocols, and none was made.
      case 100, 102...199:
        interim += 1
        guard interim <= Self.interimAtMost else {
          return refuse(context, Refused(description: "more than \(Self.interimAtMost) interim responses (1xx)"))
        }
      default: return refuse(context, Refused(description: "a response with the status \(head.status.code)"))
      }
    case .body: break
    case .end: isBusy = false
    }
    context.fireChannelRead(data)
  }

  func channelInactive(context: ChannelHandlerContext) {
    endAlarm()
    context.fireChannelInactive()
  }

  private func refuse(_ context: ChannelHandlerContext, _ error: any Error) {
    isRefused = true
    endAlarm()
    context.fireErrorCaught(error)
    context.close(promise: nil)
  }

  // MARK: The deadline

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if case .head = unwrapOutboundIn(data) {
      isBusy = true
      left = timeout
      readingSince = .now()
      if alarm == nil { setAlarm(context) }
    }
    context.write(data, promise: promise)
  }

  func read(context: ChannelHandlerContext) {
    if readingSince == nil { readingSince = .now() }
    if isBusy, alarm == nil { setAlarm(context) }
    context.read()
  }

  /// Reading pauses until the next `read`, which is not called while there is no room for more.
  func channelReadComplete(context: ChannelHandlerContext) {
    if isBusy, let since = readingSince { left = left - (.now() - since) }
    readingSince = nil
    context.fireChannelReadComplete()
  }

  private func setAlarm(_ context: ChannelHandlerContext) {
    let bound = NIOLoopBound((guard: self, context: context), eventLoop: context.eventLoop)
    alarm = context.eventLoop.scheduleTask(in: max(left, .milliseconds(1))) { bound.value.guard.ring(bound.value.context) }
  }

  private func endAlarm() {
    isBusy = false
    alarm?.cancel()
    alarm = nil
  }

  private func ring(_ context: ChannelHandlerContext) {
    alarm = nil
    guard isBusy, let since = readingSince else { return }
    let now = NIODeadline.now()
    left = left - (now - since)
    readingSince = now
    if left <= .zero { refuse(context, TransportFailure.timedOut) } else { setAlarm(context) }
  }
}
