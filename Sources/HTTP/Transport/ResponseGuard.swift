import NIOCore
import NIOHTTP1

/// Shields the HTTP client from what it does not expect of a server: an invalid status would crash the process, and an
/// endless series of interim responses (1xx) would be read until the deadline.
final class ResponseGuard: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias InboundOut = HTTPClientResponsePart

  struct Refused: Error, CustomStringConvertible {
    var description: String
  }

  /// Interim responses before the final one: one or two are usual.
  static let interimAtMost = 16

  private var interim = 0
  private var isRefused = false

  /// Adds a guard after the decoder of `channel`.
  static func install(on channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.submit {
      let pipeline = channel.pipeline.syncOperations
      let decoder = try pipeline.context(handlerType: ByteToMessageHandler<HTTPResponseDecoder>.self)
      try pipeline.addHandler(ResponseGuard(), position: .after(decoder.handler))
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return }
    if case .head(let head) = unwrapInboundIn(data) {
      switch head.status.code {
      case 200...999: interim = 0
      // 101 answers a request to switch protocols, and none was made.
      case 100, 102...199:
        interim += 1
        guard interim <= Self.interimAtMost else {
          return refuse(context, "more than \(Self.interimAtMost) interim responses (1xx)")
        }
      default: return refuse(context, "a response with the status \(head.status.code)")
      }
    }
    context.fireChannelRead(data)
  }

  private func refuse(_ context: ChannelHandlerContext, _ reason: String) {
    isRefused = true
    context.fireErrorCaught(Refused(description: reason))
    context.close(promise: nil)
  }
}
